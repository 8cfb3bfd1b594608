"""What each field of a ``[[line]]`` may hold: a TOML value becomes ours, or BadField is raised.

Territories are looked up in the files of ``data/territories``, read only when a line names one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatcher.domain.agents import Need
from dispatcher.domain.lines import ANY
from dispatcher.domain.numbers import BadNumber, PhoneNumber, Reason, parse, refusal
from dispatcher.domain.schedule import BadSlots, WeeklySlots
from dispatcher.domain.territories import FRANCE, Atlas, Level, Territory, load_atlas

OPEN, CLOSED = "open", "closed"
NEEDS = (Need.PROCEDURES, Need.MEDIATION)
TERRITORIES = Path(__file__).parent / "data" / "territories"


class BadField(ValueError):
    """A field that cannot stand: a key of catalogue ``lines``, and what fills its sentence."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def line_id(value: object) -> str:
    """A short name for logs and keys."""
    read = _text(value)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", read):
        raise BadField("id", value=read)
    return read


def numbers(value: object) -> tuple[str, ...]:
    """The carrier's numbers of a line in E.164, or ``*``; at least one."""
    if not isinstance(value, list) or not value:
        raise BadField("numbers")
    return tuple(ANY if number == ANY else carrier_number(number) for number in value)


def carrier_number(value: object) -> str:
    """A number in E.164."""
    read = _text(value)
    try:
        return parse(read)
    except BadNumber:
        raise BadField("number", value=read) from None


def number_to_ring(value: object) -> PhoneNumber:
    """A number in E.164 that costs nobody a surcharge and may be rung, as any citizen's."""
    number = PhoneNumber(carrier_number(value))
    if refusal(number, fiction=True) is not None:
        raise BadField("number", value=value)
    return number


def public_number(value: object) -> str:
    """A number in E.164, or a short one such as 3939 as it is."""
    read = _text(value)
    try:
        return parse(read)
    except BadNumber as wrong:
        digits = "".join(read.split())
        if wrong.code is Reason.SHORT and re.fullmatch(r"[0-9]{3,6}", digits):
            return digits
        raise BadField("number", value=read) from None


def timezone(value: object) -> str:
    """The name of an IANA time zone."""
    read = _text(value)
    try:
        return ZoneInfo(read).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadField("timezone", value=read) from None


def hours(value: object) -> WeeklySlots:
    """The hours of a week."""
    return _hours(value, WeeklySlots.parse)


def hours_of_a_day(value: object) -> WeeklySlots:
    """The hours of each day of an exception; none when empty."""
    return _hours(value, WeeklySlots.daily)


def holidays(value: object) -> bool:
    """Whether the line closes on public holidays."""
    if value not in (OPEN, CLOSED):
        raise BadField("holidays", value=value)
    return value == CLOSED


def truth(value: object) -> bool:
    """A yes or a no."""
    if not isinstance(value, bool):
        raise BadField("truth", value=value)
    return value


def departement(value: object) -> str:
    """The code of a département or overseas collectivity."""
    code = _text(value).upper()
    if not _atlas().knows(Territory(Level.DEPARTEMENT, code)):
        raise BadField("no_such_departement", value=value)
    return code


def territory(value: object) -> Territory | None:
    """A territory that exists, under its present code; None for all of France."""
    read = _text(value)
    try:
        named = Territory.parse(read.lower())
    except ValueError:
        raise BadField("not_a_territory", value=read) from None
    if not _atlas().knows(named):
        raise BadField("no_such_territory", value=read)
    return None if named == FRANCE else _atlas().present(named)


def need(value: object) -> Need:
    """What somebody may have asked for."""
    if value not in NEEDS:
        raise BadField("need", value=value)
    return Need(str(value))


def day(value: object) -> date:
    """A date, as TOML writes it or in quotes."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise BadField("day", value=value) from None


def day_or_time(value: object) -> date:
    """A date, or a date and time without offset, as TOML writes them or in quotes.

    Of a year from 2000 to 2999: those at the ends of the calendar have no moment in every zone.
    """
    read = value if isinstance(value, date) else _moment(_text(value))
    if read is None or not 2000 <= read.year <= 2999:
        raise BadField("day_or_time", value=value)
    if isinstance(read, datetime) and read.tzinfo is not None:
        raise BadField("day_or_time", value=value)
    return read


def sentence(most: int) -> Callable[[object], str]:
    """A reader of what callers are told: on one line, of ``most`` characters at most."""

    def read(value: object) -> str:
        said = " ".join(_text(value).split())
        if not said or len(said) > most or not said.isprintable():
            raise BadField("sentence", most=most)
        return said

    return read


def whole(least: int, most: int) -> Callable[[object], int]:
    """A reader of whole numbers between two bounds, both included."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise BadField("whole", value=value, least=least, most=most)
        return value

    return read


def _moment(text: str) -> date | None:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return None


@cache
def _atlas() -> Atlas:
    return load_atlas(TERRITORIES)


def _hours(value: object, read: Callable[[str], WeeklySlots]) -> WeeklySlots:
    try:
        return read(_text(value))
    except BadSlots as wrong:
        raise BadField(f"hours.{wrong.code}", value=wrong.text) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadField("text", value=value)
    return value
