"""Recorded sentences, from the folder to somebody's ear."""

from dataclasses import replace
from pathlib import Path

import pytest

from config.words import words
from dispatcher.carrier.sounds import Sounds
from dispatcher.carrier.twiml import Renderer
from dispatcher.simulator import Kind
from dispatcher.web.app import create_app
from tests.office import BASE, Office
from tests.people import LINE, ROSE
from tests.sounds import WAV, record

YEAR = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Path:
    """The folder of an office that plays what is recorded."""
    folder = tmp_path / "phrases"
    folder.mkdir()
    renderer = Renderer(words("spoken"), BASE, sounds=Sounds(folder))
    office.parts = replace(office.parts, renderer=renderer)
    office.app = create_app(office.parts)
    return folder


def test_a_caller_hears_what_was_recorded_and_the_voice_for_the_rest(
    office: Office, folder: Path
) -> None:
    record(folder, "greeting.wav")

    async def rose() -> None:
        call = await office.network.phone(ROSE.number, ROSE.name).dials(LINE)
        await call.hears("greeting.wav")
        await call.hears("les cinq chiffres de votre code postal")
        await call.presses(ROSE.postal_code)
        await call.hears("tapez 1")
        await call.hangs_up()

    office.run(rose())

    said = [entry.detail for entry in office.network.ledger.of(Kind.SAID)]
    assert said[0].startswith(f"{BASE}/sounds/greeting.wav?v=")


def address(office: Office, folder: Path) -> str:
    """Where the recorded greeting is fetched."""
    found = office.parts.renderer.sounds.find("greeting.wav")
    assert found is not None
    return f"/sounds/greeting.wav?v={found.version()}"


def test_a_sound_is_served_to_whoever_asks_and_kept_for_ever(office: Office, folder: Path) -> None:
    record(folder, "greeting.wav")

    answer = office.app.test_client().get(address(office, folder))

    assert (answer.status_code, answer.data) == (200, WAV)
    assert answer.mimetype == "audio/wav"
    assert answer.headers["Cache-Control"] == YEAR
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_an_mp3_is_called_what_it_is(office: Office, folder: Path) -> None:
    record(folder, "sorry.mp3")

    with office.app.test_client().get("/sounds/sorry.mp3") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "audio/mpeg")


@pytest.mark.parametrize("version", ["", "?v=", "?v=1-2"])
def test_under_the_address_of_another_version_nothing_is_kept(
    office: Office, folder: Path, version: str
) -> None:
    record(folder, "greeting.wav")

    with office.app.test_client().get(f"/sounds/greeting.wav{version}") as answer:
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_a_sound_fetched_before_is_not_sent_again(office: Office, folder: Path) -> None:
    record(folder, "greeting.wav")
    client, path = office.app.test_client(), address(office, folder)
    with client.get(path) as first:
        tag = first.headers["ETag"]

    with client.get(path, headers={"If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == YEAR


@pytest.mark.parametrize(
    "file",
    [
        "nothing.wav",
        "greeting",
        "greeting.wav.tmp",
        "secret.txt",
        "renamed.wav",
        ".hidden.wav",
        "../outside.wav",
        "..%2Foutside.wav",
        "%2e%2e/outside.wav",
        "..%5Coutside.wav",
        "inner/greeting.wav",
        "inner%2Fgreeting.wav",
        "%2Fetc%2Fpasswd",
        "linked.wav",
        "greeting.wav%00",
        "",
    ],
)
def test_nothing_else_is_served(office: Office, folder: Path, file: str) -> None:
    record(folder, "greeting.wav", "greeting.wav.tmp")
    record(folder, "secret.txt", "renamed.wav", sound=b"SECRET=1 and more of it")
    record(folder.parent, "outside.wav")
    (folder / "inner").mkdir()
    record(folder / "inner", "greeting.wav")
    (folder / "linked.wav").symlink_to(folder.parent / "outside.wav")

    with office.app.test_client().get(f"/sounds/{file}") as answer:
        assert answer.status_code == 404
        assert WAV not in answer.data


def test_a_sound_taken_away_is_gone(office: Office, folder: Path) -> None:
    record(folder, "greeting.wav")
    path = address(office, folder)
    (folder / "greeting.wav").unlink()

    assert office.app.test_client().get(path).status_code == 404


def test_without_a_folder_no_sound_is_served(office: Office) -> None:
    assert office.app.test_client().get("/sounds/greeting.wav").status_code == 404


def test_sounds_are_fetched_and_never_posted(office: Office, folder: Path) -> None:
    record(folder, "greeting.wav")

    client = office.app.test_client()
    assert client.post("/sounds/greeting.wav").status_code == 405
    with client.head("/sounds/greeting.wav") as head:
        assert (head.status_code, head.data) == (200, b"")
