"""Days as their files write them, and the command that lives them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from dispatcher.cli import main

MORNING = """
date = 2026-11-24
begins = "09:00"
ends = "09:55"
"""

INES = """
[[agent]]
name = "Ines"
postal_code = "05170"
skills = "procedures:2"
slots = "mon-fri 09:00-09:30 09:40-12:00"
answers_after = 3
talks_for = 180
"""


def call(at: str, **how: object) -> str:
    """One caller from Orcières, who waits for two minutes."""
    said = {"postal_code": "05170", "need": "procedures", "patience": 120, **how}
    fields = "\n".join(f"{name} = {json.dumps(value)}" for name, value in said.items())
    return f'[[call]]\nat = "{at}"\n{fields}\n'


@dataclass
class Supervisor:
    """Somebody who writes a day in a folder of theirs, and types the command."""

    folder: Path

    def lives(self, text: str, *options: str) -> Result:
        path = self.folder / "jour.toml"
        path.write_text(text, encoding="utf-8")
        return self.types(path, *options)

    def types(self, path: Path, *options: str) -> Result:
        words = ["simulate-day", str(path), *options]
        return CliRunner().invoke(main, words, catch_exceptions=False)

    def reads(self, text: str, *options: str) -> Any:
        """What a program is told of a day whose every fate is sure."""
        typed = self.lives(text, "--json", *options)
        assert typed.exit_code == 0, typed.output
        return json.loads(typed.stdout)


def fates(told: Any) -> list[str]:
    return [each["fate"] for each in told["calls"]]
