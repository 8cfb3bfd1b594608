"""A signature fits, or it does not; nothing about it is an error."""

from typing import Any

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from dispatcher.carrier.signature import Signatures, raw_path

TOKEN = "12345"
OURS = Signatures(TOKEN, "https://permanence.test")
FORM = MultiDict({"CallSid": "CA" + "0" * 32, "From": "+33199000001"})


def signed(path: str, form: Any = FORM) -> str:
    signature: str = RequestValidator(TOKEN).compute_signature(
        "https://permanence.test" + path, form
    )
    return signature


def test_the_vector_that_twilio_publishes() -> None:
    published = Signatures(TOKEN, "https://mycompany.com")
    form = MultiDict(
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        }
    )

    assert published.accepts("/myapp.php?foo=1&bar=2", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


@pytest.mark.parametrize(
    "path", ["/voice/incoming", "/voice/answer/3", "/v?nom=%C3%A9", "/v?u=https%3A%2F%2Fx", "/é"]
)
def test_path_and_query_count_as_they_were_sent(path: str) -> None:
    assert OURS.accepts(path, FORM, signed(path))


@pytest.mark.parametrize("signature", [None, "", "no", "é", "A" * 10_000, signed("/other")])
def test_any_other_signature_is_refused(signature: str | None) -> None:
    assert not OURS.accepts("/voice/incoming", FORM, signature)


def test_a_body_that_is_no_form_is_refused() -> None:
    for odd in (b"bytes", "text", 3):
        assert not OURS.accepts("/voice/incoming", odd, signed("/voice/incoming"))


def test_a_repeated_field_counts_with_every_value() -> None:
    repeated = MultiDict([("Event", "ringing"), ("Event", "answered")])

    assert OURS.accepts("/v", repeated, signed("/v", repeated))
    assert not OURS.accepts("/v", MultiDict([("Event", "ringing")]), signed("/v", repeated))


def test_the_raw_path_is_what_the_server_was_asked_for() -> None:
    assert raw_path({"RAW_URI": "/v?x=%C3%A9", "PATH_INFO": "/v"}) == "/v?x=%C3%A9"
    assert raw_path({"REQUEST_URI": "https://evil.test/v?x=1"}) == "/v?x=1"
    assert raw_path({}) == ""


def test_a_server_that_does_not_tell_what_it_was_asked_for_lets_nobody_in() -> None:
    assert not OURS.accepts(raw_path({}), FORM, signed(""))


def test_an_address_with_its_port_or_without_it_is_the_same() -> None:
    ported = Signatures(TOKEN, "https://permanence.test:443/")

    assert ported.accepts("/voice/incoming", FORM, signed("/voice/incoming"))
