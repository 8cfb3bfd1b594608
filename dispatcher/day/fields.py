"""What each field of a day's file may hold: a TOML value becomes ours, or BadField is raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from dispatcher.domain.agents import Need
from dispatcher.domain.numbers import BadNumber, PhoneNumber, parse

Readers = Mapping[str, Callable[[Any], Any]]
E = TypeVar("E", bound=StrEnum)
MASKED = "masked"
FICTION = re.compile(r"\+33(?:19900|26191|35301|46571|53649|63998)[0-9]{4}")
"""The ranges that nobody is ever given (ARCEP decision 2022-1583, 2.5.12)."""


class BadField(ValueError):
    """A field that cannot stand: a key of catalogue ``day``, and what fills its sentence."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def text(value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise BadField("day.file.text", value=value)
    return value.strip()


def day(value: object) -> date:
    """A TOML date."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadField("day.file.date", value=value)
    return value


def clock(value: object) -> time:
    """``"09:12"`` or ``"09:12:30"``, or a TOML time."""
    if isinstance(value, time):
        return value.replace(microsecond=0)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", value):
        try:
            return time.fromisoformat(value.rjust(len(value) + (value[1] == ":"), "0"))
        except ValueError as wrong:
            raise BadField("day.file.clock", value=value) from wrong
    raise BadField("day.file.clock", value=value)


def whole(least: int, most: int) -> Callable[[Any], int]:
    """A whole number between two."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise BadField("day.file.whole", value=value, least=least, most=most)
        return value

    return read


def seconds(most: float) -> Callable[[Any], float]:
    """So many seconds at most."""

    def read(value: object) -> float:
        return _between(value, 0, most)

    return read


def chance(value: object) -> float:
    """From 0 (never) to 1 (always)."""
    return _between(value, 0, 1)


def span(most: float) -> Callable[[Any], tuple[float, float]]:
    """``[60, 300]``: evenly between two numbers of seconds; or one, always the same."""

    def read(value: object) -> tuple[float, float]:
        if isinstance(value, list):
            if len(value) != 2 or _between(value[0], 0, most) > _between(value[1], 0, most):
                raise BadField("day.file.span", value=value)
            return float(value[0]), float(value[1])
        return (_between(value, 0, most),) * 2

    return read


def one_of(choices: type[E]) -> Callable[[Any], E]:
    """One of a few words."""

    def read(value: object) -> E:
        if value not in set(choices):
            raise BadField("day.file.choice", value=value, known=", ".join(choices))
        return choices(str(value))

    return read


def some_of(choices: type[E]) -> Callable[[Any], tuple[E, ...]]:
    """A list of such words, at least one."""

    def read(value: object) -> tuple[E, ...]:
        listed = value if isinstance(value, list) else [value]
        if not listed:
            raise BadField("day.file.choice", value=value, known=", ".join(choices))
        return tuple(map(one_of(choices), listed))

    return read


def yes(value: object) -> bool:
    """``true`` or ``false``."""
    if not isinstance(value, bool):
        raise BadField("day.file.yes", value=value)
    return value


def texts(value: object) -> tuple[str, ...]:
    """A list of texts, at least one."""
    if not isinstance(value, list) or not value:
        raise BadField("day.file.texts", value=value)
    return tuple(map(text, value))


def caller(value: object) -> PhoneNumber | str:
    """A number that nobody has, or ``masked``."""
    if value == MASKED:
        return MASKED
    try:
        number = parse(text(value))
    except BadNumber as wrong:
        raise BadField("day.file.fiction") from wrong
    if not FICTION.fullmatch(number):
        raise BadField("day.file.fiction")
    return number


def shares(value: object) -> dict[Need, float]:
    """What part of the callers has which need: ``{ procedures = 6, mediation = 3 }``."""
    read = weights(value)
    if unknown := sorted(read.keys() - set(Need)):
        raise BadField("day.file.choice", value=unknown[0], known=", ".join(Need))
    return {Need(name): weight for name, weight in read.items()}


def hours(value: object) -> dict[int, float]:
    """How busy each hour is beside the others: ``{ "9" = 3, "10" = 5 }``."""
    read = weights(value)
    if wrong := [name for name in read if not re.fullmatch(r"[01]?[0-9]|2[0-3]", name)]:
        raise BadField("day.file.hour", value=wrong[0])
    return {int(name): weight for name, weight in read.items()}


def weights(value: object) -> dict[str, float]:
    """Numbers by name, of which one at least is more than nothing."""
    if not isinstance(value, dict) or not value:
        raise BadField("day.file.weights", value=value)
    read = {str(name): _between(weight, 0, 1_000_000) for name, weight in value.items()}
    if not sum(read.values()):
        raise BadField("day.file.weights", value=value)
    return read


def file(beside: Path) -> Callable[[Any], Path]:
    """A file that can be read, named from the folder ``beside`` which it is looked for."""

    def read(value: object) -> Path:
        path = beside / Path(text(value)).expanduser()
        if not path.is_file():
            raise BadField("day.file.no_file", path=path)
        return path

    return read


def _between(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise BadField("day.file.between", value=value, least=f"{least:g}", most=f"{most:g}")
    return float(value)
