"""What four keys say: a time of day, or a day and its month; and why they say none."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from dispatcher.domain.slot_forms import LONGEST_NIGHT
from dispatcher.domain.slots import DAY

_LAST_HOUR: Final = 23
_JUST_OVER: Final = timedelta(days=31)
"""A day that was so lately is taken to be meant so: it is over, rather than next year's."""
_LONGEST: Final = timedelta(days=183)
"""A last day is taken to be before the first, rather than later than this and in another year."""


class Wrong(IntEnum):
    """Why what was keyed is asked for again."""

    NOTHING = 0
    NO_SUCH_DAY = 1
    OVER = 2
    ORDER = 3
    OUTSIDE = 4
    UNREADABLE = 5
    PAST_END = 6
    BACKWARDS = 7


def read_time(digits: str) -> int | None:
    """Minutes after midnight; None when clocks never show that."""
    if len(digits) != 4:
        return None
    hour, minute = int(digits[:2]), int(digits[2:])
    return hour * 60 + minute if hour <= _LAST_HOUR and minute < 60 else None


def read_day(digits: str, *, today: date, since: date | None = None) -> date | Wrong:
    """The next such day of such a month from ``since`` (else ``today``) on, a year ahead at most.

    Whoever says a day of the last weeks means that day, and it is over. Of silence nothing is
    wrong.
    """
    if len(digits) != 4:
        return Wrong.UNREADABLE if digits else Wrong.NOTHING
    found = _first(digits, since or today)
    if found is None:
        return Wrong.NO_SUCH_DAY
    before = _first(digits, today - _JUST_OVER)
    return Wrong.OVER if before is not None and before < today and since is None else found


def read_last(digits: str, *, first: date, today: date) -> date | Wrong:
    """The last day of what begins on ``first``."""
    found = read_day(digits, today=today)
    if isinstance(found, Wrong) or found >= first:
        return found
    later = read_day(digits, today=today, since=first)
    near = isinstance(later, date) and later - first <= _LONGEST
    return later if near else Wrong.ORDER


def is_backwards(start: int, end: int) -> bool:
    """Whether an end is before its start, rather than in the night after it."""
    return end < start and end + DAY - start > LONGEST_NIGHT


def read_count(digits: str, most: int) -> int | None:
    """A number of two keys from 2 to ``most``; None when it is none."""
    return int(digits) if len(digits) == 2 and 2 <= int(digits) <= most else None


def _first(digits: str, since: date) -> date | None:
    for year in (since.year, since.year + 1):
        try:
            day = date(year, int(digits[2:]), int(digits[:2]))
        except ValueError:
            continue
        if since <= day < since + timedelta(days=366):
            return day
    return None
