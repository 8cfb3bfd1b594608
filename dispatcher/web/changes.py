"""The page of one callback, for whoever has its signed link: where it stands, to move or cancel it.

It shows no number, no name and no need: a link may be read over somebody's shoulder. The link is
the right, so a post needs nothing else; looking changes nothing, whatever opens links by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from config.words import words
from dispatcher.domain.bookings import Wanted
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.links import Purpose
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.schedule import local
from dispatcher.domain.wishes import HalfDay, Part
from dispatcher.operations import bookings, cases, changes, windows
from dispatcher.web import guards, moments, strangers

log = logging.getLogger(__name__)

bp = Blueprint("changes", __name__, url_prefix="/r")
bp.before_request(strangers.own_pages_only)

WORDS: Final = words("asking")
AFTER: Final = "after"
"""The choice that leaves somebody's time of the day as they named it."""
OPEN: Final = frozenset({State.WAITING, State.OFFERED})


@bp.get("/<token>")
def page(token: str) -> Response:
    """Where the callback stands."""
    id = _id(token)
    callback = changes.look(id, guards.parts().services) if id is not None else None
    return _unknown() if callback is None else _shown(callback, token)


@bp.post("/<token>/move")
def move(token: str) -> Answer:
    """Its person wants to be rung at another time."""
    services, id = guards.parts().services, _id(token)
    callback = changes.look(id, services) if id is not None else None
    if callback is None:
        return _unknown()
    when = request.form.get("when", "")
    start, wanted = _start(when), _wanted(when)
    if start is not None:
        moved = changes.book(callback.id, start, services)
    else:
        any_hour = when == Part.ANY
        moved = wanted is not None and changes.move(
            callback.id, *wanted, services, any_hour=any_hour
        )
    if not moved:
        gone = WORDS["wrong.half_hour.taken" if start else "wrong.part.gone"]
        return _shown(callback, token, wrong=gone)
    return redirect(url_for("changes.page", token=token, change="1"), 303)


@bp.post("/<token>/cancel")
def cancel(token: str) -> Answer:
    """Its person wants no call any more."""
    id = _id(token)
    if id is None:
        return _unknown()
    changes.cancel(id, guards.parts().services)
    return redirect(url_for("changes.page", token=token), 303)


@bp.errorhandler(SQLAlchemyError)
def unread(error: Exception) -> Response:
    """Nothing can be read or changed now."""
    log.error("a callback could not be shown or changed: %s", type(error).__name__)
    line = guards.parts().services.lines[0]
    return strangers.turned_away("request_refused.html", line, status=503, often=False)


def _shown(callback: Callback, token: str, *, wrong: str | None = None) -> Response:
    services = guards.parts().services
    at, hours = services.now(), windows.hours_for(callback, services)
    today = local(at, hours.zone).date()
    parts, halves = changes.choices(callback, services)
    line = services.line(callback.line)
    whens = {part.value: moments.PARTS[part] for part in parts} | {
        f"{each.part} {each.day}": moments.half(each, today=today) for each in halves
    }
    if callback.not_before is not None:
        whens[AFTER] = moments.after(callback.not_before)
    until = callback.booked_until(at)
    mine = {callback.due_at} if until is not None else set[datetime]()
    free = bookings.free(Wanted.of(callback), services) if callback.state in OPEN else ()
    document = render_template(
        "change.html",
        line=line,
        shows=in_pairs(line.caller_id),
        token=token,
        state=callback.state,
        open=callback.state in OPEN,
        reply=callback.reply,
        writes=callback.reply.in_writing,
        relay=services.relay,
        when=moments.when(callback.due_at, hours, at=at, until=until),
        whens=whens,
        half_hours=moments.half_hours(sorted({*mine, *free}), hours.zone, at=at),
        chosen=moments.named(callback.due_at) if mine else _chosen(callback, halves),
        named=bool(callback.first_name),
        discreet=callback.discreet,
        code=cases.code_of(callback.id, services),
        wrong=wrong,
        changed="change" in request.args,
    )
    return Response(document, status=422 if wrong else 200)


def _chosen(callback: Callback, halves: Iterable[HalfDay]) -> str:
    """The choice that stands now."""
    put_off = (
        f"{each.part} {each.day}"
        for each in halves
        if (each.part, each.opens_at) == (callback.part, callback.due_at)
    )
    stands = callback.part.value
    if callback.part is Part.ANY and callback.not_before is not None:
        stands = AFTER
    return next(put_off, stands)


def _start(when: str) -> datetime | None:
    """The half-hour that was chosen; None when it was something else."""
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _wanted(when: str) -> tuple[Part, date | None] | None:
    part, _, day = (Part.ANY if when == AFTER else when).partition(" ")
    try:
        return Part(part), date.fromisoformat(day) if day else None
    except ValueError:
        return None


def _id(token: str) -> CallbackId | None:
    found = guards.parts().services.links.id(token, Purpose.CHANGE)
    return None if found is None else CallbackId(found)


def _unknown() -> Response:
    line = guards.parts().services.lines[0]
    return strangers.turned_away("link_unknown.html", line, status=404)
