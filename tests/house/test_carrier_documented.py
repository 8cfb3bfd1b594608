"""What is written of the carrier holds: the tests it names exist, and nothing is left without a step."""

import ast
import re
from dataclasses import fields

import pytest

from dispatcher.simulator.switches import Switches
from tests.house.sources import ROOT, syntax

DOCUMENT = (ROOT / "docs" / "carrier.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = {number: cells for number, *cells in ROW.findall(DOCUMENT)}
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
STEPS = re.findall(r"^- \*\*(L\d+)\*\* ", DOCUMENT, re.MULTILINE)
SILENCES = re.findall(r"^\| `(\w+)` \| ", DOCUMENT, re.MULTILINE)


def names_in(path: str) -> set[str]:
    file = ROOT / path
    assert file.is_file(), path
    return {node.name for node in ast.walk(syntax(file)) if isinstance(node, ast.FunctionDef)}


def test_every_row_is_read() -> None:
    assert len(ROWS) >= 40
    assert len(ROWS) == len(re.findall(r"^\| [A-Z]\d+ \|", DOCUMENT, re.MULTILINE))


@pytest.mark.parametrize("path", sorted({path for path, _ in TEST.findall(DOCUMENT)}))
def test_every_test_named_exists(path: str) -> None:
    named = {name for file, name in TEST.findall(DOCUMENT) if file == path}

    assert named <= names_in(path)


def test_no_test_is_named_in_another_way() -> None:
    assert DOCUMENT.count("::") == len(TEST.findall(DOCUMENT))


@pytest.mark.parametrize("number", ROWS)
def test_every_behaviour_has_a_source_a_test_and_a_step_of_the_rehearsal(number: str) -> None:
    behaviour, source, lived, live = ROWS[number]

    assert len(behaviour.split()) > 3
    assert source.strip(" -–")
    assert TEST.search(lived)
    assert set(re.split(r", ", live)) <= set(STEPS)


def test_every_step_of_the_rehearsal_is_of_some_behaviour() -> None:
    assert len(set(STEPS)) == len(STEPS)
    assert {step for *_, live in ROWS.values() for step in live.split(", ")} == set(STEPS)


def test_every_switch_of_the_simulator_is_among_the_silences() -> None:
    assert {switch.name for switch in fields(Switches)} <= set(SILENCES)
