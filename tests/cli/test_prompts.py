"""``dispatcher prompts``: whoever records sees what is played, and what is not and why."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.words import words
from dispatcher import assembly
from dispatcher.cli import main
from tests.cli.test_commands import SETTINGS
from tests.sounds import M4A, record


@pytest.fixture(autouse=True)
def nothing_assembled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    assembly.settings.cache_clear()
    yield
    assembly.settings.cache_clear()


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "phrases"
    folder.mkdir()
    monkeypatch.setenv("PROMPTS_DIR", str(folder))
    return folder


def types() -> Result:
    return CliRunner().invoke(main, ["prompts"], catch_exceptions=False)


def test_every_sentence_is_shown_with_the_name_its_file_would_have(folder: Path) -> None:
    typed = types()

    assert typed.exit_code == 0
    lines = typed.stdout.splitlines()
    shown = {title.split("  ")[0].split("~")[0]: told for title, told in pairwise(lines)}
    for key, sentence in words("spoken").items():
        assert shown[key] == f"    {sentence}"
    assert "ask.commune.choice~{commune}~{key}" in lines
    assert "keep.confirm~{number}  (toujours dit par la voix)" in lines
    assert "need.procedures  (dit dans une autre phrase)" in lines
    assert lines[-1] == f"{folder} : phrases remplacées par un fichier : 0."


def test_what_is_played_is_told_apart_from_what_replaces_nothing(folder: Path) -> None:
    record(folder, "greeting.wav", "greeting.mp3", "ask.commune.choice~gap~1.mp3")
    wrong = ("greting.wav", "ask.commune.choice~gap.wav", "keep.confirm~12.wav", "need.either.wav")
    record(folder, *wrong, "notes.txt")
    record(folder, "sorry.wav", sound=M4A)

    lines = types().stdout.splitlines()

    assert lines[lines.index("greeting") + 2] == "    -> greeting.wav"
    assert "    -> ask.commune.choice~gap~1.mp3" in lines
    told = {line.split(" : ")[1].split(" (")[0] for line in lines if line.startswith("Ne remplace")}
    assert told == {*wrong, "notes.txt", "sorry.wav", "greeting.mp3"}
    assert lines[-1] == f"{folder} : phrases remplacées par un fichier : 2."


def test_without_a_folder_the_voice_says_everything() -> None:
    lines = types().stdout.splitlines()

    assert not [line for line in lines if "->" in line]
    assert lines[-1] == "PROMPTS_DIR ne donne aucun dossier : la voix dit toutes les phrases."
