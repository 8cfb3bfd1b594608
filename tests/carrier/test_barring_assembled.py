"""The mobiles kept for films count as mobiles only where the carrier is this machine."""

from pathlib import Path

import pytest
from redis import Redis

from config.settings import Settings
from dispatcher.assembly import Parts, assemble
from dispatcher.carrier.rest import CarrierError, Refused
from dispatcher.domain.numbers import PhoneNumber, is_mobile
from dispatcher.domain.script import Ring
from dispatcher.domain.texts import TextId
from dispatcher.store.database import migrate
from tests.config.test_settings import environment

FILM = PhoneNumber("+33639980001")
REAL = ["", "https://api.twilio.com", "https://127.0.0.1.carrier.example", "https://10.0.0.1"]
LOOPBACK = ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"]


def assembled(carrier: str, folder: Path) -> Parts:
    chosen = environment(
        TWILIO_API_BASE_URL=carrier, DATA_DIR=str(folder), PROMPTS_DIR=str(folder), LINES_FILE=""
    )
    settings = Settings.read(chosen)
    migrate(settings.database_url)  # who said STOP is asked of SQL
    return assemble(settings, redis=Redis(port=1))


def dials(parts: Parts, number: PhoneNumber) -> bool:
    ring = Ring(number, "+33199000100", 15, "/screen", None, "/ended")
    return f">{number}</Number>" in parts.renderer.render((ring,))


@pytest.mark.parametrize("carrier", REAL)
def test_a_carrier_elsewhere_is_never_given_a_mobile_of_films(carrier: str, tmp_path: Path) -> None:
    parts = assembled(carrier, tmp_path)

    with pytest.raises(Refused):
        parts.services.carrier.text(FILM, "Bonjour", sender="Permanence", id=TextId("a1"))

    assert not dials(parts, FILM)
    assert not is_mobile(FILM, fiction=parts.services.fiction)
    assert dials(parts, PhoneNumber("+33465710001"))


@pytest.mark.parametrize("carrier", LOOPBACK)
def test_a_carrier_on_this_machine_is(carrier: str, tmp_path: Path) -> None:
    parts = assembled(carrier, tmp_path)

    with pytest.raises(CarrierError) as unreachable:
        parts.services.carrier.text(FILM, "Bonjour", sender="Permanence", id=TextId("a1"))

    assert not isinstance(unreachable.value, Refused), "it was asked for, and nobody is there"
    assert dials(parts, FILM)
    assert is_mobile(FILM, fiction=parts.services.fiction)
    assert not dials(parts, PhoneNumber("+33899123456"))


def test_recorded_sentences_are_looked_for_where_the_settings_say(tmp_path: Path) -> None:
    (tmp_path / "greeting.wav").write_bytes(b"RIFF\0\0\0\0WAVE")

    assert assembled("", tmp_path).renderer.sounds.find("greeting.wav") is not None
