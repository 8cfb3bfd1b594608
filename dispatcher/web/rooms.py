"""What the carrier asks about the legs of a call that is held, passed on, or shared.

A leg is known by its call id, whatever door it comes to. When something breaks, it asks again.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request

from dispatcher.carrier import forms
from dispatcher.domain import doors
from dispatcher.domain.calls import CallSid
from dispatcher.domain.consents import ConsentId
from dispatcher.domain.script import Goto, Say, Script
from dispatcher.domain.transfers import Side, TransferId
from dispatcher.operations import calls, parting, rooms
from dispatcher.operations.services import Services
from dispatcher.web import guards

log = logging.getLogger(__name__)

bp = Blueprint("rooms", __name__, url_prefix="/voice/transfers")
guards.for_the_carrier(bp)


@bp.post("/<transfer>/way")
def way(transfer: str) -> Response:
    """A leg was moved, and asks where to."""
    sid = forms.sid(request.form)
    return _led(sid, rooms.way(TransferId(transfer), sid, _services()))


@bp.post("/<transfer>/held")
def held(transfer: str) -> Response:
    """A citizen on hold asks what they hear next."""
    sid = forms.sid(request.form)
    return _led(sid, rooms.held(TransferId(transfer), sid, _services()))


@bp.post("/<transfer>/asked/<consent>")
def asked(transfer: str, consent: str) -> Response:
    """A citizen who is asked something alone heard what it is about."""
    sid = forms.sid(request.form)
    return _led(sid, rooms.asked(TransferId(transfer), sid, ConsentId(consent), _services()))


@bp.post("/<transfer>/asked/<consent>/<int:again>")
def heard(transfer: str, consent: str, again: int) -> Response:
    """They keyed an answer, or nothing."""
    said = forms.answer(request.form)
    what = (ConsentId(consent), again, said.keys)
    return _led(said.sid, rooms.heard(TransferId(transfer), said.sid, *what, _services()))


@bp.post("/<transfer>/wait/<side>")
def wait(transfer: str, side: str) -> Response:
    """Somebody is alone in the conference."""
    citizen = side == Side.CITIZEN
    return _spoken(rooms.waits(TransferId(transfer), _services(), citizen=citizen))


@bp.post("/<transfer>/left/<int:turn>")
def left(transfer: str, turn: int) -> Response:
    """The conference is over for a leg."""
    form = forms.dialled(request.form)
    how = {"leg_over": form.leg_over}
    return _led(form.sid, rooms.left(TransferId(transfer), form.sid, turn, _services(), **how))


@bp.post("/<transfer>/consulted")
def consulted(transfer: str) -> Response:
    """A leg's ring of whoever was asked ended."""
    form = forms.dialled(request.values)  # the query, when their number was barred
    how = {"bridged": form.bridged, "leg_over": form.leg_over}
    id = TransferId(transfer)
    return _led(form.sid, rooms.consulted(id, form.sid, form.status, _services(), **how))


@bp.post("/<transfer>/referral")
def referral(transfer: str) -> Response:
    """Somebody at a number outside picked up."""
    return _spoken(rooms.referral(TransferId(transfer), forms.sid(request.form), _services()))


@bp.post("/<transfer>/legs")
def legs(transfer: str) -> Response:
    """The leg of a number outside moved; only its end matters."""
    form = forms.status(request.form)
    if form.over:
        parting.leg_gone(TransferId(transfer), form.sid, _services())
    return Response(status=204)


@bp.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Something broke: the leg hears an apology, and asks again where it is to be."""
    log.error("a door failed", exc_info=error)
    if request.endpoint == "rooms.legs":
        return Response(status=503)  # nobody is listening; the carrier may tell us again
    if request.endpoint == "rooms.wait":
        return _spoken((Say("sorry"),))
    id = (request.view_args or {}).get("transfer", "")
    return _spoken((Say("sorry"), Goto(doors.transfer(id, "way"))))


def _led(sid: CallSid, script: Script | None) -> Response:
    """The script of a leg; a citizen with none goes on at the present step of their call."""
    return _spoken(calls.resume(sid, _services()) if script is None else script)


def _services() -> Services:
    return guards.parts().services


def _spoken(script: Script) -> Response:
    return Response(guards.parts().renderer.render(script), mimetype="text/xml")
