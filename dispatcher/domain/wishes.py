"""What somebody wishes of their callback: a part of the day, a day, and what is said to others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from dispatcher.domain.schedule import OpeningHours, WeeklySlots, instant, local

NOON: Final = 13
"""The hour of the clock at which a half-day ends: windows pause around it."""
DAYS_AHEAD: Final = 7
"""How many days ahead a callback can be put off to."""


HALF_HOUR: Final = "half_hour"
"""What somebody answers instead of a part of the day: that they choose their half-hour."""


class Part(StrEnum):
    """The part of the day in which somebody wants to be rung."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"

    def within(self, windows: WeeklySlots) -> WeeklySlots:
        """These windows as far as they are in this part; whole when they leave none of it."""
        return self._of(windows) if self.has_some_of(windows) else windows

    def has_some_of(self, windows: WeeklySlots) -> bool:
        """Whether somebody can be rung in this part of any day."""
        return any(self._of(windows).days)

    def _of(self, windows: WeeklySlots) -> WeeklySlots:
        start, end = _MINUTES[self]
        return windows if self is Part.ANY else windows.between(start, end)


_MINUTES: Final = {
    Part.ANY: (0, 24 * 60),
    Part.MORNING: (0, NOON * 60),
    Part.AFTERNOON: (NOON * 60, 24 * 60),
}


def after(windows: WeeklySlots, minutes: int | None) -> WeeklySlots:
    """These windows as far as clocks show this time or a later one; whole when they leave none."""
    left = windows if minutes is None else windows.between(minutes, 24 * 60)
    return left if any(left.days) else windows


class HalfDay(NamedTuple):
    """One part of one day, and the moment from which somebody may be rung in it."""

    day: date
    part: Part
    opens_at: datetime


def halves_ahead(hours: OpeningHours, *, at: datetime) -> Iterator[HalfDay]:
    """The half-days of the days to come in which somebody may be rung, soonest first; not today's.

    ``hours`` are those of no part in particular.
    """
    today = local(at, hours.zone).date()
    for ahead in range(1, DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        midnight = instant(datetime.combine(day, time()), hours.zone)
        for part in (Part.MORNING, Part.AFTERNOON):
            narrowed = replace(hours, slots=part.within(hours.slots))
            opens_at = narrowed.next_opening(midnight) if part.has_some_of(hours.slots) else None
            if opens_at is not None and local(opens_at, hours.zone).date() == day:
                yield HalfDay(day, part, opens_at)
