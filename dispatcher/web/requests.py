"""The page where somebody asks to be rung back: no account, no script, no cookie."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from config.words import words
from dispatcher.domain import answers, form
from dispatcher.domain.answers import Sought
from dispatcher.domain.bookings import Wanted
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.form import Field, Problem
from dispatcher.domain.inquiries import LONGEST_QUESTION
from dispatcher.domain.lines import Line
from dispatcher.domain.links import Purpose
from dispatcher.domain.replies import Reply
from dispatcher.domain.wishes import HALF_HOUR, Part
from dispatcher.operations import bookings, callbacks, requests, windows
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
    try:
        kept = requests.ask(found, id, line, services, address=strangers.address())
    except bookings.Taken:  # somebody was quicker: what else they wrote stays as it is
        taken = Problem(Field.HALF_HOUR, "wrong.half_hour.taken")
        return Response(_asked(form, (taken,), form.get(ONCE, "")), status=422)
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
    half_hours = _half_hours(shown, line, services)
    if half_hours is not None and not half_hours:
        none = Problem(Field.PART, "wrong.half_hour.none")
        problems = (*(each for each in problems if each.field is not Field.HALF_HOUR), none)
    return render_template(
        "request.html",
        line=line,
        action=url_for("requests.ask", ligne=_named(line)),
        shown=shown,
        wrong={each.field.value: WORDS[each.key] for each in problems},
        communes=sorted(communes, key=lambda each: each.name) if len(communes) > 1 else (),
        parts=_parts(line),
        times=_times(line),
        half_hours=half_hours or {},
        replies={each: REPLIES[each] for each in requests.replies(services)},
        relay=services.relay,
        longest=LONGEST_QUESTION,
        once=once,
        trap=strangers.TRAP,
    )


def _parts(line: Line) -> dict[str, str]:
    """What may be answered to when they are to be rung."""
    parts = {part.value: moments.PARTS[part] for part in windows.parts(line)}
    return parts | ({HALF_HOUR: WORDS["half_hour.choose"]} if line.booking_days else {})


def _times(line: Line) -> dict[str, str]:
    """The times of the day before which somebody may not want to be rung, by their names."""
    week = windows.windows_of(line)
    every = range(60, 24 * 60, 60)
    some = [each for each in every if week.between(0, each).days != ((),) * 7]
    return {
        f"{each // 60:02}:00": moments.after(each)
        for each in some
        if week.between(each, 24 * 60).days != ((),) * 7
    }


def _half_hours(
    shown: Mapping[str, str], line: Line, services: Services
) -> dict[str, dict[str, str]] | None:
    """What is left for whoever wants to choose, by its days; None for everybody else, and as long
    as nobody knows where and for what.
    """
    bounds = requests.bounds(line, services)
    found = answers.sought(shown, bounds) if form.chooses(shown, bounds) else None
    if not isinstance(found, Sought):
        return None
    free = bookings.free(Wanted(line.id, found.commune, found.need), services)
    zone = windows.hours_at(found.commune, line, services).zone
    return moments.half_hours(free, zone, at=services.now())


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
