"""The tones that a browser plays are made here, and by nobody else."""

import runpy

from tests.house.sources import ROOT

TONES = ROOT / "dispatcher" / "web" / "static" / "tones"


def test_the_tones_are_those_that_our_tool_makes() -> None:
    made: dict[str, bytes] = runpy.run_path(str(ROOT / "tools" / "tones.py"))["tones"]()

    assert {path.name: path.read_bytes() for path in TONES.iterdir()} == made
