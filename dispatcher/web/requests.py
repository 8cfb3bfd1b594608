"""The page where somebody asks to be rung back: no account, no script, no cookie."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from config.words import words
from dispatcher.domain import answers
from dispatcher.domain.answers import Field, Problem
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.inquiries import LONGEST_QUESTION
from dispatcher.domain.lines import Line
from dispatcher.domain.links import Purpose
from dispatcher.domain.replies import Reply
from dispatcher.domain.wishes import Part
from dispatcher.operations import callbacks, requests, windows
from dispatcher.operations.services import Services
from dispatcher.web import guards, moments, strangers

log = logging.getLogger(__name__)

bp = Blueprint("requests", __name__, url_prefix="/rappel")
bp.before_request(strangers.own_pages_only)

WORDS: Final = words("asking")
REPLIES: Final = {
    Reply.TELEPHONE: WORDS["reply.telephone"],
    Reply.TEXT: WORDS["reply.sms"],
    Reply.MAIL: WORDS["reply.email"],
    Reply.RELAY: WORDS["reply.relay"],
}
ONCE: Final = "once"
"""The field that makes two posts of one page one request."""


@bp.get("")
def page() -> str:
    """The questions."""
    return _asked({Field.PART: Part.ANY, Field.REPLY: Reply.TELEPHONE}, (), _once())


@bp.post("")
def ask() -> Answer:
    """Somebody asks. What is wrong is said where it is, and what is right is kept."""
    services, line = guards.parts().services, _line()
    form = request.form.to_dict()
    if form.get(strangers.TRAP):
        log.warning("a form was filled in by a program")
        return _too_often()
    found = answers.read(form, requests.bounds(line, services))
    if isinstance(found, tuple):
        return Response(_asked(form, found, form.get(ONCE, "")), status=422)
    id = _asked_under(form.get(ONCE, ""), services)
    kept = requests.ask(found, id, line, services, address=strangers.address())
    if kept is None:
        log.warning("somebody asked to be rung back too often")
        return _too_often()
    token = services.links.token(kept.id, Purpose.CHANGE)
    return redirect(url_for("changes.page", token=token), 303)


@bp.errorhandler(SQLAlchemyError)
def not_kept(error: Exception) -> Response:
    """Nothing can be kept now: they are told so, and which number to ring."""
    log.error("a callback could not be kept: %s", type(error).__name__)
    return strangers.turned_away("request_refused.html", _line(), status=503, often=False)


def _asked(shown: Mapping[str, str], problems: tuple[Problem, ...], once: str) -> str:
    services, line = guards.parts().services, _line()
    communes = services.atlas.at_postal_code(answers.postal_code(shown))
    return render_template(
        "request.html",
        line=line,
        action=url_for("requests.ask", ligne=_named(line)),
        shown=shown,
        wrong={each.field.value: WORDS[each.key] for each in problems},
        communes=sorted(communes, key=lambda each: each.name) if len(communes) > 1 else (),
        parts={part: moments.PARTS[part] for part in windows.parts(line)},
        replies={each: REPLIES[each] for each in requests.replies(services)},
        relay=services.relay,
        longest=LONGEST_QUESTION,
        once=once,
        trap=strangers.TRAP,
    )


def _asked_under(once: str, services: Services) -> CallbackId:
    """The id that this page was given; a new one for a page that is none of ours."""
    id = services.links.id(once, Purpose.ASK)
    return callbacks.new_id(services.now()) if id is None else CallbackId(id)


def _once() -> str:
    services = guards.parts().services
    return services.links.token(callbacks.new_id(services.now()), Purpose.ASK)


def _line() -> Line:
    return guards.parts().services.line(request.args.get("ligne", ""))


def _named(line: Line) -> str | None:
    first = guards.parts().services.lines[0]
    return None if line.id == first.id else line.id


def _too_often() -> Response:
    return strangers.turned_away("request_refused.html", _line(), status=429, often=True)
