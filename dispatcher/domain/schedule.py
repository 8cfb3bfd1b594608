"""When a line is open, and what clocks show: all local time goes through this module.

Moments come in and go out aware; those that go out are in UTC. Spans are half open, and spans that
touch are one cover. Where clocks are put back, a time that they show twice means its first; where
they are put forward, a time that they skip means the moment of the change. So the order of times is
never upset, and a slot can only lose or gain the hour that the day itself did.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dispatcher.domain.slots import DAY, BadSlots, Day, Span, read_day, read_week, write_week

__all__ = [
    "ALWAYS",
    "BadSlots",
    "Cover",
    "HoursException",
    "OpeningHours",
    "WeeklySlots",
    "change_of_clocks",
    "instant",
    "local",
    "midnight_after",
    "midnight_before",
]

ALWAYS = "mon-sun 00:00-24:00"
LOOK_AHEAD = 400
"""Days in which an opening is looked for: a year's closure and the holidays around it."""
_ENDLESS = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Cover:
    """A stretch of time, from ``start`` until just before ``end``, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class WeeklySlots:
    """The hours of every week, Monday first; they mean nothing until a zone is named."""

    days: tuple[Day, ...] = ((),) * 7

    def __str__(self) -> str:
        return write_week(self.days)

    @classmethod
    def parse(cls, text: str) -> WeeklySlots:
        """Read ``mon-fri 09:00-12:30; sat 09:00-12:00`` (see ``slots.py``). Raises BadSlots."""
        return cls(read_week(text))

    @classmethod
    def daily(cls, text: str) -> WeeklySlots:
        """Read ``09:00-12:00; 14:00-16:00`` as the hours of any day. Raises BadSlots."""
        return cls((read_day(text),) * 7)

    def between(self, start: int, end: int) -> WeeklySlots:
        """These hours as far as clocks show a time between two minutes after midnight."""
        return WeeklySlots(tuple(tuple(_cut(day, start, end)) for day in self.days))


def _cut(day: Day, start: int, end: int) -> Iterator[Span]:
    for span in day:
        for midnight in (0, DAY):  # a span may run on past the midnight that ends its day
            cut = Span(max(span.start, start + midnight), min(span.end, end + midnight))
            if cut.start < cut.end:
                yield cut


@dataclass(frozen=True, slots=True)
class HoursException:
    """Days, both included, whose hours are others: None or empty is closed all day."""

    first: date
    last: date
    hours: WeeklySlots | None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A line's hours. An exception goes before a holiday, and a holiday before the week.

    A span that starts before midnight runs on to its end, whatever the next day is.
    """

    slots: WeeklySlots
    zone: str
    holidays: Container[date] = frozenset()
    exceptions: tuple[HoursException, ...] = ()

    def is_open(self, at: datetime) -> bool:
        """Whether somebody calling at ``at`` is served."""
        return _cover_at(self._on, at, self.zone, days=1) is not None

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from ``at`` on when the line is open; None when 400 days have none."""
        ahead = _spans(self._on, at, self.zone, days=LOOK_AHEAD)
        start = next((span.start for span in ahead if span.end > at), None)
        return None if start is None else max(at.astimezone(UTC), start)

    def open_between(self, since: datetime, until: datetime) -> tuple[Cover, ...]:
        """The stretches in which somebody calling is served, in order, cut to these bounds."""
        days = (until - since) // timedelta(days=1) + 2
        cut = (
            Cover(max(each.start, since), min(each.end, until))
            for each in _covers(self._on, since, self.zone, days=days)
        )
        return tuple(each for each in cut if each.start < each.end)

    def closes_at(self, at: datetime) -> datetime | None:
        """When the present opening ends; None when closed, or when no end is in sight (8 days)."""
        cover = _cover_at(self._on, at, self.zone, days=9)
        return cover.end if cover is not None and cover.end - at <= _ENDLESS else None

    def exception_on(self, at: datetime) -> HoursException | None:
        """The exception in force on the local day of ``at``."""
        return self._exception(local(at, self.zone).date())

    def _exception(self, day: date) -> HoursException | None:
        return next((e for e in self.exceptions if e.first <= day <= e.last), None)

    def _on(self, day: date) -> Day:
        if (exception := self._exception(day)) is not None:
            return exception.hours.days[day.weekday()] if exception.hours else ()
        return () if day in self.holidays else self.slots.days[day.weekday()]


def local(at: datetime, zone: str) -> datetime:
    """What clocks and calendars of ``zone`` show at ``at``."""
    if at.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return at.astimezone(ZoneInfo(zone))


def midnight_before(at: datetime, zone: str) -> datetime:
    """The moment, in UTC, when the local day of ``at`` began."""
    return instant(datetime.combine(local(at, zone).date(), time()), zone)


def midnight_after(at: datetime, zone: str) -> datetime:
    """The moment, in UTC, when the local day of ``at`` ends."""
    tomorrow = local(at, zone).date() + timedelta(days=1)
    return instant(datetime.combine(tomorrow, time()), zone)


@lru_cache(maxsize=4096)
def instant(wall: datetime, zone: str) -> datetime:
    """The moment, in UTC, when clocks of ``zone`` show ``wall`` (a naive time) or first pass it."""
    there = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    at = there.astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
        return at
    return change_of_clocks(at, there.replace(fold=1).astimezone(UTC), ZoneInfo(zone))


def change_of_clocks(at: datetime, since: datetime, zone: ZoneInfo) -> datetime:
    """The one change of clocks after ``since`` and up to ``at``, to the second."""
    offset = at.astimezone(zone).utcoffset()
    while at - since > timedelta(seconds=1):
        middle = since + (at - since) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            at = middle
        else:
            since = middle
    return at.replace(microsecond=0)


def _cover_at(
    spans_on: Callable[[date], Day], at: datetime, zone: str, *, days: int
) -> Cover | None:
    cover = next(_covers(spans_on, at, zone, days=days), None)
    return cover if cover is not None and cover.start <= at else None


def _covers(
    spans_on: Callable[[date], Day], at: datetime, zone: str, *, days: int
) -> Iterator[Cover]:
    """Unbroken covers that end after ``at``, in order, as far as ``days`` local days on.

    The first may have begun before the eve of ``at``: then its start is a moment before ``at``.
    """
    found: Cover | None = None
    for span in _spans(spans_on, at, zone, days=days):
        if span.end <= at:
            continue
        if found is not None and span.start > found.end:
            yield found
            found = None
        found = Cover(found.start, max(found.end, span.end)) if found else span
    if found is not None:
        yield found


def _spans(
    spans_on: Callable[[date], Day], at: datetime, zone: str, *, days: int
) -> Iterator[Cover]:
    eve = local(at, zone).date() - timedelta(days=1)
    for ahead in range(days + 1):
        day = eve + timedelta(days=ahead)
        midnight = datetime.combine(day, time())
        for span in spans_on(day):
            start = instant(midnight + timedelta(minutes=span.start), zone)
            end = instant(midnight + timedelta(minutes=span.end), zone)
            if start < end:
                yield Cover(start, end)
