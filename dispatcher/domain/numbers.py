"""Telephone numbers: read as French people write them, refused where they may not be rung.

Which numbers are premium, shared cost or mobile comes from libphonenumber, where the French plan
(ARCEP decision 2022-1583) is kept up. Its type alone is not enough (a satellite number is a valid
mobile), so regions are allowed by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import NewType

import phonenumbers
from phonenumbers import PhoneNumberType as Type

PhoneNumber = NewType("PhoneNumber", str)
"""A number in E.164, as ``parse`` returns it: ``+33465710012``."""


class Reason(StrEnum):
    """Why a text is no number (``BadNumber``), or why a number is never dialled (``refusal``)."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    EXTENSION = "extension"
    SHORT = "short"
    INVALID = "invalid"
    FOREIGN = "foreign"
    SATELLITE = "satellite"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    TOLL_FREE = "toll_free"
    SPECIAL = "special"
    FICTION = "fiction"


class BadNumber(ValueError):
    """A text that is no telephone number; ``code`` is a ``Reason``."""

    def __init__(self, code: Reason) -> None:
        super().__init__(code)
        self.code = code


OVERSEAS = ("GP", "MQ", "GF", "RE", "YT")
_SERVED = {"FR", "BL", "MF", *OVERSEAS}
_COUNTRY_CODES = {33, 262, 590, 594, 596}
_OVERSEAS_RANGES = ("0262", "0263", "0269", "059", "0639", "069", "0976")
_SATELLITES = {870, 881, 882, 883}
_PREMIUM_WORLDWIDE = 979
_DIALLED = {Type.FIXED_LINE, Type.MOBILE, Type.FIXED_LINE_OR_MOBILE, Type.VOIP}
_REFUSED_TYPES = {
    Type.PREMIUM_RATE: Reason.PREMIUM,
    Type.SHARED_COST: Reason.SHARED_COST,
    Type.TOLL_FREE: Reason.TOLL_FREE,
}
_FICTION = re.compile(r"\+3363998\d{4}")
_SEPARATORS = frozenset(" \t\r\n.-/()_·‐‑‒–—\u00a0\u2009\u202f")
_LONGEST = 64


def parse(raw: str) -> PhoneNumber:
    """The number that a person wrote or keyed, or that the carrier names.

    Digits of any script, separators and invisible marks are understood; an overseas number written
    the national way (0690…, or wrongly +33 690…) gets its own country code. Idempotent. Raises
    BadNumber.
    """
    digits = _digits(raw)
    if digits.startswith("063998") and len(digits) == 10:
        return PhoneNumber("+33" + digits[1:])
    for region in _regions(digits):
        if (number := _valid(digits, region)) is not None:
            return PhoneNumber(_e164(number))
    raise BadNumber(Reason.INVALID)


def digits_keyed(text: str) -> PhoneNumber | None:
    """The number somebody keyed on their telephone: ten digits from 0, a closing ``#`` allowed."""
    digits = text.strip().removesuffix("#")
    if not (len(digits) == 10 and digits.isascii() and digits.isdigit() and digits[0] == "0"):
        return None
    try:
        return parse(digits)
    except BadNumber:
        return None


def refusal(number: str, *, fiction: bool = False) -> Reason | None:
    """Why this number may never be dialled or texted by us; None when it may.

    Only fixed, mobile and VoIP numbers of France and its five overseas départements are. With
    ``fiction``, ARCEP's 06 39 98 xx xx for films counts as a mobile. Never raises: what is no
    number is refused.
    """
    if _FICTION.fullmatch(number):
        return None if fiction else Reason.FICTION
    if number.isdigit() and len(number) <= 6:
        return Reason.SHORT
    known = _valid(number, None)
    if known is None or _e164(known) != number:  # an extension would be dialled unseen
        return Reason.INVALID
    if known.country_code in _SATELLITES:
        return Reason.SATELLITE
    kind = phonenumbers.number_type(known)
    if kind not in _DIALLED or known.country_code == _PREMIUM_WORLDWIDE:
        return _REFUSED_TYPES.get(kind, Reason.SPECIAL)
    return None if phonenumbers.region_code_for_number(known) in _SERVED else Reason.FOREIGN


def is_mobile(number: str, *, fiction: bool = False) -> bool:
    """Whether this is a French or overseas mobile that we may text."""
    if refusal(number, fiction=fiction) is not None:
        return False
    known = _valid(number, None)
    return known is None or phonenumbers.number_type(known) == Type.MOBILE  # None: fiction, let in


def in_pairs(number: str) -> str:
    """The number as French people read it, ``04 65 71 00 12``; a foreign one with its ``+``."""
    known = _parsed(number, None)
    if known is None:
        return _paired(number) if number.isdigit() and len(number) % 2 == 0 else number
    if known.country_code in _COUNTRY_CODES:
        return _paired(f"0{known.national_number}")
    return phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def masked(number: str) -> str:
    """What somebody without a need to know sees: ``•• •• •• •• 12``."""
    return "•• •• •• •• " + (number[-2:] if len(number) > 6 else "••")


def _digits(raw: str) -> str:
    """The digits of ``raw``: ten from 0 when it is French, else ``+`` and the others."""
    if len(raw) > _LONGEST:
        raise BadNumber(Reason.NOT_A_NUMBER)
    text = "".join(_signs(raw.strip().removeprefix("tel:")))
    if re.match(r"(\+|00)", text):
        text = "+" + text.removeprefix("+").removeprefix("00")
    if not text:
        raise BadNumber(Reason.EMPTY)
    if not re.fullmatch(r"\+?[0-9]+", text):
        extended = re.match(r"\+?[0-9]{9,}[^0-9]", text)
        raise BadNumber(Reason.EXTENSION if extended else Reason.NOT_A_NUMBER)
    if french := re.fullmatch(r"\+?330?([1-9][0-9]{8})", text):
        return f"0{french[1]}"
    if text.startswith(("+", "0")) and len(text) > 6:
        return text
    raise BadNumber(Reason.SHORT if len(text) <= 6 else Reason.INVALID)


def _signs(raw: str) -> Iterator[str]:
    for sign in raw:
        if sign in _SEPARATORS or unicodedata.category(sign) == "Cf":
            continue
        digit = unicodedata.decimal(sign, None)
        yield "+" if sign == "\uff0b" else sign if digit is None else str(digit)


def _regions(digits: str) -> tuple[str | None, ...]:
    if digits.startswith("+"):
        return (None,)
    return (*OVERSEAS, "FR") if digits.startswith(_OVERSEAS_RANGES) else ("FR",)


def _valid(digits: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    number = _parsed(digits, region)
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def _parsed(digits: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _paired(digits: str) -> str:
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))
