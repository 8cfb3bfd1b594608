"""Makes the tables in dispatcher/simulator/documented/ from what Twilio publishes.

usage: tools/carrier_tables.py VoiceResponse.d.ts MessagingResponse.d.ts twilio_api_v2010.json

The first two are in the npm package `twilio` (lib/twiml, MIT), the last is Twilio's OpenAPI
document (twilio-oai, MIT). Run by hand when Twilio documents something new.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "dispatcher" / "simulator" / "documented"
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
SERVED = re.compile(r"/(Calls|Messages|Queues)(/\{\w+\})?(/Members(/\{\w+\})?)?\.json")
"""The resources that the simulated network has."""
INTERFACE = re.compile(r"interface (\w+)Attributes \{(.*?)\n    \}", re.DOTALL)
CLASS = re.compile(r"class (\w+) extends TwiML \{(.*?)\n    ?\}", re.DOTALL)
TYPES = {"string": "text", "number": "whole", "boolean": "truth"}


def main() -> None:
    """Write the tables."""
    *types, api = sys.argv[1:]
    _write("twiml.json", _twiml(types))
    _write("rest.json", _rest(json.loads(Path(api).read_text(encoding="utf-8"))))


def _write(name: str, tables: object) -> None:
    text = json.dumps(tables, indent=1, ensure_ascii=False)
    (FOLDER / name).write_text(text + "\n", encoding="utf-8")


def _rest(api: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """For each request that is served, its fields: what each may hold."""
    schemas = api["components"]["schemas"]
    found: dict[str, dict[str, Any]] = {}
    for path, operations in api["paths"].items():
        if not SERVED.fullmatch(path.removeprefix(ACCOUNT)):
            continue
        for method in ("get", "post"):
            if method in operations:
                fields = {f["name"]: f["schema"] for f in operations[method].get("parameters", [])}
                body = operations[method].get("requestBody", {}).get("content", {})
                for form in body.values():
                    fields |= form["schema"].get("properties", {})
                name = f"{method.upper()} {path.removeprefix(ACCOUNT)}"
                found[name] = {n: _field(s, schemas) for n, s in sorted(fields.items())}
    return dict(sorted(found.items()))


def _field(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = schema.get("items", schema)
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return {key: schema[key] for key in ("type", "enum", "pattern") if key in schema}


def _twiml(sources: list[str]) -> dict[str, object]:
    enums: dict[str, list[str]] = {}
    elements: dict[str, dict[str, object]] = {}
    for source in sources:
        text = Path(source).read_text(encoding="utf-8")
        root = re.search(r"declare class (\w+Response)", text)[1]
        kind = {"VoiceResponse": "voice", "MessagingResponse": "message"}[root]
        for name, values in re.findall(r"    type (\w+) = (.+);", text):
            enums[name] = re.findall(r'"([^"]*)"', values)
        attributes = {
            name.lower(): dict(_attributes(body))
            for name, body in re.findall(
                r"interface (\w+)Attributes \{(.*?)\n    \}", text, re.DOTALL
            )
        }
        for name, body in re.findall(
            r"class (\w+) extends TwiML \{(.*?)\n    ?\}", text, re.DOTALL
        ):
            children = sorted({_tag(c) for c in re.findall(rf"\): {root}\.(\w+);", body)})
            tag = "Response" if name == root else _tag(name)
            elements[f"{kind} {tag}"] = {
                "attributes": attributes.get(name.lower(), {}),
                "children": children,
            }
    used = {
        kind.strip("[]") for element in elements.values() for kind in element["attributes"].values()
    }
    return {
        "enums": {name: values for name, values in sorted(enums.items()) if name in used},
        "elements": dict(sorted(elements.items())),
    }


def _attributes(body: str) -> list[tuple[str, str]]:
    found = re.findall(r'^        "?([\w:-]+)"?\??: (\w+)(\[\])?;', body, re.MULTILINE)
    return [(name, TYPES.get(kind, kind) + many) for name, kind, many in found]


def _tag(name: str) -> str:
    """``SsmlSayAs`` is written ``say-as``, ``Gather`` as it is."""
    if not name.startswith("Ssml"):
        return name
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name.removeprefix("Ssml")).lower()


if __name__ == "__main__":
    main()
