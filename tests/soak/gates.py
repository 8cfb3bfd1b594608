"""The guards that the soak is there to see missing: each can be taken out of a copy of our code.

The copy is what the service's processes run; the checker runs the real thing.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CODE: Final = ("dispatcher", "workers", "config", "Procfile")


@dataclass(frozen=True, slots=True)
class Gate:
    """A guard: in this file the text that is it, and what stands there without it."""

    file: str
    text: str
    without: str


_INDEXES: Final = "dispatcher/store/migrations/versions/0001_the_first_tables.py"
_INDEX: Final = """"uq_offers_open_{0}",
            ["{0}"],
            unique={1},"""
GATES: Final = {
    "redis": (  # an agent taken still stands free for the next caller
        Gate("dispatcher/live/scripts/assign.lua", "'free', '', 'holder'", "'holder'"),
    ),
    "sql": tuple(  # of two offers of one agent at once, SQL refuses neither
        Gate(_INDEXES, _INDEX.format(who, True), _INDEX.format(who, False))
        for who in ("agent", "call", "callback")
    ),
    "turn": (  # a request about a turn that has passed moves the call
        Gate("dispatcher/store/calls.py", ', calls.c.turn == sa.bindparam("of_turn")', ""),
    ),
}


def without(name: str, folder: Path) -> Mapping[str, str]:
    """Our code in this folder, without this gate; the environment of processes that run it.

    Raises ValueError when the guard is no longer where we know it.
    """
    folder.mkdir()
    for each in CODE:
        source = ROOT / each
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / each)
    for gate in GATES[name]:
        path = folder / gate.file
        text = path.read_text(encoding="utf-8")
        if gate.text not in text:
            raise ValueError(f"{gate.file}: {gate.text!r} is not there")
        path.write_text(text.replace(gate.text, gate.without), encoding="utf-8")
    return {"PYTHONPATH": str(folder)}
