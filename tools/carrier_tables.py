"""Makes dispatcher/simulator/documented/twiml.json from Twilio's own type definitions (MIT).

usage: python tools/carrier_tables.py lib/twiml/VoiceResponse.d.ts lib/twiml/MessagingResponse.d.ts

The two files are in the npm package `twilio`. Run by hand when Twilio documents something new.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

OUT = Path(__file__).parents[1] / "dispatcher" / "simulator" / "documented" / "twiml.json"
INTERFACE = re.compile(r"interface (\w+)Attributes \{(.*?)\n    \}", re.DOTALL)
CLASS = re.compile(r"class (\w+) extends TwiML \{(.*?)\n    ?\}", re.DOTALL)
TYPES = {"string": "text", "number": "whole", "boolean": "truth"}


def main() -> None:
    """Write the tables."""
    enums: dict[str, list[str]] = {}
    elements: dict[str, dict[str, object]] = {}
    for source in sys.argv[1:]:
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
    tables = {
        "enums": {name: values for name, values in sorted(enums.items()) if name in used},
        "elements": dict(sorted(elements.items())),
    }
    OUT.write_text(json.dumps(tables, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


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
