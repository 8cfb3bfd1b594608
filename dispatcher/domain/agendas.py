"""Somebody's slots day by day on their own clock, with what became of single days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dispatcher.domain.occurrences import Change, Moved, Occurrence, Slot
from dispatcher.domain.schedule import local
from dispatcher.domain.timetables import Absence, Timetable

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A slot on one day. ``start`` and ``end`` as its agent's clock shows them; ``crosses``: what
    else of theirs is at that time; ``changed``: not where, or not when, its rule has it.
    """

    slot: Slot
    occurrence: Occurrence
    start: datetime
    end: datetime
    changed: bool = False
    crosses: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A day of a slot's rule on which it does not stand: ``to`` is where it does, or None."""

    slot: Slot
    day: date
    to: Moved | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """One day."""

    day: date
    entries: tuple[Entry, ...] = ()
    gone: tuple[Gone, ...] = ()
    away: Absence | None = None
    holiday: bool = False


def agendas(table: Timetable, first: date, last: date) -> tuple[Agenda, ...]:
    """Every day from one to another, both included."""
    entries = tuple(entries_of(table, first, last))
    days = (first + n * _A_DAY for n in range((last - first).days + 1))
    return tuple(
        Agenda(
            day,
            tuple(each for each in entries if each.start.date() == day),
            tuple(_gone(table, day)),
            next((each for each in table.absences if each.first <= day <= each.last), None),
            day in table.holidays,
        )
        for day in days
    )


def entries_of(table: Timetable, first: date, last: date) -> Iterator[Entry]:
    """What begins from one day to another of its agent's clock, the earliest first."""
    found = table.occurrences(first - _A_DAY, last + _A_DAY)
    slots = {slot.id: slot for slot in table.slots}
    for each in found:
        start, end = local(each.start, table.zone), local(each.end, table.zone)
        if first <= start.date() <= last:
            slot = slots[each.slot]
            changed = (each.on, each.span) != (each.day, slot.pattern.span)
            yield Entry(slot, each, start, end, changed, _crossed(each, found))


def change_of(slot: Slot, day: date) -> Change | None:
    """What was said of this day of its rule."""
    return next((each for each in slot.changes if each.day == day), None)


def _crossed(one: Occurrence, found: tuple[Occurrence, ...]) -> tuple[Occurrence, ...]:
    return tuple(
        each for each in found if each is not one and each.start < one.end and one.start < each.end
    )


def _gone(table: Timetable, day: date) -> Iterator[Gone]:
    for slot in table.slots:
        change = change_of(slot, day)
        if change is None or not slot.pattern.rule.gives(day):
            continue
        if change.to is None or change.to.day != day:
            yield Gone(slot, day, change.to)
