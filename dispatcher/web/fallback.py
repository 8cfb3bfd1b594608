"""Where the carrier turns when nothing else answers: neither SQL nor Redis is needed here.

The caller keys a number, it is written to a local spool, and the clock keeps the callback later.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request

from dispatcher.carrier import forms
from dispatcher.domain import doors
from dispatcher.domain.numbers import PhoneNumber, refusal
from dispatcher.domain.questions import callable_number
from dispatcher.domain.script import Ask, HangUp, Say, Script
from dispatcher.web import guards

log = logging.getLogger(__name__)

bp = Blueprint("fallback", __name__, url_prefix="/voice")
guards.for_the_carrier(bp)
TRIES = 3


@bp.post("/fallback")
def apologise() -> Response:
    """An apology, and the way on: the number to ring back."""
    forms.sid(request.form)
    return _spoken(_ask(1))


@bp.post("/fallback/number/<int:tries>")
def number(tries: int) -> Response:
    """The number keyed. None at all, or none that can be rung, means the one they call from."""
    form = forms.answer(request.form)
    if form.keys.again:
        return _spoken(_ask(tries))
    number = callable_number(form.keys.digits, fiction=guards.parts().services.fiction)
    if number is None and (not form.keys.digits or tries >= TRIES):
        number = _known()
    if number is not None:
        guards.parts().spool.put(form.sid, request.form.get("To", ""), number)
        return _spoken((Say("fallback.kept"), HangUp()))
    if tries < TRIES:
        return _spoken(_ask(tries + 1))
    return _spoken((Say("fallback.lost"), HangUp()))


@bp.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Not even the spool: say so honestly."""
    log.error("the fallback failed", exc_info=error)
    return _spoken((Say("fallback.lost"), HangUp()))


def _known() -> PhoneNumber | None:
    caller = forms.caller(request.form)
    if caller is None or refusal(caller, fiction=guards.parts().services.fiction) is not None:
        return None
    return caller


def _ask(tries: int) -> Script:
    first = Say("fallback.known" if _known() is not None else "fallback.unknown")
    said = first if tries == 1 else Say("fallback.again")
    return (Ask((said,), 10, f"{doors.FALLBACK_NUMBER}/{tries}"),)


def _spoken(script: Script) -> Response:
    return Response(guards.parts().renderer.render(script), mimetype="text/xml")
