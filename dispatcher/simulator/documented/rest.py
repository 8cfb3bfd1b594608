"""Whether a REST request asks only what Twilio documents: its fields, and what they may hold.

From ``rest.json``, which ``tools/carrier_tables.py`` makes of Twilio's own OpenAPI document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

TABLES = Path(__file__).with_name("rest.json")


@cache
def _requests() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    tables: dict[str, dict[str, Any]] = json.loads(TABLES.read_text(encoding="utf-8"))
    named = [(name.partition(" "), fields) for name, fields in tables.items()]
    return [(method, _pattern(path), fields) for (method, _, path), fields in named]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\w+)", re.escape(path)))


def undocumented(method: str, path: str, fields: Mapping[str, Iterable[str]]) -> list[str]:
    """What of this request Twilio does not document; ``path`` is as it stands after the account."""
    for known, pattern, documented in _requests():
        match = pattern.fullmatch(path)
        if match is not None and known == method:
            asked = {**fields, **{name: [value] for name, value in match.groupdict().items()}}
            return [
                f"{name}={value!r}" if name in documented else f"{name} is no field of this request"
                for name, values in asked.items()
                for value in values
                if name not in documented or not _fits(value, documented[name])
            ]
    return [f"{method} {path} is not documented"]


def _fits(value: str, field: Mapping[str, Any]) -> bool:
    if "enum" in field:
        return value in field["enum"]
    if "pattern" in field:
        return re.fullmatch(field["pattern"].strip("^$"), value) is not None
    if field.get("type") == "integer":
        return value.isdecimal()
    return value in {"true", "false"} if field.get("type") == "boolean" else True
