"""What was keyed so far of a slot, of a change to one, or of an absence.

A call keeps it in its ``page``, as one number of 63 bits: the values one after the other, each with
as many places as it may have values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Self

from dispatcher.domain.keyed import Wrong
from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule, Weeks
from dispatcher.domain.slots import DAY, Span

ONCE, WEEKLY, EVEN, ODD, NTH, LAST, EVERY = range(7)
"""How often a slot comes; ``EVERY`` and a number of weeks is every so many of them."""
_SINCE: Final = datetime(2020, 1, 1, tzinfo=UTC)
_DAYS, _MINUTES, _RHYTHMS, _WRONGS = 2**14, 2**24, 64, 8
_WEEKS: Final = {EVEN: Weeks.EVEN, ODD: Weeks.ODD}


@dataclass(frozen=True, slots=True)
class Draft:
    """A slot that is being marked: ``day`` is the one that was keyed."""

    day: date
    start: int = 0
    end: int = 0
    rhythm: int = ONCE
    holidays: bool = False
    until: date | None = None
    wrong: Wrong = Wrong.NOTHING

    @property
    def page(self) -> int:
        """As a call keeps it."""
        values = (_number(self.day), self.start, self.end, self.rhythm)
        return _pack((*values, int(self.holidays), _number(self.until), self.wrong), _DRAFT)

    @classmethod
    def of(cls, page: int) -> Self:
        """What such a page says."""
        day, start, end, rhythm, holidays, until, wrong = _unpack(page, _DRAFT)
        kept = (_day(day) or _SINCE.date(), start, end, rhythm, bool(holidays), _day(until))
        return cls(*kept, Wrong(wrong))

    def pattern(self, zone: str) -> Pattern:
        """The slot. Whoever names one day means it, a holiday or not."""
        holidays = self.holidays or self.rhythm == ONCE
        return Pattern(self.rule, _span(self.start, self.end), zone, holidays=holidays)

    @property
    def rule(self) -> Rule:
        """Its days; its first is the first on which it stands."""
        rule = replace(self._endless, until=self.until)
        first = next(iter(rule.dates(self.day, self.day + timedelta(days=750))), self.day)
        return replace(rule, first=first)

    @property
    def nth(self) -> int:
        """Which of its weekdays in its month the keyed day is."""
        return (self.day.day - 1) // 7 + 1

    @property
    def is_last(self) -> bool:
        """Whether the keyed day is the last of its weekdays in its month."""
        return (self.day + timedelta(weeks=1)).month != self.day.month

    @property
    def _endless(self) -> Rule:
        days = (self.day.weekday(),)
        if self.rhythm == ONCE:
            return Rule(self.day)
        if self.rhythm >= EVERY:
            return Rule(self.day, days, every=self.rhythm - EVERY)
        if self.rhythm in {NTH, LAST}:
            return Rule(self.day, days, nth=(self.nth if self.rhythm == NTH else -1,))
        return Rule(self.day, days, weeks=_WEEKS.get(self.rhythm, Weeks.ALL))


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to the slot that begins in the minute ``about``: another day and other hours, the
    hours of a pause, or a last ``day``.
    """

    about: int
    day: date | None = None
    start: int = 0
    end: int = 0
    wrong: Wrong = Wrong.NOTHING

    @property
    def page(self) -> int:
        """As a call keeps it."""
        values = (self.about, _number(self.day), self.start, self.end, int(self.wrong))
        return _pack(values, _EDIT)

    @classmethod
    def of(cls, page: int) -> Self:
        """What such a page says."""
        about, day, start, end, wrong = _unpack(page, _EDIT)
        return cls(about, _day(day), start, end, Wrong(wrong))

    @property
    def span(self) -> Span:
        """The hours that were keyed."""
        return _span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Away:
    """An absence that is heard, or is being said."""

    first: date | None = None
    last: date | None = None
    wrong: Wrong = Wrong.NOTHING

    @property
    def page(self) -> int:
        """As a call keeps it."""
        return _pack((_number(self.first), _number(self.last), int(self.wrong)), _AWAY)

    @classmethod
    def of(cls, page: int) -> Self:
        """What such a page says."""
        first, last, wrong = _unpack(page, _AWAY)
        return cls(_day(first), _day(last), Wrong(wrong))


_DRAFT: Final = (_DAYS, DAY, DAY, _RHYTHMS, 2, _DAYS, _WRONGS)
_EDIT: Final = (_MINUTES, _DAYS, DAY, DAY, _WRONGS)
_AWAY: Final = (_DAYS, _DAYS, _WRONGS)


def minute(at: datetime) -> int:
    """A moment as a call's page keeps it."""
    return (at - _SINCE) // timedelta(minutes=1)


def moment(minute: int) -> datetime:
    """The moment that such a minute is."""
    return _SINCE + timedelta(minutes=minute)


def _span(start: int, end: int) -> Span:
    """An end that is no later than the start is on the next day."""
    return Span(start, end if end > start else end + DAY)


def _number(day: date | None) -> int:
    return 0 if day is None else 1 + (day - _SINCE.date()).days


def _day(number: int) -> date | None:
    return _SINCE.date() + timedelta(days=number - 1) if number else None


def _pack(values: Sequence[int], places: Sequence[int]) -> int:
    page = 0
    for value, most in zip(values, places, strict=True):
        if not 0 <= value < most:
            raise ValueError(value)
        page = page * most + value
    return page


def _unpack(page: int, places: Sequence[int]) -> list[int]:
    found = []
    for most in reversed(places):
        page, value = divmod(page, most)
        found.append(value)
    return found[::-1]
