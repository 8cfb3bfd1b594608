"""Whether a REST request asks only what Twilio documents: its fields, and what they may hold.

From ``rest.json``, which ``tools/carrier_tables.py`` makes of Twilio's own OpenAPI document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

TABLES = Path(__file__).with_name("rest.json")
_ADDRESS = re.compile(r"https?://[^\s/?#]+([/?#]\S*)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T|$)")


@dataclass(frozen=True, slots=True)
class Oddity:
    """What is not documented of a request; ``in_path`` when it leads to nothing at all."""

    what: str
    in_path: bool = False

    def __str__(self) -> str:
        return self.what


def undocumented(method: str, path: str, fields: Mapping[str, Collection[str]]) -> list[Oddity]:
    """What of this request Twilio does not document; ``path`` is as it stands after the account."""
    for known, pattern, documented in _requests():
        match = pattern.fullmatch(path)
        if match is not None and known == method:
            return [*_in_path(match.groupdict(), documented), *_in_form(fields, documented)]
    return [Oddity(f"{method} {path} is not documented", in_path=True)]


@cache
def _requests() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    tables: dict[str, dict[str, Any]] = json.loads(TABLES.read_text(encoding="utf-8"))
    named = [(name.partition(" "), fields) for name, fields in tables.items()]
    return [(method, _pattern(path), fields) for (method, _, path), fields in named]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def _in_path(ids: Mapping[str, str], documented: Mapping[str, Any]) -> Iterator[Oddity]:
    for name, value in ids.items():
        if not _fits(value, documented[name]):
            yield Oddity(f"{name}={value!r}", in_path=True)


def _in_form(
    fields: Mapping[str, Collection[str]], documented: Mapping[str, Any]
) -> Iterator[Oddity]:
    for name, values in fields.items():
        if name not in documented:
            yield Oddity(f"{name} is no field of this request")
            continue
        if len(values) > 1 and not documented[name].get("many"):
            yield Oddity(f"{name} is given {len(values)} times")
        for value in values:
            if not _fits(value, documented[name]):
                yield Oddity(f"{name}={value!r}")


def _fits(value: str, field: Mapping[str, Any]) -> bool:
    if "enum" in field:
        return value in field["enum"]
    if "pattern" in field:
        return re.fullmatch(field["pattern"].strip("^$"), value) is not None
    match field.get("type"), field.get("format"):
        case "integer", _:
            fits = value.isdecimal() and _within(int(value), field)
        case "boolean", _:
            fits = value in {"true", "false"}
        case _, "uri":
            fits = _ADDRESS.fullmatch(value) is not None
        case _, "date-time":
            fits = _is_moment(value)
        case _:
            fits = True
    return fits


def _within(value: int, field: Mapping[str, Any]) -> bool:
    return bool(field.get("minimum", value) <= value <= field.get("maximum", value))


def _is_moment(value: str) -> bool:
    """Twilio's own examples are whole days (2009-07-06) and moments (2009-07-06T20:36:28Z)."""
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return _DAY.match(value) is not None
