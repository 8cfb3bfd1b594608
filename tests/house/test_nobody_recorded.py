"""No call is recorded, but for what somebody says after a beep that their line's file asked for."""

import ast
import re
from dataclasses import replace

from config.lines import read_lines
from config.settings import SHIPPED_LINES
from config.words import words
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain import questions
from dispatcher.domain.calls import Keys, Step
from dispatcher.domain.script import Record
from tests.house.sources import modules, named, syntax
from tests.house.test_menus import GROUNDS, ONE_KEY, moves, walked


def calls_of(name: str) -> list[str]:
    """Where something of this name is called, outside the simulated network."""
    return [
        named(path)
        for path in modules("dispatcher", "workers", "config")
        if "simulator" not in path.parts
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call) and re.split(r"\W", ast.unparse(node.func))[-1] == name
    ]


def test_a_record_is_made_in_one_place_and_written_in_one() -> None:
    assert calls_of("Record") == ["dispatcher/operations/messages.py"]
    assert calls_of("record") == ["dispatcher/carrier/twiml.py"]


def test_nothing_else_that_twilio_knows_records_anybody() -> None:
    given = {
        (named(path), word.arg)
        for path in modules("dispatcher")
        if "simulator" not in path.parts
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg and (word.arg == "record" or word.arg.startswith(("recording_", "transcri")))
    }

    assert {where for where, _ in given} == {"dispatcher/carrier/twiml.py"}
    assert {word for _, word in given} == {
        "recording_status_callback",
        "recording_status_callback_event",
    }


def test_no_shipped_line_says_so_and_nothing_leads_there_on_a_line_that_does_not() -> None:
    assert not any(line.voicemail for line in read_lines(SHIPPED_LINES))
    for call in walked():
        assert all(after.step is not Step.MESSAGE for _, after in moves(call))


def test_on_a_line_that_does_one_key_leads_there_from_one_question_alone() -> None:
    ground = replace(GROUNDS[0], voicemail=True)
    leads = {
        (call.step, key)
        for call in walked()
        for key in ONE_KEY
        if questions.hear(call, Keys(key), ground).step is Step.MESSAGE
    }

    assert leads == {(Step.KEPT, questions.MESSAGE)}


def test_what_is_recorded_lasts_a_minute_and_is_never_written_down() -> None:
    document = Renderer(words("spoken"), "").render((Record("/on", "/told", 60),))

    assert 'maxLength="60"' in document
    assert 'playBeep="true"' in document
    assert "transcribe" not in document
