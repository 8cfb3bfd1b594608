"""What somebody takes away of their slots, and what of them then stands no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from dispatcher.domain.occurrences import Change, Occurrence, Slot
from dispatcher.domain.schedule import local
from dispatcher.domain.timetables import Absence, Timetable


@dataclass(frozen=True, slots=True)
class Ended:
    """A slot is taken away for good, or comes no more after its ``last`` day."""

    slot: Slot
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One day of a slot is cancelled, or moved."""

    slot: Slot
    change: Change


Removal = Ended | Changed | Absence


def cancelled(slot: Slot, day: date | None) -> Removal:
    """A slot is taken away, for good or on one ``day`` of its rule."""
    return Ended(slot) if day is None else Changed(slot, Change(day))


def after(table: Timetable, removal: Removal) -> Timetable:
    """Somebody's timetable as it would be."""
    match removal:
        case Absence():
            return replace(table, absences=(*table.absences, removal))
        case Ended(gone, None):
            return table.of(slot for slot in table.slots if slot.id != gone.id)
        case Ended(gone, last):
            return table.of(
                _until(slot, last) if slot.id == gone.id else slot for slot in table.slots
            )
        case Changed(changed, change):
            return table.of(
                _changed(slot, change) if slot.id == changed.id else slot for slot in table.slots
            )


def lost(
    before: Timetable, then: Timetable, *, since: datetime, until: datetime
) -> tuple[Occurrence, ...]:
    """What begins between two moments and stands no more, the earliest first."""
    first, last = local(since, before.zone).date(), local(until, before.zone).date()
    left = set(then.occurrences(first, last))
    return tuple(
        each
        for each in before.occurrences(first, last)
        if each not in left and since < each.start < until
    )


def _changed(slot: Slot, change: Change) -> Slot:
    others = tuple(each for each in slot.changes if each.day != change.day)
    return replace(slot, changes=(*others, change))


def _until(slot: Slot, last: date | None) -> Slot:
    rule = replace(slot.pattern.rule, until=last)
    return replace(slot, pattern=replace(slot.pattern, rule=rule))
