"""When somebody means to answer: their slots as kept, day by day, and the time they are on duty.

A slot is wall time in a zone: 9 h stays 9 h through every change of clocks. Start and end are each
looked up on the clocks of their own day (``schedule.instant``): a time that is skipped is the
moment of the change, one shown twice its first. So a slot across a change is an hour longer or
shorter, one that lies in the skipped hour is none, and nobody is ever on before their start.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, cast

from dispatcher.domain.covers import days_of, joined, less, stretch
from dispatcher.domain.occurrences import Change, Occurrence, Pattern, Slot, SlotId, occurrences
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.schedule import Cover, WeeklySlots, local
from dispatcher.domain.slots import Span
from dispatcher.domain.zone_names import PARIS

ENDLESS: Final = timedelta(days=8)
"""A cover that goes on for longer is taken to have no end."""
LOOK_AHEAD: Final = (15, 70, 400)
"""Days in which the next slot is looked for: most have one soon."""
ALWAYS_WAS: Final = date(2000, 1, 3)
"""The first day of hours that nobody said a first day of; a Monday."""
_EVE: Final = timedelta(days=2)
"""A slot may begin the day before, and a zone's day the day before ours."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Local days, both included, on which somebody is away whatever their slots say."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """What clocks and calendars of a place show: its IANA zone, and its public holidays."""

    zone: str = PARIS
    holidays: Container[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Timetable:
    """Somebody's slots, and when they are away. ``zone`` and ``holidays`` are where they work."""

    slots: tuple[Slot, ...] = ()
    absences: tuple[Absence, ...] = ()
    zone: str = PARIS
    holidays: Container[date] = frozenset()

    @classmethod
    def of_week(cls, week: WeeklySlots, zone: str = PARIS) -> Timetable:
        """The hours of every week, as the directory writes them."""
        kept = (
            Slot(SlotId(f"week-{n}"), pattern, by_directory=True)
            for n, pattern in enumerate(patterns(week, zone))
        )
        return cls(tuple(kept), zone=zone)

    def on_duty(self, since: datetime, until: datetime) -> tuple[Cover, ...]:
        """The unbroken stretches of time in which they mean to answer, cut to these bounds."""
        cut = (Cover(max(c.start, since), min(c.end, until)) for c in self._covers(since, until))
        return tuple(cover for cover in cut if cover.start < cover.end)

    def covers(self, at: datetime) -> bool:
        """Whether ``at`` is in a slot."""
        return self._cover(at) is not None

    def until(self, at: datetime) -> datetime | None:
        """The end of the unbroken cover that contains ``at``.

        None when the cover has no end, and when there is none: ``covers`` tells the two apart.
        """
        cover = self._cover(at)
        return cover.end if cover is not None and cover.end - at <= ENDLESS else None

    def next_start(self, at: datetime) -> datetime | None:
        """The start of the next unbroken cover after ``at``; None when none is in sight."""
        for days in LOOK_AHEAD:
            for cover in self._covers(at, at + timedelta(days=days)):
                if cover.start > at:
                    return cover.start
        return None

    def occurrences(self, first: date, last: date) -> tuple[Occurrence, ...]:
        """Every slot of theirs from one local day to another, both included, the earliest first;
        those of days on which they are away are left out.
        """
        found = (each for s in self.slots for each in s.occurrences(first, last, self.holidays))
        here = [each for each in found if each.start < each.end and not self._away(each.on)]
        return tuple(sorted(here, key=lambda each: (each.start, each.end, each.slot)))

    def to_come(self, at: datetime, *, weeks: int = 2) -> tuple[Occurrence, ...]:
        """What is not over of this week's occurrences and of those after it, Monday to Sunday."""
        today = local(at, self.zone).date()
        sunday = today + timedelta(days=6 - today.weekday() + 7 * (weeks - 1))
        found = self.occurrences(today - timedelta(days=1), sunday)
        return tuple(each for each in found if each.end > at)

    def of(self, slots: Iterable[Slot]) -> Timetable:
        """The same person's, with these slots alone."""
        return replace(self, slots=tuple(slots))

    def slot(self, id: SlotId) -> Slot | None:
        """One of theirs."""
        return next((slot for slot in self.slots if slot.id == id), None)

    def _away(self, day: date) -> bool:
        return any(absence.first <= day <= absence.last for absence in self.absences)

    def _cover(self, at: datetime) -> Cover | None:
        covers = self._covers(at, at + ENDLESS + timedelta(days=1))
        return next((cover for cover in covers if cover.start <= at < cover.end), None)

    def _covers(self, since: datetime, until: datetime) -> tuple[Cover, ...]:
        """Unbroken covers, in order: all that touch these bounds, and perhaps others near."""
        if not self.slots:
            return ()
        kept = tuple((slot.pattern, slot.changes) for slot in self.slots)
        first, last = since.astimezone(UTC).date() - _EVE, until.astimezone(UTC).date() + _EVE
        holidays = cast("Hashable", self.holidays)  # a calendar is a value, or a frozenset
        return _merged(kept, self.absences, self.zone, holidays, first, last)


def patterns(week: WeeklySlots, zone: str) -> tuple[Pattern, ...]:
    """What the slots of a week are, one for each span of hours. They stand on holidays too: the
    directory has always meant it so, and a line that is closed then rings nobody.
    """
    days: dict[Span, list[int]] = {}
    for index, day in enumerate(week.days):
        for span in day:
            days.setdefault(span, []).append(index)
    return tuple(
        Pattern(Rule(ALWAYS_WAS, tuple(on)), span, zone, holidays=True) for span, on in days.items()
    )


def overlaps(
    candidate: Pattern, table: Timetable, *, since: date, days: int = 92
) -> tuple[Occurrence, ...]:
    """Which occurrences of one's own this slot would run into in the weeks to come."""
    last = since + timedelta(days=days)
    new = Slot(SlotId(""), candidate).occurrences(since, last, table.holidays)
    return tuple(
        each
        for each in table.occurrences(since - timedelta(days=1), last + timedelta(days=1))
        if any(other.start < each.end and each.start < other.end for other in new)
    )


Kept = tuple[Pattern, tuple[Change, ...]]


@lru_cache(maxsize=4096)  # thousands of agents are looked at in one moment, of a few dozen slots
def _merged(
    kept: tuple[Kept, ...],
    absences: tuple[Absence, ...],
    zone: str,
    holidays: Container[date],
    first: date,
    last: date,
) -> tuple[Cover, ...]:
    found: list[Cover] = []
    for pattern, changes in kept:
        for each in occurrences(SlotId(""), pattern, changes, first, last, holidays):
            pauses = [stretch(each.on, pause, pattern.zone) for pause in _within(pattern, each)]
            found.extend(less([Cover(each.start, each.end)], pauses))
    away = [days_of(absence.first, absence.last, zone) for absence in absences]
    return tuple(joined(less(found, away)))


def _within(pattern: Pattern, each: Occurrence) -> Iterator[Span]:
    """A slot's pauses on the day of an occurrence: after midnight they are the next day's."""
    for pause in pattern.pauses:
        for midnight in (0, 24 * 60):
            moved = Span(pause.start + midnight, pause.end + midnight)
            if moved.start < each.span.end and moved.end > each.span.start:
                yield moved
