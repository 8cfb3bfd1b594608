"""The page on which an agent answers an inquiry: by the signed link of their turn, no account.

The link is the right, and ends with the turn. Looking changes nothing, whatever opens links by
itself. What the page shows of anybody is what answering takes.
"""

from __future__ import annotations

import logging
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from config.words import words
from dispatcher.domain.agents import Need
from dispatcher.domain.gsm import segments, spelt
from dispatcher.domain.inquiries import (
    LONGEST_ANSWER,
    MOST_SEGMENTS,
    Bad,
    TurnId,
    too_many,
    written,
)
from dispatcher.domain.links import Purpose
from dispatcher.domain.replies import Reply
from dispatcher.domain.schedule import local
from dispatcher.operations import replying
from dispatcher.operations.replying import Outcome, Standing, Turn
from dispatcher.web import guards, strangers

log = logging.getLogger(__name__)

bp = Blueprint("inquiries", __name__, url_prefix="/e")
bp.before_request(strangers.own_pages_only)

WORDS: Final = words("asking")
NEEDS: Final = {
    Need.PROCEDURES: words("mails")["need.procedures"],
    Need.MEDIATION: words("mails")["need.mediation"],
    Need.EITHER: words("mails")["need.either"],
}
WRONG: Final = {
    Bad.EMPTY: WORDS["wrong.answer.empty"],
    Bad.LONG: WORDS["wrong.answer.long"],
    Bad.SIGNS: WORDS["wrong.answer.signs"],
}


@bp.get("/<token>")
def page(token: str) -> Response:
    """The question, and what can be done with it."""
    turn = _turn(token)
    if turn is None or turn.standing is Standing.GONE:
        return _gone("passed" in request.args)
    return _shown(turn, token)


@bp.post("/<token>")
def act(token: str) -> Answer:
    """They answer, pass it on, or say what came of it."""
    turn, services, what = _turn(token), guards.parts().services, request.form.get("do", "")
    if turn is None or turn.inquiry.turn is None:
        return _gone()
    id = turn.inquiry.turn
    if what in {"answer", "elsewhere"} and turn.callback.reply.in_writing:
        return _answer(turn, token, elsewhere=what == "elsewhere")
    if what == "pass":
        replying.pass_on(id, services)
    elif what in {"reached", "redirected"}:
        replying.reach(id, services, elsewhere=what == "redirected")
    elif what == "missed":
        replying.miss(id, services)
    return redirect(url_for("inquiries.page", token=token, passed="1"), 303)


@bp.errorhandler(SQLAlchemyError)
def unread(error: Exception) -> Response:
    """Nothing can be read or written now."""
    log.error("an inquiry could not be shown or answered: %s", type(error).__name__)
    line = guards.parts().services.lines[0]
    return strangers.turned_away("request_refused.html", line, status=503, often=False)


def _answer(turn: Turn, token: str, *, elsewhere: bool) -> Answer:
    services, typed = guards.parts().services, request.form.get("answer", "")
    said = written(typed, at_most=LONGEST_ANSWER)
    if isinstance(said, Bad):
        return _shown(turn, token, typed, wrong=WRONG[said])
    if turn.callback.reply is Reply.TEXT:
        body = replying.text_of(said, turn.callback, services)
        if too_many(body):
            return _shown(turn, token, typed, wrong=_too_long(body))
    assert turn.inquiry.turn is not None
    outcome = replying.answer(turn.inquiry.turn, said, services, elsewhere=elsewhere)
    if outcome is Outcome.UNSENDABLE:
        return _shown(turn, token, typed, wrong=WORDS["wrong.answer.unsendable"])
    return redirect(url_for("inquiries.page", token=token), 303)


def _too_long(body: str) -> str:
    """How many texts it would be, and about how much is to go."""
    text, cut = spelt(body), 0
    while segments(text[: len(text) - cut]) > MOST_SEGMENTS:
        cut += 1
    return WORDS["wrong.answer.segments"].format(
        count=segments(text), most=MOST_SEGMENTS, signs=cut
    )


def _shown(turn: Turn, token: str, typed: str | None = None, *, wrong: str = "") -> Response:
    services, callback = guards.parts().services, turn.callback
    commune = services.atlas.commune(callback.commune) if callback.commune else None
    line, until = services.line(callback.line), turn.inquiry.lease_until
    document = render_template(
        "inquiry.html",
        token=token,
        standing=turn.standing,
        commune=commune.name if commune else "",
        need=NEEDS[callback.need],
        callback=callback,
        question=turn.inquiry.question,
        unsent=turn.inquiry.unsent if turn.standing is Standing.THEIRS else "",
        number=callback.number if replying.may_reach(turn) else "",
        relay=services.relay if callback.reply is Reply.RELAY else None,
        typed=turn.inquiry.unsent if typed is None else typed,
        until=f"{local(until, line.hours.zone):%H\u00a0h\u00a0%M}" if until else "",
        most=MOST_SEGMENTS,
        longest=LONGEST_ANSWER,
        wrong=wrong,
    )
    return Response(document, status=422 if wrong else 200)


def _turn(token: str) -> Turn | None:
    services = guards.parts().services
    found = services.links.id(token, Purpose.ANSWER)
    return None if found is None else replying.look(TurnId(found), services)


def _gone(done: bool = False) -> Response:
    """Their turn is over, or never was: nothing of anybody is shown."""
    line = guards.parts().services.lines[0]
    status = 200 if done else 404
    return strangers.turned_away("inquiry_gone.html", line, status=status, done=done)
