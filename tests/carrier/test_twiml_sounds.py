"""Sentences that are played instead of spoken."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.words import words
from dispatcher.carrier.sounds import Sounds
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain.script import Ask, HangUp, Say, Step
from tests.sounds import record, settle

BASE = "https://permanence.test"
GAP = Say("ask.commune.choice", {"commune": "Gap", "key": 1})
VARS = Say("ask.commune.choice", {"commune": "Vars", "key": 2})


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    return Renderer(words("spoken"), BASE, sounds=Sounds(tmp_path))


def verbs(renderer: Renderer, *steps: Step) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(renderer.render(steps)))


def test_a_recorded_sentence_is_played_and_the_others_are_spoken(
    renderer: Renderer, tmp_path: Path
) -> None:
    record(tmp_path, "greeting.wav")

    play, say = verbs(renderer, Say("greeting"), Say("sorry"))

    assert play.tag == "Play"
    assert re.fullmatch(rf"{BASE}/sounds/greeting\.wav\?v=[0-9a-f]+-[0-9a-f]+", play.text or "")
    assert (say.tag, say[0].text) == ("Say", words("spoken")["sorry"])


def test_inside_a_question_each_sentence_is_on_its_own(renderer: Renderer, tmp_path: Path) -> None:
    record(tmp_path, "ask.commune.choice~gap~1.wav", "ask.commune.choice~vars~3.wav")
    record(tmp_path, "ask.commune.choice.wav")

    [gather] = verbs(renderer, Ask((Say("ask.commune.several"), GAP, VARS), 1, "/a"))

    assert [each.tag for each in gather] == ["Say", "Play", "Say"]
    assert "choice~gap~1.wav?v=" in (gather[1].text or "")


def test_of_sentences_inside_a_sentence_only_the_outer_one_is_replaced(
    renderer: Renderer, tmp_path: Path
) -> None:
    inner = {"need": Say("need.procedures"), "waited": Say("waited.caller.now")}
    say = Say("screen.caller.known", {"commune": "Gap", **inner})
    record(tmp_path, "need.procedures.wav", "waited.caller.now.wav")
    assert [each.tag for each in verbs(renderer, say)] == ["Say"]

    record(tmp_path, "screen.caller.known~gap~demarche~appelle-a-l-instant.wav")

    assert [each.tag for each in verbs(renderer, say)] == ["Play"]
    assert renderer.text(say) == "Gap. Démarche. Appelle à l'instant."


def test_a_sound_taken_away_while_nobody_looks_leaves_the_voice(
    renderer: Renderer, tmp_path: Path
) -> None:
    record(tmp_path, "greeting.wav")
    settle(tmp_path)
    assert [each.tag for each in verbs(renderer, Say("greeting"))] == ["Play"]

    (tmp_path / "greeting.wav").unlink()
    settle(tmp_path)  # as if its date did not tell

    assert [each.tag for each in verbs(renderer, Say("greeting"))] == ["Say"]


def test_a_sound_written_over_has_another_address(renderer: Renderer, tmp_path: Path) -> None:
    record(tmp_path, "greeting.wav")
    settle(tmp_path)
    [before] = verbs(renderer, Say("greeting"))

    with (tmp_path / "greeting.wav").open("ab") as file:
        file.write(bytes(4))
    settle(tmp_path)

    [after] = verbs(renderer, Say("greeting"))
    assert before.text != after.text


def test_a_sentence_that_holds_a_number_is_always_spoken(
    renderer: Renderer, tmp_path: Path
) -> None:
    record(tmp_path, "keep.confirm~01-99-00-00-07.wav", "keep.confirm.wav", "keep.confirm~.wav")

    [say] = verbs(renderer, Say("keep.confirm", {"number": "01 99 00 00 07"}))

    assert say.tag == "Say"


def test_a_folder_of_sounds_says_nothing_by_itself(renderer: Renderer, tmp_path: Path) -> None:
    record(tmp_path, "greeting.wav")

    assert [each.tag for each in verbs(renderer, HangUp())] == ["Hangup"]
