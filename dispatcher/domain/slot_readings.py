"""A slot read from a French sentence, as people write it and as ``slot_sentences`` does.

The days and hours come first, then what narrows them, after commas. Accents, capitals and the
spaces of « 9 h 30 » say nothing. What is not understood is said back, and nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from unicodedata import combining, normalize

from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import BadRule, Rule, Weeks
from dispatcher.domain.slot_sentences import Words
from dispatcher.domain.slots import DAY, Span

_CLOCK: Final = r"(minuit|midi|\d{1,2}(?:\s*h\s*\d{0,2}|:\d{2}))"
_HOURS: Final = re.compile(rf"\bde\s+{_CLOCK}\s+a\s+{_CLOCK}")
_DATE: Final = re.compile(r"(\d{1,2})(?:er)?\s+([a-z]+)(?:\s+(\d{4}))?")
_NTH: Final = re.compile(r"\b(1er|premier|[2-5]|2nd|dernier|deuxieme|second|troisieme|quatrieme|cinquieme)(?:e|eme|s)?\b")  # fmt: skip # noqa: E501
_NAMED: Final = {"1er": 1, "premier": 1, "2nd": 2, "second": 2, "deuxieme": 2, "troisieme": 3} | {
    "quatrieme": 4,
    "cinquieme": 5,
    "dernier": -1,
}
_EVERY: Final = re.compile(r"(?:toutes les )?(\d{1,2}|deux|trois|quatre) semaines|une semaine sur (\d|deux|trois|quatre)")  # fmt: skip # noqa: E501
_COUNTS: Final = {"deux": 2, "trois": 3, "quatre": 4}


class BadSentence(ValueError):
    """A sentence that says no slot; ``code`` says why of ``text``, its offending part."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


@dataclass(slots=True)
class _Said:
    """What has been understood so far."""

    rule: dict[str, Any]
    span: Span
    pauses: list[Span] = field(default_factory=list)
    holidays: bool = False


def read(sentence: str, words: Words, *, today: date, zone: str) -> Pattern:
    """The slot that this sentence says, from ``today`` on unless it says so. Raises BadSentence."""
    plain = _plain(sentence)
    hours = _HOURS.search(plain)
    if hours is None:
        raise BadSentence("no_hours", sentence)
    said = _Said({"first": today}, _span(hours))
    _read_days(plain[: hours.start()].rstrip(" ,"), said, words, today)
    rest, *parts = (part.strip() for part in re.split(r"[,;]", plain[hours.end() :]))
    if rest:
        raise BadSentence("not_understood", rest)
    for part in parts:
        _read_part(part, said, words, today)
    try:
        rule = Rule(**said.rule)
    except BadRule as wrong:
        raise BadSentence(wrong.code, sentence) from None
    return Pattern(rule, said.span, zone, tuple(sorted(said.pauses)), said.holidays)


def _read_days(before: str, said: _Said, words: Words, today: date) -> None:
    if "mois" not in before and (dated := _DATE.search(before)):
        said.rule["first"] = _date(dated, words, today)
        return
    if re.search(r"\btous les jours\b|\bchaque jour\b", before):
        said.rule["days"] = tuple(range(7))
        return
    said.rule["days"] = _weekdays(before, words)
    which = [_NAMED.get(each) or int(each) for each in _NTH.findall(before)]
    if which and "mois" in before:
        said.rule["nth"] = tuple(which)
    elif "mois" in before or which:
        raise BadSentence("not_understood", before)


def _read_part(part: str, said: _Said, words: Words, today: date) -> None:
    if "impaire" in part or "paire" in part:
        said.rule["weeks"] = Weeks.ODD if "impaire" in part else Weeks.EVEN
    elif every := _EVERY.search(part):
        count = every[1] or every[2]
        said.rule["every"] = _COUNTS.get(count) or int(count)
    elif part.startswith("a partir d"):
        said.rule["first"] = _dated(part, words, today)
    elif part.startswith("jusqu"):
        said.rule["until"] = _dated(part, words, today)
    elif part.startswith("pause") and (hours := _HOURS.search(part)):
        said.pauses.append(_span(hours))
    elif "ferie" in part:
        said.holidays = not re.search(r"\bsauf\b|\bhors\b|\bpas\b", part)
    else:
        raise BadSentence("not_understood", part)


def _weekdays(text: str, words: Words) -> tuple[int, ...]:
    names = {_plain(words[f"weekday.{day}"]): day for day in range(7)}
    found = [
        (names[name], m.start())
        for m in re.finditer(r"[a-z]+", text)
        if (name := m[0].removesuffix("s")) in names
    ]
    days = [day for day, _ in found]
    if not days:
        raise BadSentence("no_day", text)
    if len(days) == 2 and re.match(r"^du\b", text):
        first, last = days
        days = [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    return tuple(sorted(set(days)))


def _dated(part: str, words: Words, today: date) -> date:
    found = _DATE.search(part)
    if found is None:
        raise BadSentence("no_date", part)
    return _date(found, words, today)


def _date(found: re.Match[str], words: Words, today: date) -> date:
    """A day of a year; without one, the next such day."""
    months = {_plain(words[f"month.{month}"]): month for month in range(1, 13)}
    day, month, year = int(found[1]), months.get(found[2]), found[3]
    try:
        if month is None:
            raise ValueError(found[2])
        if year is not None:
            return date(int(year), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        raise BadSentence("no_date", found[0]) from None


def _span(hours: re.Match[str]) -> Span:
    start, end = (_minutes(hours[n], hours[0]) for n in (1, 2))
    if start == end or start >= DAY:
        raise BadSentence("no_length", hours[0])
    return Span(start, end if end > start else end + DAY)


def _minutes(clock: str, shown: str) -> int:
    if clock in {"minuit", "midi"}:
        return 0 if clock == "minuit" else DAY // 2
    hour, *rest = re.findall(r"\d+", clock)
    minutes = int(rest[0]) if rest else 0
    if minutes > 59 or int(hour) * 60 + minutes > DAY:
        raise BadSentence("no_such_time", shown)
    return int(hour) * 60 + minutes


def _plain(text: str) -> str:
    """Small letters without accents, one space at a time, and straight apostrophes."""
    letters = (c for c in normalize("NFKD", text.lower()) if not combining(c))
    plain = re.sub(r"\s+", " ", "".join(letters).replace("’", "'"))
    return plain.strip(" .")
