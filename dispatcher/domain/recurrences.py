"""On which days something comes again: every n weeks, in even or odd weeks, on the nth of a month.

Weeks are those of ISO 8601: they begin on Monday, and a year of 53 (2026 is one) is followed by
week 1, so that two odd weeks then come in a row, as on any calendar on a wall. dateutil's rrule
finds the days; it is given a start near the window, since it would else walk there from the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from dateutil import rrule

MOST_WEEKS: Final = 52
NTH: Final = frozenset({1, 2, 3, 4, 5, -1})
"""Which weekday of a month; -1 is the last, and a fifth there may not be."""


class Weeks(StrEnum):
    """In which ISO weeks."""

    ALL = "all"
    EVEN = "even"
    ODD = "odd"


class BadRule(ValueError):
    """Days that make no rule; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Rule:
    """The days of a rule, none before ``first`` or after ``until``. Raises BadRule.

    ``days`` are weekdays, Monday 0; without any it is ``first`` alone. ``every`` counts weeks from
    that of ``first``. ``nth``: which of those weekdays in a month, all of them when empty.
    """

    first: date
    days: tuple[int, ...] = ()
    every: int = 1
    weeks: Weeks = Weeks.ALL
    nth: tuple[int, ...] = ()
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.first:
            raise BadRule("ends_before")
        if not 1 <= self.every <= MOST_WEEKS or not set(self.nth) <= NTH:
            raise BadRule("out_of_range")
        if (self.every > 1) + (self.weeks is not Weeks.ALL) + bool(self.nth) > 1:
            raise BadRule("two_rhythms")
        if not self.days and (self.every > 1 or self.weeks is not Weeks.ALL or self.nth):
            raise BadRule("no_day")

    @property
    def once(self) -> bool:
        """Whether it is one day."""
        return not self.days

    def dates(self, since: date, until: date) -> tuple[date, ...]:
        """Its days from ``since`` to ``until``, both included, in order."""
        since = max(since, self.first)
        until = until if self.until is None else min(until, self.until)
        return _dates(self, since, until) if since <= until else ()

    def gives(self, day: date) -> bool:
        """Whether this is one of its days."""
        return day in self.dates(day, day)


@lru_cache(maxsize=8192)  # thousands of agents have a few dozen rules, asked about one window
def _dates(rule: Rule, since: date, until: date) -> tuple[date, ...]:
    if rule.once:
        return (rule.first,) if since <= rule.first <= until else ()
    found = _walk(rule, since).between(_midnight(since), _midnight(until), inc=True)
    return tuple(each.date() for each in found)


def _walk(rule: Rule, since: date) -> rrule.rrule:
    """The rule for dateutil, from a start that is one of its weeks, months or years."""
    if rule.nth:
        days = [rrule.weekdays[day](nth) for day in rule.days for nth in rule.nth]
        start = since.replace(day=1)
        return rrule.rrule(rrule.MONTHLY, dtstart=_midnight(start), byweekday=days)
    if rule.weeks is not Weeks.ALL:
        numbers = range(2, 54, 2) if rule.weeks is Weeks.EVEN else range(1, 54, 2)
        start = since.replace(month=1, day=1)
        return rrule.rrule(
            rrule.YEARLY,
            dtstart=_midnight(start),
            byweekno=list(numbers),
            byweekday=list(rule.days),
            wkst=rrule.MO,
        )
    monday = rule.first - timedelta(days=rule.first.weekday())
    rounds = (since - monday) // timedelta(weeks=rule.every)
    start = monday + rounds * timedelta(weeks=rule.every)
    return rrule.rrule(
        rrule.WEEKLY,
        dtstart=_midnight(start),
        interval=rule.every,
        byweekday=list(rule.days),
        wkst=rrule.MO,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
