"""A slot as a form says it, and the form of a slot: each answer by the name of its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from dispatcher.domain.occurrences import Moved, Pattern
from dispatcher.domain.recurrences import MOST_WEEKS, BadRule, Rule, Weeks
from dispatcher.domain.slots import DAY, Span
from dispatcher.domain.timetables import ALWAYS_WAS, Absence

PAUSES: Final = range(1, 13)
"""Of which a form shows two, and those there are."""
LONGEST_NIGHT: Final = 16 * 60
"""Minutes. An end before the start is on the next day; past this it is taken to be mistyped."""
NTH: Final = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "last": -1}
"""Which of a month, by how a field says it."""
_TIME: Final = re.compile(r"([0-9]{1,2})\s*(?:[h:.]\s*([0-9]{2})?)?")
_NAMED: Final = {"midi": DAY // 2, "minuit": 0}
T = TypeVar("T")


class Rhythm(StrEnum):
    """How often a slot comes again."""

    ONCE = "once"
    WEEKLY = "weekly"
    EVERY = "every"
    EVEN = "even"
    ODD = "odd"
    NTH = "nth"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the answer in one field: a key of the catalogue ``planning``."""

    field: str
    key: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """``since``: the first day of a slot that names none; ``zone``: whose clock is meant."""

    day: date
    since: date
    zone: str


class _Wrong(Exception):
    def __init__(self, field: str, key: str) -> None:
        super().__init__(key)
        self.problem = Problem(field, key)


def read(form: Mapping[str, str], bounds: Bounds) -> Pattern | tuple[Problem, ...]:
    """The slot that these answers are, or all that is wrong with them, in the form's order."""
    problems: list[Problem] = []
    rule = _tried(lambda: _rule(form, bounds), problems)
    span = _tried(lambda: _span(form, "start", "end"), problems)
    pauses = [_tried(lambda n=n: _pause(form, n, span), problems) for n in PAUSES]  # type: ignore[misc]
    if rule is None or span is None or problems:
        return tuple(problems)
    kept = tuple(sorted({pause for pause in pauses if pause is not None}))
    return Pattern(rule, span, bounds.zone, kept, "holidays" in form)


def write(pattern: Pattern) -> dict[str, str]:
    """The answers that are this slot."""
    rule, form = pattern.rule, {"rhythm": _rhythm(pattern.rule).value}
    if rule.first > ALWAYS_WAS:
        form["first"] = write_day(rule.first)
    form |= {f"day_{day}": "1" for day in rule.days}
    form |= {f"nth_{name}": "1" for name, nth in NTH.items() if nth in rule.nth}
    form["every"] = str(rule.every) if rule.every > 1 else ""
    form["until"] = write_day(rule.until) if rule.until is not None else ""
    form["start"], form["end"] = map(write_time, pattern.span)
    for n, pause in zip(PAUSES, pattern.pauses, strict=False):
        form[f"pause_{n}_start"], form[f"pause_{n}_end"] = map(write_time, pause)
    return form | ({"holidays": "1"} if pattern.holidays else {})


def read_move(form: Mapping[str, str], today: date) -> Moved | tuple[Problem, ...]:
    """Where one day of a slot is to stand, or what is wrong with that."""
    problems: list[Problem] = []
    day = _tried(lambda: _coming(form, "to", today), problems)
    span = _tried(lambda: _span(form, "start", "end"), problems)
    return tuple(problems) if day is None or span is None else Moved(day, span)


def read_absence(form: Mapping[str, str], today: date) -> Absence | tuple[Problem, ...]:
    """The days on which somebody is away, or what is wrong; a last day may be left out."""
    problems: list[Problem] = []
    first = _tried(lambda: _day(form, "away_first"), problems)
    last = _tried(lambda: _coming(form, "away_last", today, first), problems)
    if first is None or last is None:
        return tuple(problems)
    return (
        Absence(first, last) if first <= last else (Problem("away_last", "plages.wrong.day.order"),)
    )


def read_day(text: str) -> date | None:
    """A date as browsers send it, or as French people write it; None when it is none."""
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text.strip())
    french = re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", text.strip())
    parts = iso.groups() if iso else french.groups()[::-1] if french else ()
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def write_day(day: date) -> str:
    """« 24/11/2026 »."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def write_time(minutes: int) -> str:
    """« 09:30 »; midnight at the end of a day is the next day's."""
    hour, minute = divmod(minutes % DAY, 60)
    return f"{hour:02}:{minute:02}"


