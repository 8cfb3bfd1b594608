"""Makes the tables in dispatcher/simulator/documented/ from what Twilio publishes.

usage: tools/carrier_tables.py TWIML_FOLDER twilio_api_v2010.json

The folder is `lib/twiml` of the npm package `twilio` (MIT): its types say what attributes may hold,
its builders which tag stands in which and where text does. The last is Twilio's OpenAPI document
(twilio-oai, MIT). Run by hand when Twilio documents something new.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "dispatcher" / "simulator" / "documented"
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
SERVED = re.compile(
    r"/((Calls|Messages|Queues|Conferences)(/\{\w+\})?(/(Members|Participants)(/\{\w+\})?)?"
    r"|Calls/\{\w+\}/Recordings|Recordings/\{\w+\})\.json"
)
"""The resources that the simulated network has."""
MEDIUM = "/Recordings/{Sid}.mp3"
INTERFACE = re.compile(r"interface (\w+)Attributes \{(.*?)\n    \}", re.DOTALL)
ENUM = re.compile(r"    type (\w+) = (.+);")
KINDS = {"voice": "VoiceResponse", "message": "MessagingResponse"}
KEPT = ("type", "format", "enum", "pattern", "minimum", "maximum")
EVENTS, CALL_EVENTS = "StatusCallbackEvent", "#/components/schemas/call_enum_event"
"""Of this field the document names the values in words alone; the schema holds them unused."""
TYPES = {"string": "text", "number": "whole", "boolean": "truth"}


def main() -> None:
    """Write the tables."""
    types, api = sys.argv[1:]
    _write("twiml.json", _twiml(Path(types)))
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
        for method in ("get", "post", "delete"):
            if method in operations:
                fields = {f["name"]: f["schema"] for f in operations[method].get("parameters", [])}
                body = operations[method].get("requestBody", {}).get("content", {})
                for form in body.values():
                    fields |= form["schema"].get("properties", {})
                name = f"{method.upper()} {path.removeprefix(ACCOUNT)}"
                found[name] = {n: _field(n, s, schemas) for n, s in sorted(fields.items())}
    # The sound of a recording is documented in words alone.
    found[f"GET {MEDIUM}"] = found["DELETE " + MEDIUM.replace(".mp3", ".json")]
    return dict(sorted(found.items()))


def _field(name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    many = {"many": True} if schema.get("type") == "array" else {}
    schema = schema.get("items", schema)
    if name == EVENTS and many:
        schema = {"$ref": CALL_EVENTS}
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return {key: schema[key] for key in KEPT if key in schema} | many


def _twiml(folder: Path) -> dict[str, object]:
    enums: dict[str, list[str]] = {}
    elements: dict[str, dict[str, Any]] = {}
    for kind, root in KINDS.items():
        types = (folder / f"{root}.d.ts").read_text(encoding="utf-8")
        builder = (folder / f"{root}.js").read_text(encoding="utf-8")
        enums |= {n: re.findall(r'"([^"]*)"', v) for n, v in ENUM.findall(types)}
        elements |= {f"{kind} {n}": e for n, e in _elements(root, types, builder).items()}
    named = [set(element["attributes"].values()) for element in elements.values()]
    used = {each.removesuffix("[]") for each in set().union(*named)}
    return {
        "enums": {name: values for name, values in sorted(enums.items()) if name in used},
        "elements": dict(sorted(elements.items())),
    }


def _elements(root: str, types: str, builder: str) -> dict[str, dict[str, Any]]:
    """For each class of the library what it may bear and hold: ``children`` are class by tag."""
    attributes = {name.lower(): _attributes(body) for name, body in INTERFACE.findall(types)}
    made = re.findall(
        rf'new {root}\.(\w+)\(this\.(\w+)\.ele\("([\w-]+)", attributes(.*?)\)', builder
    )
    names = {each.lower(): each for each, *_ in made} | {"response": "Response"}
    found: dict[str, dict[str, Any]] = {
        name: {"attributes": attributes.get(name.lower(), {}), "children": {}, "text": False}
        for name in names.values()
    }
    for name, holder, tag, text in made:
        found[names[holder.lower()]]["children"][tag] = name
        found[name]["text"] |= bool(text)
    for element in found.values():
        element["children"] = dict(sorted(element["children"].items()))
    return found


def _attributes(body: str) -> dict[str, str]:
    found = re.findall(r'^        "?([\w:-]+)"?\??: (\w+)(\[\])?;', body, re.MULTILINE)
    return {name: TYPES.get(kind, kind) + many for name, kind, many in found}


if __name__ == "__main__":
    main()
