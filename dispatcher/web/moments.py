"""When somebody is rung back, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from config.words import words
from dispatcher.domain.callbacks import HALF_HOUR
from dispatcher.domain.schedule import OpeningHours, local
from dispatcher.domain.wishes import HalfDay, Part

WORDS: Final = words("asking")
CALENDAR: Final = words("spoken")
HALVES: Final = {Part.MORNING: WORDS["half.morning"], Part.AFTERNOON: WORDS["half.afternoon"]}
PARTS: Final = {
    Part.ANY: WORDS["part.any"],
    Part.MORNING: WORDS["part.morning"],
    Part.AFTERNOON: WORDS["part.afternoon"],
}


def when(
    due_at: datetime, hours: OpeningHours, *, at: datetime, until: datetime | None = None
) -> str:
    """Between which hours of which day somebody due from ``due_at`` on is rung; ``until`` then,
    if they chose.
    """
    opens_at = hours.next_opening(max(due_at, at))
    closes_at = until or (hours.closes_at(opens_at) if opens_at is not None else None)
    if opens_at is None or closes_at is None:
        return WORDS["when.any"]
    end = _clock(closes_at, hours.zone)
    if opens_at <= at:
        return WORDS["when.now"].format(end=end)
    day = _day(local(opens_at, hours.zone).date(), today=local(at, hours.zone).date())
    start = _clock(opens_at, hours.zone)
    return WORDS["when.between"].format(day=day, start=start, end=end)


def half(each: HalfDay, *, today: date) -> str:
    """A half-day: « demain matin »."""
    return HALVES[each.part].format(day=_day(each.day, today=today))


def after(minutes: int) -> str:
    """From a time of the day on: « Après 14 h »."""
    return WORDS["part.after"].format(start=_time(time(*divmod(minutes, 60))))


def half_hours(starts: Iterable[datetime], zone: str, *, at: datetime) -> dict[str, dict[str, str]]:
    """Half-hours in words, by what their days are called; each by its name in a form."""
    today, found = local(at, zone).date(), dict[str, dict[str, str]]()
    for start in starts:
        day = _day(local(start, zone).date(), today=today)
        said = {"start": _clock(start, zone), "end": _clock(start + HALF_HOUR, zone)}
        found.setdefault(day, {})[named(start)] = WORDS["half_hour.one"].format(**said)
    return found


def named(start: datetime) -> str:
    """What a half-hour is called in a form."""
    return f"{start.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _day(day: date, *, today: date) -> str:
    if day <= today:
        return WORDS["when.today"]
    if day == today + timedelta(days=1):
        return WORDS["when.tomorrow"]
    weekday, month = CALENDAR[f"weekday.{day.weekday()}"], CALENDAR[f"month.{day.month}"]
    return WORDS["when.day"].format(weekday=weekday, day=day.day, month=month)


def _clock(at: datetime, zone: str) -> str:
    return _time(local(at, zone).time())


def _time(there: time) -> str:
    if (there.hour, there.minute) == (0, 0):
        return WORDS["when.midnight"]
    sort = "when.full" if there.minute else "when.hour"
    return WORDS[sort].format(hour=there.hour, minute=there.minute)
