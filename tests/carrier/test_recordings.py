"""What the carrier recorded: the address asked is ours, and its size is bounded."""

import pytest

from dispatcher.carrier.recordings import RecordingSid
from dispatcher.carrier.rest import Carrier, CarrierError

SID = RecordingSid("RE" + "1" * 32)


def carrier(status: int, body: bytes, asked: list[str]) -> Carrier:
    def fetch(url: str, auth: tuple[str, str], at_most: int) -> tuple[int, bytes]:
        assert auth == ("AC1", "token")
        asked.append(url)
        return status, body[: at_most + 1]

    return Carrier("AC1", "token", public_base_url="https://permanence.test", fetch=fetch)


def test_a_sound_is_asked_of_twilio_alone_whatever_a_webhook_said() -> None:
    asked: list[str] = []

    sound = carrier(200, b"bonjour", asked).sound(SID, at_most=99)

    assert sound == b"bonjour"
    assert asked == [f"https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/{SID}.mp3"]


def test_a_sound_that_is_too_large_is_none() -> None:
    assert carrier(200, b"x" * 100, []).sound(SID, at_most=99) is None


@pytest.mark.parametrize("status", [302, 404, 500])
def test_anything_but_a_sound_is_asked_for_again(status: int) -> None:
    with pytest.raises(CarrierError) as caught:
        carrier(status, b"", []).sound(SID, at_most=99)

    assert not caught.value.permanent
