"""The text people write for the hours of a week, and of a day.

    mon-fri 09:00-12:30 13:30-18:00; sat 09:00-12:00; sun,mon 22:00-06:00

A part per ``;``: days, then spans, each list separated by commas or spaces. ``24:00`` ends a day,
and an end before its start is on the next day; a span belongs to the day on which it starts. Only
the text is read here: what it means on a clock is ``schedule.py``'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
_LONGEST = 1000
_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")


class BadSlots(ValueError):
    """A text that says no hours; ``code`` says what is wrong with ``text``, its offending word."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class Span(NamedTuple):
    """Minutes after the midnight that starts the day, end excluded; past 1440 is the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end if self.end <= DAY else self.end - DAY
        return f"{_clock(self.start)}-{_clock(end)}"


Day = tuple[Span, ...]
"""A day's spans, earliest first."""


@lru_cache(maxsize=1024)  # a directory of thousands writes a few dozen texts
def read_week(text: str) -> tuple[Day, ...]:
    """The seven days of a text, Monday first. Raises BadSlots."""
    spans: list[set[Span]] = [set() for _ in DAYS]
    for words in _parts(text):
        named = [word for word in words if not word[0].isdigit()]
        if words[: len(named)] != named:
            raise BadSlots("day_after_hours", " ".join(words))
        if not named:
            raise BadSlots("no_day", " ".join(words))
        days = [day for word in named for day in _days(word)]
        if named == words:
            raise BadSlots("no_hours", " ".join(words))
        read = [_span(word) for word in words[len(named) :]]
        for day in days:
            spans[day].update(read)
    return tuple(tuple(sorted(day)) for day in spans)


def read_day(text: str) -> Day:
    """The spans of one day's text, ``09:00-12:00; 14:00-16:00``. Raises BadSlots."""
    return tuple(sorted({_span(word) for words in _parts(text) for word in words}))


def write_week(days: tuple[Day, ...]) -> str:
    """The text ``read_week`` reads as these days, those of the same hours together."""
    parts: dict[Day, list[int]] = {}
    for index, day in enumerate(days):
        if day:
            parts.setdefault(day, []).append(index)
    return "; ".join(
        f"{','.join(_runs(named))} {' '.join(map(str, spans))}" for spans, named in parts.items()
    )


def _parts(text: str) -> Iterator[list[str]]:
    if len(text) > _LONGEST:
        raise BadSlots("too_long", text[:20])
    text = re.sub(r"\s*[-–]\s*", "-", text.lower())
    return (words for part in text.split(";") if (words := part.replace(",", " ").split()))


def _days(word: str) -> Iterator[int]:
    first, _, last = word.partition("-")
    if first not in DAYS or (last or first) not in DAYS or word.endswith("-"):
        raise BadSlots("unknown_day", word)
    start, end = DAYS.index(first), DAYS.index(last or first)
    return (day % 7 for day in range(start, end + 1 if end >= start else end + 8))


def _span(word: str) -> Span:
    read = _SPAN.fullmatch(word)
    if read is None:
        raise BadSlots("not_hours", word)
    start, end = _minutes(read[1], read[2], word), _minutes(read[3], read[4], word)
    if start in {end, DAY}:
        raise BadSlots("no_length", word)
    return Span(start, end if end > start else end + DAY)


def _minutes(hours: str, minutes: str, word: str) -> int:
    read = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or read > DAY:
        raise BadSlots("no_such_time", word)
    return read


def _runs(days: list[int]) -> Iterator[str]:
    """``mon-fri`` for days in a row, ``mon`` for one alone."""
    first = days[0]
    for day, following in zip(days, [*days[1:], None], strict=True):
        if following != day + 1:
            yield DAYS[first] if first == day else f"{DAYS[first]}-{DAYS[day]}"
            first = following if following is not None else day


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
