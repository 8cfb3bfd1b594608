"""What somebody wrote in the form that asks for a callback: a request, or what is to be mended.

The same numbers may be rung as by telephone. Of a wrong answer is said what is wrong, never whether
anybody is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from dispatcher.domain import cases
from dispatcher.domain.agents import Need
from dispatcher.domain.numbers import BadNumber, PhoneNumber, Reason, parse, refusal
from dispatcher.domain.requests import Request
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.territories import Atlas
from dispatcher.domain.wishes import HALF_HOUR, Part

LONGEST_NAME: Final = 40


class Field(StrEnum):
    """A question of the form, in their order; each is the name of its field."""

    NUMBER = "number"
    FIRST_NAME = "first_name"
    POSTAL_CODE = "postal_code"
    COMMUNE = "commune"
    NEED = "need"
    PART = "part"
    NOT_BEFORE = "not_before"
    HALF_HOUR = "half_hour"
    DEADLINE = "deadline"
    CODE = "code"


NOT_BEFORE_SIGNS: Final = "([01]?[0-9]|2[0-3]):([0-5][0-9])"
DISCREET: Final = "discreet"
"""The field that is ticked, or not."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer: a key of the catalogue ``asking``."""

    field: Field
    key: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be asked now: ``parts`` are those of the day in which people are rung, ``windows``
    the hours of it, ``booking`` whether they choose half-hours; ``ours`` our own numbers,
    ``fiction`` whether numbers kept for fiction may be rung.
    """

    atlas: Atlas
    parts: Container[Part]
    windows: WeeklySlots
    booking: bool
    ours: Container[str]
    day: date
    fiction: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """The commune, and the need, for which somebody looks for a half-hour."""

    commune: str
    need: Need


class _Wrong(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read(answers: Mapping[str, str], bounds: Bounds) -> Request | tuple[Problem, ...]:
    """The request that these answers are, or everything that is wrong with them, in the order of
    the form.
    """
    found, problems = _gathered(_READ, answers, bounds)
    if not {Field.COMMUNE, Field.NEED} <= found.keys():  # which half-hours there are depends on it
        problems = [each for each in problems if each.field is not Field.HALF_HOUR]
    if problems:
        return tuple(problems)
    return Request(**found, discreet=DISCREET in answers)  # type: ignore[arg-type]


def sought(answers: Mapping[str, str], bounds: Bounds) -> Sought | tuple[Problem, ...]:
    """Where and for what somebody looks for a half-hour, or what is wrong with that."""
    found, problems = _gathered((Field.POSTAL_CODE, Field.COMMUNE, Field.NEED), answers, bounds)
    return tuple(problems) if problems else Sought(**found)  # type: ignore[arg-type]


def chooses(answers: Mapping[str, str], bounds: Bounds) -> bool:
    """Whether they want to choose a half-hour, where that can be done."""
    return bounds.booking and _text(answers, Field.PART) == HALF_HOUR


def _gathered(
    fields: Iterable[Field], answers: Mapping[str, str], bounds: Bounds
) -> tuple[dict[Field, object], list[Problem]]:
    """What these fields say, and what is wrong with the others."""
    found: dict[Field, object] = {}
    problems: list[Problem] = []
    for field in fields:
        try:
            found[field] = _READ[field](answers, bounds)
        except _Wrong as wrong:
            problems.append(Problem(field, wrong.key))
    if (
        found.pop(Field.POSTAL_CODE, None) is None
    ):  # which commune can only be asked once it is right
        problems = [each for each in problems if each.field is not Field.COMMUNE]
    return found, problems


def _number(answers: Mapping[str, str], bounds: Bounds) -> PhoneNumber:
    try:
        number = parse(_text(answers, Field.NUMBER))
    except BadNumber as wrong:
        raise _Wrong(_NUMBERS.get(wrong.code, "wrong.number.invalid")) from wrong
    refused = refusal(number, fiction=bounds.fiction)
    if refused is not None:
        raise _Wrong(_NUMBERS.get(refused, "wrong.number.invalid"))
    if number in bounds.ours:
        raise _Wrong("wrong.number.ours")
    return number


def _first_name(answers: Mapping[str, str], bounds: Bounds) -> str:
    del bounds
    name = " ".join(unicodedata.normalize("NFC", _text(answers, Field.FIRST_NAME)).split())
    if not name:
        raise _Wrong("wrong.first_name.empty")
    if len(name) > LONGEST_NAME:
        raise _Wrong("wrong.first_name.long")
    if not name[0].isalpha() or not all(_is_of_a_name(sign) for sign in name):
        raise _Wrong("wrong.first_name.signs")
    return name


def _is_of_a_name(sign: str) -> bool:
    return sign in " -'’." or unicodedata.category(sign)[0] in "LM"


def postal_code(answers: Mapping[str, str]) -> str:
    """The digits of the postal code, whatever else was written between them."""
    return re.sub(r"[\s.-]", "", _text(answers, Field.POSTAL_CODE))


def _postal_code(answers: Mapping[str, str], bounds: Bounds) -> str:
    code = postal_code(answers)
    if not code:
        raise _Wrong("wrong.postal_code.empty")
    if not re.fullmatch(r"[0-9]{5}", code):
        raise _Wrong("wrong.postal_code.digits")
    if not bounds.atlas.at_postal_code(code):
        raise _Wrong("wrong.postal_code.unknown")
    return code


def _commune(answers: Mapping[str, str], bounds: Bounds) -> str:
    codes = [each.code for each in bounds.atlas.at_postal_code(postal_code(answers))]
    if len(codes) == 1:
        return codes[0]
    chosen = _text(answers, Field.COMMUNE)
    if chosen not in codes:
        raise _Wrong("wrong.commune.which")
    return chosen


def _need(answers: Mapping[str, str], bounds: Bounds) -> Need:
    del bounds
    try:
        return Need(_text(answers, Field.NEED))
    except ValueError:
        raise _Wrong("wrong.need.none") from None


def _part(answers: Mapping[str, str], bounds: Bounds) -> Part:
    if chooses(answers, bounds):
        return Part.ANY
    try:
        part = Part(_text(answers, Field.PART))
    except ValueError:
        raise _Wrong("wrong.part.none") from None
    if part not in bounds.parts:
        raise _Wrong("wrong.part.never")
    return part


def _not_before(answers: Mapping[str, str], bounds: Bounds) -> int | None:
    """Minutes after midnight; whoever chooses a half-hour has said it all."""
    text = _text(answers, Field.NOT_BEFORE)
    if not text or chooses(answers, bounds):
        return None
    read = re.fullmatch(NOT_BEFORE_SIGNS, text)
    if read is None:
        raise _Wrong("wrong.not_before.unreadable")
    minutes = int(read[1]) * 60 + int(read[2])
    part = _text(answers, Field.PART)
    windows = Part(part).within(bounds.windows) if part in set(Part) else bounds.windows
    if not any(windows.between(minutes, 24 * 60).days):
        raise _Wrong("wrong.not_before.never")
    return minutes


def _half_hour(answers: Mapping[str, str], bounds: Bounds) -> datetime | None:
    """The start of the one they chose; whether it is left, whoever takes it finds out."""
    if not chooses(answers, bounds):
        return None
    try:
        at = datetime.fromisoformat(_text(answers, Field.HALF_HOUR))
    except ValueError:
        raise _Wrong("wrong.half_hour.which") from None
    if at.tzinfo is None:
        raise _Wrong("wrong.half_hour.which")
    return at


def _deadline(answers: Mapping[str, str], bounds: Bounds) -> date | None:
    text = _text(answers, Field.DEADLINE)
    if not text:
        return None
    day = _date(text)
    if day is None:
        raise _Wrong("wrong.deadline.unreadable")
    if day < bounds.day:
        raise _Wrong("wrong.deadline.past")
    return day


def _code(answers: Mapping[str, str], bounds: Bounds) -> str:
    """The code of an earlier case, or nothing. Whether it leads anywhere is not told."""
    del bounds
    code = re.sub(r"[\s,.#-]", "", _text(answers, Field.CODE))
    if code and not cases.is_right(code):
        raise _Wrong("wrong.code.mistyped")
    return code


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


def _text(answers: Mapping[str, str], field: Field) -> str:
    return answers.get(field, "").strip()


_NUMBERS: Final = {
    Reason.EMPTY: "wrong.number.empty",
    Reason.NOT_A_NUMBER: "wrong.number.signs",
    Reason.EXTENSION: "wrong.number.extension",
    Reason.SHORT: "wrong.number.short",
    Reason.FOREIGN: "wrong.number.foreign",
    Reason.SATELLITE: "wrong.number.foreign",
    Reason.PREMIUM: "wrong.number.nobodys",
    Reason.SHARED_COST: "wrong.number.nobodys",
    Reason.TOLL_FREE: "wrong.number.nobodys",
    Reason.SPECIAL: "wrong.number.nobodys",
}
_READ: Final[dict[Field, Callable[[Mapping[str, str], Bounds], object]]] = {
    Field.NUMBER: _number,
    Field.FIRST_NAME: _first_name,
    Field.POSTAL_CODE: _postal_code,
    Field.COMMUNE: _commune,
    Field.NEED: _need,
    Field.PART: _part,
    Field.NOT_BEFORE: _not_before,
    Field.HALF_HOUR: _half_hour,
    Field.DEADLINE: _deadline,
    Field.CODE: _code,
}
