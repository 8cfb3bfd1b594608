"""What a person does with a callback of theirs, by a signed link: look, move it, cancel it.

Each is a conditional change of its state, so twice does it once, and too late does nothing. Of a
request that joined another they see where that one stands, and change their own alone: whoever
knows a number and a name cannot cancel what somebody else asked.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from dispatcher.domain.bookings import Wanted
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.floods import CHANGES
from dispatcher.domain.offers import callback_waiter
from dispatcher.domain.replies import Reply
from dispatcher.domain.wishes import HalfDay, Part, halves_ahead
from dispatcher.live.board import BoardLost
from dispatcher.operations import bookings, reminders, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)

CHANGEABLE: Final = (State.WAITING, State.OFFERED, State.JOINED)
"""Nobody has rung them yet."""


def look(id: CallbackId, services: Services) -> Callback | None:
    """The callback as its person sees it."""
    with services.store.reading() as tx:
        callback = tx.callbacks.find(id)
        if callback is None or not callback.number:  # erased
            return None
        if callback.state is not State.JOINED:
            return callback
        first = tx.callbacks.joined(callback)
    return replace(callback, state=first.state if first is not None else State.WAITING)


def choices(callback: Callback, services: Services) -> tuple[tuple[Part, ...], tuple[HalfDay, ...]]:
    """The parts of the day in which they can be rung, and the half-days to come: after the time of
    day that they named, if they did.
    """
    hours = windows.hours_for(replace(callback, part=Part.ANY, call=None), services)
    halves = halves_ahead(hours, at=services.now())
    parts = tuple(part for part in Part if part.has_some_of(hours.slots))
    return parts, tuple(halves)


def cancel(id: CallbackId, services: Services) -> None:
    """They want no call any more. One who is being rung right now is rung."""
    at = services.now()
    with services.store.writing() as tx:
        moved = any(
            tx.callbacks.move(id, of=state, to=State.CANCELLED, at=at) for state in CHANGEABLE
        )
    if moved:
        leave_the_board(id, services)


def move(
    id: CallbackId, part: Part, day: date | None, services: Services, *, any_hour: bool = False
) -> bool:
    """They want to be rung in this part of the day, from this day on (None: as soon as can be).

    They keep their place; ``any_hour``: not the time of day that they named. False when nobody is
    rung then, or they change their mind too often.
    """
    at = services.now()
    with services.store.writing() as tx:
        callback = tx.callbacks.find(id)
        if callback is None or callback.reply is not Reply.TELEPHONE:
            return False  # nobody rings them: they cancel it, or wait
        if not tx.allowances.spend(CHANGES, id, at=at):
            return False
        if any_hour:
            callback = replace(callback, not_before=None)
        due_at = _due(callback, part, day, services)
        if due_at is None:
            return False
        wished = replace(callback, part=part, due_at=due_at, booked_at=None)
        moved = _replan(wished, tx, at=at)
        if moved:
            tx.seats.give_back(id)
            reminders.plan(wished, tx, services)
    if moved and due_at > at:
        leave_the_board(id, services)
    return True


def book(id: CallbackId, half_hour: datetime, services: Services) -> bool:
    """They want to be rung in this half-hour, and in no part of the day any more. They keep their
    place. False, and all stays as it was, when it is not left any more, or is too late.
    """
    at = services.now()
    callback = look(id, services)
    if callback is None:
        return False
    seats = bookings.look(Wanted.of(callback), services).seats(half_hour)
    try:
        with services.store.writing() as tx:
            found = tx.callbacks.find(id)
            if found is None or not tx.allowances.spend(CHANGES, id, at=at):
                return False
            if found.booked_at == found.due_at == half_hour:
                return True  # theirs already
            wished = replace(
                found, part=Part.ANY, not_before=None, due_at=half_hour, booked_at=half_hour
            )
            if not _replan(wished, tx, at=at):
                return False
            bookings.take(id, seats, tx)
            reminders.plan(wished, tx, services)
    except bookings.Taken:
        return False
    leave_the_board(id, services)
    return True


def _due(callback: Callback, part: Part, day: date | None, services: Services) -> datetime | None:
    parts, halves = choices(callback, services)
    if day is not None:
        return next(
            (half.opens_at for half in halves if (half.day, half.part) == (day, part)), None
        )
    if part not in parts:
        return None
    at = services.now()
    opens_at = services.line(callback.line).hours.next_opening(at) or at
    return windows.hours_for(replace(callback, part=part), services).next_opening(opens_at)


def _replan(wished: Callback, tx: Transaction, *, at: datetime) -> bool:
    of, stands = wished.state, tx.callbacks.find(wished.id)
    if stands is None or _plan(replace(stands, due_at=max(stands.due_at, at))) == _plan(wished):
        return False  # as it stands already
    if of not in CHANGEABLE or (of is State.OFFERED and wished.due_at <= at):
        return False  # somebody sees to it this moment
    return tx.callbacks.replan(wished, of=of, at=at)


def _plan(callback: Callback) -> tuple[object, ...]:
    return callback.part, callback.not_before, callback.due_at, callback.booked_at


def leave_the_board(id: CallbackId, services: Services) -> None:
    """Nobody is looked for any more for this callback."""
    try:
        services.board.gone(callback_waiter(id))
    except BoardLost:
        log.warning("board lost; whoever takes a callback asks SQL whether it still waits")
