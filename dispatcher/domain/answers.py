"""What somebody wrote in the form that asks for a callback: a request, or what is to be mended.

The same numbers may be rung as by telephone. Of a wrong answer is said what is wrong, never whether
anybody is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from dispatcher.domain.agents import Need
from dispatcher.domain.inquiries import LONGEST_QUESTION, Bad, written
from dispatcher.domain.mails import Address, read_address
from dispatcher.domain.numbers import BadNumber, PhoneNumber, Reason, is_mobile, parse, refusal
from dispatcher.domain.replies import Reply
from dispatcher.domain.requests import Request
from dispatcher.domain.territories import Atlas
from dispatcher.domain.wishes import Part

LONGEST_NAME: Final = 40


class Field(StrEnum):
    """A question of the form, in their order; each is the name of its field."""

    NUMBER = "number"
    FIRST_NAME = "first_name"
    POSTAL_CODE = "postal_code"
    COMMUNE = "commune"
    NEED = "need"
    PART = "part"
    DEADLINE = "deadline"
    REPLY = "reply"
    EMAIL = "email"
    QUESTION = "question"


WRITTEN: Final = frozenset({Field.REPLY, Field.EMAIL, Field.QUESTION})
"""How they want to be answered; without these, by telephone."""
DISCREET: Final = "discreet"
"""The field that is ticked, or not."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer: a key of the catalogue ``asking``."""

    field: Field
    key: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be asked now: ``parts`` are those of the day in which people are rung, ``ours`` our
    own numbers, ``fiction`` whether numbers kept for fiction may be rung, ``replies`` how
    somebody may be answered.
    """

    atlas: Atlas
    parts: Container[Part]
    ours: Container[str]
    day: date
    fiction: bool = False
    replies: Container[Reply] = (Reply.TELEPHONE,)


class _Wrong(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read(answers: Mapping[str, str], bounds: Bounds) -> Request | tuple[Problem, ...]:
    """The request that these answers are, or everything that is wrong with them, in the order of
    the form.
    """
    found: dict[Field, object] = {}
    problems: list[Problem] = []
    for field, reading in _READ.items():
        try:
            found[field] = reading(answers, bounds)
        except _Wrong as wrong:
            problems.append(Problem(field, wrong.key))
    code = found.pop(Field.POSTAL_CODE, None)
    if code is None:  # which commune it is can only be asked once the code is right
        problems = [each for each in problems if each.field is not Field.COMMUNE]
    if problems:
        return tuple(problems)
    return Request(**found, discreet=DISCREET in answers)  # type: ignore[arg-type]


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
    try:
        part = Part(_text(answers, Field.PART))
    except ValueError:
        raise _Wrong("wrong.part.none") from None
    if part not in bounds.parts:
        raise _Wrong("wrong.part.never")
    return part


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


def _reply(answers: Mapping[str, str], bounds: Bounds) -> Reply:
    reply = _asked(answers)
    if reply is None or reply not in bounds.replies:
        raise _Wrong("wrong.reply.none")
    try:
        number = parse(_text(answers, Field.NUMBER))
    except BadNumber:  # which is said of the number
        return reply
    if reply is Reply.TEXT and not is_mobile(number, fiction=bounds.fiction):
        raise _Wrong("wrong.reply.mobile")
    return reply


def _email(answers: Mapping[str, str], bounds: Bounds) -> Address | None:
    del bounds
    if _asked(answers) is not Reply.MAIL:
        return None
    found = read_address(answers.get(Field.EMAIL, ""))
    if found is None:
        empty = not _text(answers, Field.EMAIL)
        raise _Wrong("wrong.email.empty" if empty else "wrong.email.unreadable")
    return found


def _question(answers: Mapping[str, str], bounds: Bounds) -> str:
    del bounds
    reply = _asked(answers)
    if reply in {None, Reply.TELEPHONE}:
        return ""
    found = written(answers.get(Field.QUESTION, ""), at_most=LONGEST_QUESTION)
    if found is Bad.EMPTY and reply is Reply.RELAY:
        return ""
    if isinstance(found, Bad):
        raise _Wrong(_QUESTIONS[found])
    return found


def _asked(answers: Mapping[str, str]) -> Reply | None:
    try:
        return Reply(_text(answers, Field.REPLY) or Reply.TELEPHONE)
    except ValueError:
        return None


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


_QUESTIONS: Final = {
    Bad.EMPTY: "wrong.question.empty",
    Bad.LONG: "wrong.question.long",
    Bad.SIGNS: "wrong.question.signs",
}
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
    Field.DEADLINE: _deadline,
    Field.REPLY: _reply,
    Field.EMAIL: _email,
    Field.QUESTION: _question,
}