def _rule(form: Mapping[str, str], bounds: Bounds) -> Rule:
    try:
        rhythm = Rhythm(form.get("rhythm", ""))
    except ValueError:
        raise _Wrong("rhythm", "plages.wrong.rhythm.none") from None
    if rhythm is Rhythm.ONCE:
        return Rule(_coming(form, "first", bounds.day))
    first = _day(form, "first") if form.get("first", "").strip() else bounds.since
    days = tuple(day for day in range(7) if f"day_{day}" in form)
    if not days:
        raise _Wrong("day_0", "plages.wrong.days.none")
    nth = tuple(nth for name, nth in NTH.items() if f"nth_{name}" in form)
    if rhythm is Rhythm.NTH and not nth:
        raise _Wrong("nth_1", "plages.wrong.nth.none")
    rule = Rule(
        first,
        days,
        every=_every(form) if rhythm is Rhythm.EVERY else 1,
        weeks=Weeks(rhythm) if rhythm in {Rhythm.EVEN, Rhythm.ODD} else Weeks.ALL,
        nth=nth if rhythm is Rhythm.NTH else (),
    )
    return _ended(rule, form, bounds.day)


def _ended(rule: Rule, form: Mapping[str, str], today: date) -> Rule:
    if not form.get("until", "").strip():
        return rule
    until = _day(form, "until")
    try:
        ended = Rule(rule.first, rule.days, rule.every, rule.weeks, rule.nth, until)
    except BadRule:
        raise _Wrong("until", "plages.wrong.day.order") from None
    if not ended.dates(today, until):
        raise _Wrong("until", "plages.wrong.until.never")
    return ended


def _every(form: Mapping[str, str]) -> int:
    text = form.get("every", "").strip()
    if not re.fullmatch("[0-9]{1,2}", text) or not 2 <= int(text) <= MOST_WEEKS:
        raise _Wrong("every", "plages.wrong.every.number")
    return int(text)


def _pause(form: Mapping[str, str], n: int, span: Span | None) -> Span | None:
    fields = (f"pause_{n}_start", f"pause_{n}_end")
    if not any(form.get(field, "").strip() for field in fields):
        return None
    pause = _span(form, *fields)
    inside = span is None or any(
        span.start <= pause.start + midnight and pause.end + midnight <= span.end
        for midnight in (0, DAY)
    )
    if not inside:
        raise _Wrong(fields[0], "plages.wrong.pause.outside")
    return pause


def _span(form: Mapping[str, str], first: str, last: str) -> Span:
    start, end = _time(form, first), _time(form, last)
    if start in {end, DAY}:
        raise _Wrong(last, "plages.wrong.time.same")
    if end < start and end + DAY - start > LONGEST_NIGHT:
        raise _Wrong(last, "plages.wrong.time.order")
    return Span(start, end if end > start else end + DAY)


def _time(form: Mapping[str, str], field: str) -> int:
    text = form.get(field, "").strip().lower()
    if not text:
        raise _Wrong(field, "plages.wrong.time.empty")
    if text in _NAMED:
        return _NAMED[text]
    found = _TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found else DAY + 1
    if found is None or minutes > DAY or int(found[2] or 0) > 59:
        raise _Wrong(field, "plages.wrong.time.unreadable")
    return minutes


def _day(form: Mapping[str, str], field: str) -> date:
    text = form.get(field, "")
    if not text.strip():
        raise _Wrong(field, "plages.wrong.day.empty")
    day = read_day(text)
    if day is None or not 2000 <= day.year <= 2100:
        raise _Wrong(field, "plages.wrong.day.unreadable")
    return day


def _coming(
    form: Mapping[str, str], field: str, today: date, otherwise: date | None = None
) -> date:
    if otherwise is not None and not form.get(field, "").strip():
        return otherwise
    day = _day(form, field)
    if day < today:
        raise _Wrong(field, "plages.wrong.day.past")
    return day


def _tried(reading: Callable[[], T], problems: list[Problem]) -> T | None:
    try:
        return reading()
    except _Wrong as wrong:
        problems.append(wrong.problem)
        return None


def _rhythm(rule: Rule) -> Rhythm:
    return next(_rhythms(rule), Rhythm.WEEKLY)


def _rhythms(rule: Rule) -> Iterator[Rhythm]:
    if rule.once:
        yield Rhythm.ONCE
    if rule.nth:
        yield Rhythm.NTH
    if rule.weeks is not Weeks.ALL:
        yield Rhythm(rule.weeks.value)
    if rule.every > 1:
        yield Rhythm.EVERY
