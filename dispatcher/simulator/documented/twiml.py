"""Whether a document says only what Twilio documents: verbs, nesting, attributes, values.

From ``twiml.json``, which ``tools/carrier_tables.py`` makes of Twilio's own type definitions.
Twilio itself passes over what it does not know, with a warning that nobody reads: a strict network
refuses it, so that what is wrong is seen before a real call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

TABLES = Path(__file__).with_name("twiml.json")
MANY = "[]"
METHODS = ("GET", "POST")
_XML = "{http://www.w3.org/XML/1998/namespace}"
"""What ElementTree makes of the prefix of ``xml:lang``."""


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = json.loads(TABLES.read_text(encoding="utf-8"))
    return tables


def undocumented(root: Element, *, kind: str = "voice") -> list[str]:
    """What of this document Twilio does not document; ``kind`` is ``voice`` or ``message``."""
    return list(_odd(root, kind))


def _odd(element: Element, kind: str) -> Iterator[str]:
    known = _tables()["elements"].get(f"{kind} {element.tag}")
    if known is None:
        yield f"<{element.tag}> is not documented"
        return
    for name, value in ((key.replace(_XML, "xml:"), value) for key, value in element.items()):
        expected = known["attributes"].get(name)
        if expected is None:
            yield f"<{element.tag}> has no documented attribute {name!r}"
        elif not _fits(name, value, expected):
            yield f"<{element.tag}> {name}={value!r} is no documented value"
    for child in element:
        if child.tag not in known["children"]:
            yield f"<{child.tag}> is not documented inside <{element.tag}>"
        else:
            yield from _odd(child, kind)


def _fits(name: str, value: str, expected: str) -> bool:
    if name == "method" or name.endswith("Method"):
        return value in METHODS
    match expected:
        case "text":
            return True
        case "whole":
            return value.isdecimal()
        case "truth":
            return value in {"true", "false"}
    allowed = _tables()["enums"][expected.removesuffix(MANY)]
    values = value.split() if expected.endswith(MANY) else [value]
    return bool(values) and all(each in allowed for each in values)
