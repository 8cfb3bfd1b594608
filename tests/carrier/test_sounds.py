"""Which sound file is which sentence's, and when the folder is looked at."""

import os
import time
from pathlib import Path

import pytest

from config.words import words
from dispatcher.carrier import sounds
from dispatcher.carrier.sounds import Sound, Sounds, holes, title
from tests.sounds import M4A, MP3_BARE, WAV, record, settle

CHOICE = "Pour {commune}, tapez {key}."


@pytest.mark.parametrize(
    ("commune", "folded"),
    [
        ("Gap", "gap"),
        ("L'Argentière-la-Bessée", "l-argentiere-la-bessee"),
        ("L’Île-d’Yeu", "l-ile-d-yeu"),
        ("Œuilly", "oeuilly"),
        ("Le Haÿ-les-Roses 2ᵉ", "le-hay-les-roses-2e"),
        ("../../etc", "etc"),
        ("Ԁомъ", ""),
        ("", ""),
    ],
)
def test_what_fills_a_sentence_is_in_its_title(commune: str, folded: str) -> None:
    named = title("ask.commune.choice", CHOICE, {"commune": commune, "key": "1"})

    assert named == f"ask.commune.choice~{folded}~1"


def test_holes_come_in_the_order_they_are_said_and_each_once() -> None:
    assert holes("{b}, {a}, {b}.") == ("b", "a")
    assert title("x", "{b}, {a}, {b}.", {"a": "Un", "b": "Deux", "c": "Trois"}) == "x~deux~un"
    assert title("x", "Rien.", {"a": "Un"}) == "x"


@pytest.mark.parametrize("hole", ["number", "name"])
def test_no_title_holds_a_number_or_a_name(hole: str) -> None:
    assert title("x", f"Bonjour {{{hole}}}.", {hole: "06 39 98 00 01"}) is None


def test_a_number_is_filled_in_under_that_name_alone() -> None:
    """What is read out in pairs never comes into an address by another hole's name."""
    for key, sentence in words("spoken").items():
        for hole in holes(sentence):
            assert hole == "number" or "number" not in hole, key
            assert hole == "name" or "name" not in hole, key


def test_without_a_folder_there_is_nothing() -> None:
    assert Sounds().listed() == {}
    assert Sounds().find("greeting.wav") is None


def test_sounds_are_listed_by_their_titles(tmp_path: Path) -> None:
    record(tmp_path, "greeting.wav", "ask.commune.choice~gap~1.mp3", "Sorry.WAV")
    record(tmp_path, "notice.mp3", sound=MP3_BARE)

    listed = Sounds(tmp_path).listed()

    assert {name: sound.path.name for name, sound in listed.items()} == {
        "greeting": "greeting.wav",
        "ask.commune.choice~gap~1": "ask.commune.choice~gap~1.mp3",
        "sorry": "Sorry.WAV",
        "notice": "notice.mp3",
    }
    assert listed["sorry"].mimetype == "audio/wav"
    assert listed["notice"].mimetype == "audio/mpeg"


def test_of_two_the_wav_is_played(tmp_path: Path) -> None:
    record(tmp_path, "greeting.wav", "greeting.mp3")

    assert Sounds(tmp_path).listed()["greeting"].path.name == "greeting.wav"


def test_what_is_no_sound_is_not_listed(tmp_path: Path) -> None:
    for name in ("a.wav", "b.mp3"):
        record(tmp_path, name, sound=M4A)
    record(tmp_path, "c.wav", sound=WAV[:8])
    record(tmp_path, "d.mp3", sound=b"\xff")
    for name in ("e.wav", "f.mp3"):
        (tmp_path / name).touch()
    record(tmp_path, "g.wav.tmp", "h h.wav", "é.wav", ".wav", "i.txt", "j~ç.wav")
    (tmp_path / "k.wav").mkdir()
    record(tmp_path, "greeting.wav")

    assert set(Sounds(tmp_path).listed()) == {"greeting"}


def test_what_we_may_not_read_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path, "greeting.wav", "sorry.wav")
    closed = tmp_path / "sorry.wav"
    monkeypatch.setattr(os, "access", lambda path, _: path != closed)  # root may read anything

    assert set(Sounds(tmp_path).listed()) == {"greeting"}


def test_what_lies_elsewhere_is_not_listed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside.wav", tmp_path / "folder"
    (folder / "..data").mkdir(parents=True)
    record(tmp_path, "outside.wav")
    record(folder / "..data", "sorry.wav")
    (folder / "greeting.wav").symlink_to(outside)
    (folder / "sorry.wav").symlink_to(folder / "..data" / "sorry.wav")

    assert set(Sounds(folder).listed()) == {"sorry"}


def test_what_is_added_or_taken_away_is_seen(tmp_path: Path) -> None:
    found = Sounds(tmp_path)
    assert found.listed() == {}

    record(tmp_path, "greeting.wav", "sorry.wav")
    assert set(found.listed()) == {"greeting", "sorry"}

    (tmp_path / "greeting.wav").unlink()
    assert set(found.listed()) == {"sorry"}


def test_a_folder_that_stays_as_it_is_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def playable(folder: Path) -> list[Path]:
        read.append(folder)
        return []

    monkeypatch.setattr(sounds, "_playable", playable)
    settle(tmp_path)
    found = Sounds(tmp_path)

    for _ in range(5):
        found.listed()
    assert len(read) == 1

    os.utime(tmp_path, ns=(2_000_000_000, 2_000_000_000))
    found.listed()
    found.listed()
    assert len(read) == 2


def test_a_folder_that_changes_twice_within_its_clocks_tick_is_read_again(tmp_path: Path) -> None:
    found, now = Sounds(tmp_path), time.time_ns()
    os.utime(tmp_path, ns=(now, now))
    assert found.listed() == {}

    record(tmp_path, "greeting.wav")
    os.utime(tmp_path, ns=(now, now))

    assert set(found.listed()) == {"greeting"}


def test_a_folder_that_goes_away_leaves_the_voice_and_may_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    record(folder, "greeting.wav")
    settle(folder)
    found = Sounds(folder)
    assert set(found.listed()) == {"greeting"}

    folder.rename(tmp_path / "away")
    assert found.listed() == {}

    (tmp_path / "away").rename(folder)
    assert set(found.listed()) == {"greeting"}


def test_another_file_under_the_same_name_is_another_version(tmp_path: Path) -> None:
    record(tmp_path, "greeting.wav")
    path = tmp_path / "greeting.wav"
    first = Sound(path).version()
    stamp = path.stat().st_mtime_ns

    record(tmp_path, "greeting.wav", sound=WAV + bytes(2))
    os.utime(path, ns=(stamp, stamp))
    longer = Sound(path).version()
    os.utime(path, ns=(stamp + 1, stamp + 1))
    later = Sound(path).version()

    assert len({first, longer, later, None}) == 4
    path.unlink()
    assert Sound(path).version() is None
