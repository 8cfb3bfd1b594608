"""Signatures as Twilio's own validator judges them."""

import pytest
from twilio.request_validator import RequestValidator

from dispatcher.simulator.wire.signing import sign

TOKEN = "12345"


def test_the_published_example_is_met() -> None:
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234"}
    form |= {"From": "+14158675309", "To": "+18005551212"}

    assert sign(url, form.items(), TOKEN) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    "url",
    [
        "https://permanence.test/v?nom=%C3%A9&u=https%3A%2F%2Fx",
        "http://127.0.0.1:8000/v",
        "https://permanence.test:8443/v?a=1",
    ],
)
def test_the_validator_accepts_ours(url: str) -> None:
    form = {"From": "", "Say": "Été à Gap", "To": "+33199000100"}

    assert RequestValidator(TOKEN).validate(url, form, sign(url, form.items(), TOKEN))
