"""When somebody may be rung back: in their own time zone, and never once they were served."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.lines import Line
from dispatcher.domain.schedule import ALWAYS, OpeningHours, WeeklySlots
from dispatcher.domain.wishes import Part, after
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

ANY_HOUR: Final = WeeklySlots.parse(ALWAYS)
CIVIL_HOURS: Final = WeeklySlots.parse("mon-sat 09:00-12:30 13:30-18:00")
"""Of rules.md C4."""
ON_THE_LINE: Final = timedelta(minutes=1)
"""When somebody is thought of again who was on the line with the code of their callback."""


def hours_for(callback: Callback, services: Services, *, again: bool = False) -> OpeningHours:
    """When this person may be rung: the line's windows, on their own clock and calendar.

    ``again``: somebody who was rung in vain, and so does not expect us: where the line has no
    windows, at civil hours. So is who never rang us, or has an hour in mind. Their part of the day
    is theirs alone.
    """
    line = services.line(callback.line)
    wishes = callback.part is not Part.ANY or callback.not_before is not None
    civil = again or callback.call is None or wishes
    windows = line.callback_windows or (CIVIL_HOURS if civil else None)
    hours = _there(callback.commune, windows or ANY_HOUR, line, services)
    if windows is None:
        return replace(hours, holidays=frozenset())
    return replace(hours, slots=after(callback.part.within(windows), callback.not_before))


def hours_at(commune: str | None, line: Line, services: Services) -> OpeningHours:
    """When somebody of this commune may be rung who has an hour in mind."""
    return _there(commune, windows_of(line), line, services)


def windows_of(line: Line) -> WeeklySlots:
    """The hours of clocks at which people may be rung who have an hour in mind."""
    return line.callback_windows or CIVIL_HOURS


def _there(code: str | None, windows: WeeklySlots, line: Line, services: Services) -> OpeningHours:
    """These hours on the clock and the calendar of a commune; the line's where none is known."""
    commune = services.atlas.commune(code) if code else None
    if commune is None:
        return OpeningHours(windows, line.hours.zone, line.hours.holidays)
    closed = services.holidays(commune.departement)
    return OpeningHours(windows, services.atlas.timezone(commune), closed)


def window(callback: Callback, services: Services) -> tuple[datetime, datetime | None] | None:
    """From when to when this person is rung next; None when nobody can say, or at its end."""
    at, hours = services.now(), hours_for(callback, services)
    until = callback.booked_until(at)
    opens_at = hours.next_opening(max(callback.due_at, at))
    return None if opens_at is None else (opens_at, until or hours.closes_at(opens_at))


def parts(line: Line) -> tuple[Part, ...]:
    """The parts of the day in which somebody who asks for one can be rung."""
    return tuple(part for part in Part if part.has_some_of(windows_of(line)))


def may_ring(callback: Callback, tx: Transaction, services: Services) -> bool:
    """Whether this person is to be rung now. If not, their callback is put off until they may be,
    or ended since somebody served them meanwhile, or they want it no more.
    """
    at, state = services.now(), callback.state
    if state.over or (state is State.WAITING and callback.due_at > at):
        return False  # ended, or put off, since somebody thought of them
    if tx.cases.on_the_line(callback.id):  # with its code: they are served there, or hang up soon
        later = at + ON_THE_LINE
        tx.callbacks.move(callback.id, of=state, to=State.WAITING, at=at, due_at=later)
        return False
    if _served(callback, tx):
        tx.callbacks.move(callback.id, of=state, to=State.SERVED, at=at)
        return False
    if not _still_regular(callback, tx, at=at):
        tx.callbacks.move(callback.id, of=state, to=State.CANCELLED, at=at)
        return False
    hours = hours_for(callback, services)
    if hours.is_open(at):
        return True
    due_at = hours.next_opening(at)
    tx.callbacks.move(callback.id, of=state, to=State.WAITING, at=at, due_at=due_at)
    return False


def _still_regular(callback: Callback, tx: Transaction, *, at: datetime) -> bool:
    """Whether a regular still wants these calls; of everybody else, yes."""
    if callback.regular is None:
        return True
    regular = tx.regulars.find(callback.regular)
    return regular is not None and regular.goes_on(at)


def _served(callback: Callback, tx: Transaction) -> bool:
    """Whether they rang since and were answered. Nobody knows which of a household rang: whoever
    gave a name is rung.
    """
    since = callback.asked_at
    return not callback.first_name and tx.calls.answered_since(
        callback.number, callback.need, since
    )
