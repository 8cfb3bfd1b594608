"""What somebody takes away of their slots, and what of them then stands no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dispatcher.domain.covers import less
from dispatcher.domain.occurrences import Change, Occurrence, Pattern, Slot
from dispatcher.domain.schedule import Cover, local
from dispatcher.domain.slots import DAY, Span
from dispatcher.domain.timetables import Absence, Timetable

_A_DAY = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Edited:
    """A slot is another one: shorter, perhaps, or of other days."""

    slot: Slot
    pattern: Pattern


Removal = Ended | Changed | Edited | Absence


def cancelled(slot: Slot, day: date | None) -> Removal:
    """A slot is taken away, for good or on one ``day`` of its rule."""
    return Ended(slot) if day is None else Changed(slot, Change(day))


def edited(slot: Slot, pattern: Pattern) -> Removal | None:
    """A slot is made another; None when nothing but its pauses is: whoever pauses is there."""
    return None if slot.pattern.paused(()) == pattern.paused(()) else Edited(slot, pattern)


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
        case Edited(edited, pattern):
            return table.of(
                replace(slot, pattern=pattern) if slot.id == edited.id else slot
                for slot in table.slots
            )
        case Changed(changed, change):
            return table.of(
                _changed(slot, change) if slot.id == changed.id else slot for slot in table.slots
            )


def lost(
    before: Timetable, then: Timetable, *, since: datetime, until: datetime
) -> tuple[Occurrence, ...]:
    """What begins between two moments and stands no more, the earliest first: of one that is only
    shorter, the hours that fall away.
    """
    first, last = local(since, before.zone).date(), local(until, before.zone).date()
    left = then.occurrences(first - _A_DAY, last + _A_DAY)
    missed = (
        _missed(each, left)
        for each in before.occurrences(first, last)
        if each not in left and since < each.start < until
    )
    return tuple(each for each in missed if each is not None)


def _missed(each: Occurrence, left: Sequence[Occurrence]) -> Occurrence | None:
    """From the first to the last moment of an occurrence in which nothing of theirs stands."""
    stands = [Cover(other.start, other.end) for other in left]
    pieces = less([Cover(each.start, each.end)], stands)
    if not pieces:
        return None
    start, end = (_minutes(at, each) for at in (pieces[0].start, pieces[-1].end))
    span = Span(
        each.span.start if pieces[0].start == each.start else start,
        each.span.end if pieces[-1].end == each.end else end,
    )
    return replace(each, span=span)


def _minutes(at: datetime, each: Occurrence) -> int:
    """A moment on the clock of an occurrence, after the midnight before it."""
    there = local(at, each.zone)
    return (there.date() - each.on).days * DAY + there.hour * 60 + there.minute


def _changed(slot: Slot, change: Change) -> Slot:
    others = tuple(each for each in slot.changes if each.day != change.day)
    return replace(slot, changes=(*others, change))


def _until(slot: Slot, last: date | None) -> Slot:
    rule = replace(slot.pattern.rule, until=last)
    return replace(slot, pattern=replace(slot.pattern, rule=rule))
