"""When somebody is rung back, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from config.words import words
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


def when(due_at: datetime, hours: OpeningHours, *, at: datetime) -> str:
    """Between which hours of which day somebody due from ``due_at`` on is rung."""
    opens_at = hours.next_opening(max(due_at, at))
    closes_at = hours.closes_at(opens_at) if opens_at is not None else None
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


def _day(day: date, *, today: date) -> str:
    if day <= today:
        return WORDS["when.today"]
    if day == today + timedelta(days=1):
        return WORDS["when.tomorrow"]
    weekday, month = CALENDAR[f"weekday.{day.weekday()}"], CALENDAR[f"month.{day.month}"]
    return WORDS["when.day"].format(weekday=weekday, day=day.day, month=month)


def _clock(at: datetime, zone: str) -> str:
    there = local(at, zone)
    if (there.hour, there.minute) == (0, 0):
        return WORDS["when.midnight"]
    sort = "when.full" if there.minute else "when.hour"
    return WORDS[sort].format(hour=there.hour, minute=there.minute)
