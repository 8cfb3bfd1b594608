"""A slot as it is kept, and where it stands: its rule, and what became of single days."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NewType

from dispatcher.domain.covers import wall
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.schedule import instant
from dispatcher.domain.slots import Day, Span
from dispatcher.domain.zone_names import PARIS

SlotId = NewType("SlotId", str)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a slot is: on which days, between which hours there, with which pauses.

    Without a ``zone`` it is meant where its agent's house is. ``holidays``: whether it stands on
    public holidays too.
    """

    rule: Rule
    span: Span
    zone: str = PARIS
    pauses: Day = ()
    holidays: bool = False

    def paused(self, pauses: Day) -> Pattern:
        """The same with these pauses."""
        return replace(self, pauses=pauses)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where one occurrence stands instead."""

    day: date
    span: Span


@dataclass(frozen=True, slots=True)
class Change:
    """One occurrence, by the local day on which its rule has it: moved, or cancelled (None)."""

    day: date
    to: Moved | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot on one day: ``day`` is its rule's, ``on`` where it stands, ``span`` its hours."""

    slot: SlotId
    day: date
    on: date
    span: Span
    zone: str

    @property
    def start(self) -> datetime:
        """When it begins, in UTC."""
        return instant(wall(self.on, self.span.start), self.zone)

    @property
    def end(self) -> datetime:
        """When it ends, in UTC."""
        return instant(wall(self.on, self.span.end), self.zone)


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as it is kept. ``version`` is one more after every change.

    ``by_directory``: the directory's file says it, and takes it back when it says so no more.
    """

    id: SlotId
    pattern: Pattern
    changes: tuple[Change, ...] = ()
    version: int = 1
    by_directory: bool = False

    def occurrences(self, first: date, last: date, holidays: Container[date]) -> list[Occurrence]:
        """Where it stands from one local day to another, both included; the earliest first."""
        found = occurrences(self.id, self.pattern, self.changes, first, last, holidays)
        return sorted(found, key=lambda each: (each.on, each.span))


def occurrences(
    id: SlotId,
    pattern: Pattern,
    changes: Sequence[Change],
    first: date,
    last: date,
    holidays: Container[date],
) -> Iterator[Occurrence]:
    """Where a slot stands from one local day to another, both included, in no order."""
    changed = {change.day: change.to for change in changes}
    for day in pattern.rule.dates(first, last):
        if day not in changed and (pattern.holidays or day not in holidays):
            yield Occurrence(id, day, day, pattern.span, pattern.zone)
    for day, to in changed.items():
        if to is not None and first <= to.day <= last and pattern.rule.gives(day):
            yield Occurrence(id, day, to.day, to.span, pattern.zone)
