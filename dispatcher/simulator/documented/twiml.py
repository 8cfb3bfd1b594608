"""Whether a document says only what Twilio documents: verbs, nesting, attributes, values.

From ``twiml.json``, which ``tools/carrier_tables.py`` makes of Twilio's own type definitions.
Twilio itself passes over what it does not know, with a warning that nobody reads: a strict network
refuses it, so that what is wrong is seen before a real call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
    """What of this ``<Response>`` is not documented; ``kind`` is ``voice`` or ``message``."""
    return list(_odd(root, "Response", kind))


def _odd(element: Element, name: str, kind: str) -> Iterator[str]:
    known = _tables()["elements"][f"{kind} {name}"]
    yield from _odd_attributes(element, known["attributes"])
    if not known["text"] and _holds_text(element):
        yield f"<{element.tag}> holds text"
    for child in element:
        if child.tag in known["children"]:
            yield from _odd(child, known["children"][child.tag], kind)
        else:
            yield f"<{child.tag}> is not documented inside <{element.tag}>"


def _odd_attributes(element: Element, known: Mapping[str, str]) -> Iterator[str]:
    for name, value in ((key.replace(_XML, "xml:"), value) for key, value in element.items()):
        if name not in known:
            yield f"<{element.tag}> has no documented attribute {name!r}"
        elif not _fits(name, value, known[name]):
            yield f"<{element.tag}> {name}={value!r} is no documented value"


def _holds_text(element: Element) -> bool:
    return any(text and text.strip() for text in (element.text, *(c.tail for c in element)))


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
