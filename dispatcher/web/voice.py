"""What the carrier asks us while someone is on the line.

Each door types the form, does one operation and answers with its script. Whatever fails here, the
telephone gets a 200: an apology and a way on, or on the agent's side a hang-up, which passes the
caller on.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request

from dispatcher.carrier import forms
from dispatcher.carrier.twiml import hang_up
from dispatcher.domain import doors
from dispatcher.domain.attempts import miss
from dispatcher.domain.calls import OfferId
from dispatcher.domain.script import Goto, Say, Script
from dispatcher.operations import calls, legs, messages, screening, waiting
from dispatcher.operations.services import Services
from dispatcher.web import guards

log = logging.getLogger(__name__)

bp = Blueprint("voice", __name__, url_prefix="/voice")
guards.for_the_carrier(bp)
OURS = frozenset(
    f"voice.{door}" for door in ("screen", "key", "listen", "greet", "greeted", "called")
)
"""Doors of legs that we began ourselves: on any error they hang up.

One that is screened must not be put through by mistake, and an agent needs no callback.
"""


@bp.post("/incoming")
def incoming() -> Response:
    """A citizen's call reaches one of our numbers."""
    form = forms.incoming(request.form)
    return _spoken(
        calls.answer(form.sid, form.called, form.number, form.forwarded_from, _services())
    )


@bp.post("/answer/<int:turn>")
def answer(turn: int) -> Response:
    """The keys pressed at the question of this turn."""
    form = forms.answer(request.form)
    return _spoken(calls.hear(form.sid, turn, form.keys, _services()))


@bp.post("/wait")
def wait() -> Response:
    """What somebody in the queue hears now."""
    form = forms.waited(request.form)
    return _spoken(waiting.wait(form.sid, form.queue, _services()))


@bp.post("/wait/<int:turn>/<int:verse>")
def pressed(turn: int, verse: int) -> Response:
    """A key pressed, or none, during a verse of the wait."""
    form = forms.answer(request.form)
    return _spoken(waiting.press(form.sid, turn, verse, form.keys, _services()))


@bp.post("/left")
def left() -> Response:
    """Somebody left the queue."""
    form = forms.left(request.form)
    return _spoken(calls.left(form.sid, form.result, _services()))


@bp.post("/recorded/<int:turn>")
def recorded(turn: int) -> Response:
    """Somebody has left a message, or said nothing after the beep."""
    form = forms.recorded(request.form)
    return _spoken(calls.recorded(form.sid, turn, _services(), gone=form.over))


@bp.post("/recordings")
def recordings() -> Response:
    """The carrier has something to say of a recording."""
    messages.hear(forms.sid(request.form), _services())
    return Response(status=204)


@bp.post("/status")
def status() -> Response:
    """A call moved; only its end matters to us."""
    form = forms.status(request.form)
    if form.over:
        calls.hang_up(form.sid, _services())
    return Response(status=204)


@bp.post("/offers/<offer>/screen")
def screen(offer: str) -> Response:
    """An agent's telephone was picked up."""
    return _spoken(screening.screen(OfferId(offer), forms.sid(request.form), _services()))


@bp.post("/offers/<offer>/key")
def key(offer: str) -> Response:
    """The person who picked up pressed a key, or none."""
    form = forms.answer(request.form)
    return _spoken(screening.press(OfferId(offer), form.keys, _services()))


@bp.post("/offers/<offer>/listen")
def listen(offer: str) -> Response:
    """The agent of a callback wants to hear its message, or its citizen to be rung."""
    form = forms.answer(request.form)
    return _spoken(screening.listen(OfferId(offer), form.keys, _services()))


@bp.post("/offers/<offer>/legs")
def leg(offer: str) -> Response:
    """The leg that rings an agent moved."""
    form = forms.leg(request.form)
    legs.moved(
        OfferId(offer), form.sid, form.status, form.code, over=form.over, services=_services()
    )
    return Response(status=204)


@bp.post("/offers/<offer>/ended")
def ended(offer: str) -> Response:
    """The caller's ring of an agent ended."""
    form = forms.dialled(request.values)  # the query, when its number was barred
    how = {"bridged": form.bridged, "leg_over": form.leg_over}
    return _spoken(legs.ended(OfferId(offer), form.sid, form.status, services=_services(), **how))


@bp.post("/offers/<offer>/dial")
def dial(offer: str) -> Response:
    """Somebody was taken out of the queue for an offer; their call's present step comes next."""
    del offer
    return _spoken(calls.left(forms.sid(request.form), "redirected", _services()))


@bp.post("/offers/<offer>/greet")
def greet(offer: str) -> Response:
    """The citizen of a callback, or their voicemail, picked up."""
    return _spoken(screening.greet(OfferId(offer), forms.sid(request.form), _services()))


@bp.post("/offers/<offer>/greeted")
def greeted(offer: str) -> Response:
    """The citizen of a callback pressed a key, or none."""
    form = forms.answer(request.form)
    return _spoken(screening.greeted(OfferId(offer), form.keys, _services()))


@bp.post("/offers/<offer>/called")
def called(offer: str) -> Response:
    """The ring of a callback's citizen ended."""
    form = forms.dialled(request.values)
    why = miss(form.status, form.code, hung_up=form.leg_over)
    how = {"bridged": form.bridged, "leg_over": form.leg_over}
    return _spoken(legs.called(OfferId(offer), why=why, services=_services(), **how))


@bp.post("/offers/<offer>/citizen")
def citizen(offer: str) -> Response:
    """The leg that rings the citizen of a callback moved; only its end matters."""
    del offer
    form = forms.status(request.form)
    if form.over:
        legs.citizen_over(form.sid, _services())
    return Response(status=204)


@bp.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Something broke: on the telephone that is an apology and a way on, never an error."""
    log.error("a door failed", exc_info=error)
    if request.endpoint in OURS:
        return _xml(hang_up())
    if request.endpoint in {"voice.status", "voice.leg", "voice.citizen", "voice.recordings"}:
        return Response(status=503)  # nobody is listening; the carrier may tell us again
    return _spoken((Say("sorry"), Goto(doors.FALLBACK)))


def _services() -> Services:
    return guards.parts().services


def _spoken(script: Script) -> Response:
    return _xml(guards.parts().renderer.render(script))


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
