"""When somebody wants to be rung, as they wrote it in the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from dispatcher.domain.form import NOT_BEFORE_SIGNS, Bounds, Field, Wrong, chooses, text
from dispatcher.domain.wishes import Part


def part(answers: Mapping[str, str], bounds: Bounds) -> Part:
    """The part of the day."""
    if chooses(answers, bounds):
        return Part.ANY
    try:
        chosen = Part(text(answers, Field.PART))
    except ValueError:
        raise Wrong("wrong.part.none") from None
    if chosen not in bounds.parts:
        raise Wrong("wrong.part.never")
    return chosen


def not_before(answers: Mapping[str, str], bounds: Bounds) -> int | None:
    """Minutes after midnight; whoever chooses a half-hour has said it all."""
    said = text(answers, Field.NOT_BEFORE)
    if not said or chooses(answers, bounds):
        return None
    read = re.fullmatch(NOT_BEFORE_SIGNS, said)
    if read is None:
        raise Wrong("wrong.not_before.unreadable")
    minutes = int(read[1]) * 60 + int(read[2])
    of_day = text(answers, Field.PART)
    windows = Part(of_day).within(bounds.windows) if of_day in set(Part) else bounds.windows
    if not any(windows.between(minutes, 24 * 60).days):
        raise Wrong("wrong.not_before.never")
    return minutes


def half_hour(answers: Mapping[str, str], bounds: Bounds) -> datetime | None:
    """The start of the one they chose; whether it is left, whoever takes it finds out."""
    if not chooses(answers, bounds):
        return None
    try:
        at = datetime.fromisoformat(text(answers, Field.HALF_HOUR))
    except ValueError:
        raise Wrong("wrong.half_hour.which") from None
    if at.tzinfo is None:
        raise Wrong("wrong.half_hour.which")
    return at


def deadline(answers: Mapping[str, str], bounds: Bounds) -> date | None:
    """The day by which their matter must be done; None when they say none."""
    said = text(answers, Field.DEADLINE)
    if not said:
        return None
    day = _date(said)
    if day is None:
        raise Wrong("wrong.deadline.unreadable")
    if day < bounds.day:
        raise Wrong("wrong.deadline.past")
    return day


def _date(text: str) -> date | None:
    """A date as browsers send it, or as French people write it."""
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
    french = re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", text)
    if iso is None and french is None:
        return None
    year, month, day = iso.groups() if iso else reversed(french.groups())  # type: ignore[union-attr]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
