"""As much of JSON Schema as our OpenAPI document uses; what it does not know, it refuses."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
FORMATS: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "date-time": lambda text: datetime.fromisoformat(text).astimezone(),
    "uri": lambda text: urlsplit(text).scheme,
}
KNOWN = {
    *("type", "properties", "required", "additionalProperties", "items", "enum", "pattern"),
    *("format", "minLength", "maxLength", "description", "default", "$ref"),
}


def faults(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "") -> list[str]:
    """Everything in which this value is not as the schema says."""
    assert set(schema) <= KNOWN, f"{at}: {set(schema) - KNOWN}"
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return faults(value, found, document, at)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, kind) for kind in kinds):
        return [f"{at}: not {kinds}"]
    if isinstance(value, dict):
        return _of_object(value, schema, document, at)
    if isinstance(value, list):
        return [
            wrong for each in value for wrong in faults(each, schema["items"], document, f"{at}[]")
        ]
    return _of_text(value, schema, at) if isinstance(value, str) else []


def _is(value: Any, kind: str) -> bool:
    if kind == "integer" and isinstance(value, bool):
        return False
    return isinstance(value, KINDS[kind])


def _of_object(
    value: dict[str, Any], schema: dict[str, Any], document: dict[str, Any], at: str
) -> list[str]:
    assert schema["additionalProperties"] is False
    properties = schema["properties"]
    wrong = [f"{at}.{name}: missing" for name in schema["required"] if name not in value]
    for name, member in value.items():
        if name in properties:
            wrong += faults(member, properties[name], document, f"{at}.{name}")
        else:
            wrong.append(f"{at}.{name}: unknown")
    return wrong


def _of_text(value: str, schema: dict[str, Any], at: str) -> list[str]:
    wrong = []
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{at}: {value} not in enum")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        wrong.append(f"{at}: pattern")
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        wrong.append(f"{at}: length")
    if "format" in schema:
        FORMATS[schema["format"]](value)
    return wrong
