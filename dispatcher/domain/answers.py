"""What somebody wrote in the form that asks for a callback: a request, or what is to be mended.

The same numbers may be rung as by telephone. Of a wrong answer is said what is wrong, never whether
anybody is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dispatcher.domain import cases, form_replies, form_wishes
from dispatcher.domain.agents import Need
from dispatcher.domain.form import (
    DISCREET,
    Bounds,
    Field,
    Problem,
    Wrong,
    text,
)
from dispatcher.domain.numbers import BadNumber, PhoneNumber, Reason, parse, refusal
from dispatcher.domain.requests import Request

LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Sought:
    """The commune, and the need, for which somebody looks for a half-hour."""

    commune: str
    need: Need


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


def _gathered(
    fields: Iterable[Field], answers: Mapping[str, str], bounds: Bounds
) -> tuple[dict[Field, object], list[Problem]]:
    """What these fields say, and what is wrong with the others."""
    found: dict[Field, object] = {}
    problems: list[Problem] = []
    for field in fields:
        try:
            found[field] = _READ[field](answers, bounds)
        except Wrong as wrong:
            problems.append(Problem(field, wrong.key))
    if (
        found.pop(Field.POSTAL_CODE, None) is None
    ):  # which commune can only be asked once it is right
        problems = [each for each in problems if each.field is not Field.COMMUNE]
    return found, problems


def _number(answers: Mapping[str, str], bounds: Bounds) -> PhoneNumber:
    try:
        number = parse(text(answers, Field.NUMBER))
    except BadNumber as wrong:
        raise Wrong(_NUMBERS.get(wrong.code, "wrong.number.invalid")) from wrong
    refused = refusal(number, fiction=bounds.fiction)
    if refused is not None:
        raise Wrong(_NUMBERS.get(refused, "wrong.number.invalid"))
    if number in bounds.ours:
        raise Wrong("wrong.number.ours")
    return number


def _first_name(answers: Mapping[str, str], bounds: Bounds) -> str:
    del bounds
    name = " ".join(unicodedata.normalize("NFC", text(answers, Field.FIRST_NAME)).split())
    if not name:
        raise Wrong("wrong.first_name.empty")
    if len(name) > LONGEST_NAME:
        raise Wrong("wrong.first_name.long")
    if not name[0].isalpha() or not all(_is_of_a_name(sign) for sign in name):
        raise Wrong("wrong.first_name.signs")
    return name


def _is_of_a_name(sign: str) -> bool:
    return sign in " -'’." or unicodedata.category(sign)[0] in "LM"


def postal_code(answers: Mapping[str, str]) -> str:
    """The digits of the postal code, whatever else was written between them."""
    return re.sub(r"[\s.-]", "", text(answers, Field.POSTAL_CODE))


def _postal_code(answers: Mapping[str, str], bounds: Bounds) -> str:
    code = postal_code(answers)
    if not code:
        raise Wrong("wrong.postal_code.empty")
    if not re.fullmatch(r"[0-9]{5}", code):
        raise Wrong("wrong.postal_code.digits")
    if not bounds.atlas.at_postal_code(code):
        raise Wrong("wrong.postal_code.unknown")
    return code


def _commune(answers: Mapping[str, str], bounds: Bounds) -> str:
    codes = [each.code for each in bounds.atlas.at_postal_code(postal_code(answers))]
    if len(codes) == 1:
        return codes[0]
    chosen = text(answers, Field.COMMUNE)
    if chosen not in codes:
        raise Wrong("wrong.commune.which")
    return chosen


def _need(answers: Mapping[str, str], bounds: Bounds) -> Need:
    del bounds
    try:
        return Need(text(answers, Field.NEED))
    except ValueError:
        raise Wrong("wrong.need.none") from None


def _code(answers: Mapping[str, str], bounds: Bounds) -> str:
    """The code of an earlier case, or nothing. Whether it leads anywhere is not told."""
    del bounds
    code = re.sub(r"[\s,.#-]", "", text(answers, Field.CODE))
    if code and not cases.is_right(code):
        raise Wrong("wrong.code.mistyped")
    return code


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
    Field.PART: form_wishes.part,
    Field.NOT_BEFORE: form_wishes.not_before,
    Field.HALF_HOUR: form_wishes.half_hour,
    Field.DEADLINE: form_wishes.deadline,
    Field.CODE: _code,
    Field.REPLY: form_replies.reply,
    Field.EMAIL: form_replies.email,
    Field.QUESTION: form_replies.question,
}
