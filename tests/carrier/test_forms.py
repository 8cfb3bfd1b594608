"""What the carrier posts becomes typed, or is refused by the name of its field."""

import pytest

from dispatcher.carrier import forms
from dispatcher.carrier.forms import BadForm

SID = "CA" + "0" * 32
CALL = {"CallSid": SID, "From": "+33199000001", "To": "+33199000100", "CallStatus": "ringing"}


def test_an_incoming_call() -> None:
    form = forms.incoming(CALL | {"ForwardedFrom": "+33465710001"})

    assert (form.sid, form.called, form.number) == (SID, "+33199000100", "+33199000001")
    assert form.forwarded_from == "+33465710001"


@pytest.mark.parametrize(
    "shown",
    ["", " ", "anonymous", "Restricted", "client:ines", "sip:a@b", "+1", "0199000001", "+٣٣"],
)
def test_a_number_that_is_none_is_nobodys(shown: str) -> None:
    assert forms.incoming(CALL | {"From": shown}).number is None


def test_an_overseas_number_keeps_its_own_country_code() -> None:
    assert forms.incoming(CALL | {"From": "+590690123456"}).number == "+590690123456"


@pytest.mark.parametrize(
    ("read", "missing"),
    [
        (forms.incoming, "CallSid"),
        (forms.incoming, "To"),
        (forms.status, "CallStatus"),
        (forms.dialled, "DialCallStatus"),
        (forms.leg, "CallStatus"),
    ],
)
def test_a_missing_field_is_named(read: object, missing: str) -> None:
    form = {name: value for name, value in CALL.items() if name != missing}

    with pytest.raises(BadForm, match=missing):
        read(form)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("status", "over"),
    [
        ("ringing", False),
        ("in-progress", False),
        ("completed", True),
        ("busy", True),
        ("canceled", True),
    ],
)
def test_which_statuses_are_an_end(status: str, over: bool) -> None:
    assert forms.status(CALL | {"CallStatus": status}).over is over


def test_a_status_nobody_knows_is_refused() -> None:
    with pytest.raises(BadForm):
        forms.status(CALL | {"CallStatus": "dancing"})


@pytest.mark.parametrize(
    ("sent", "digits", "again"),
    [
        ({"Digits": "05170"}, "05170", False),
        ({"Digits": ""}, "", False),
        ({}, "", False),
        ({"Digits": "*"}, "", True),
        ({"Digits": "05", "FinishedOnKey": "*"}, "05", True),
        ({"Digits": "1234#"}, "1234", False),
        ({"Digits": "<script>"}, "", False),
        ({"Digits": "9" * 200}, "", False),
    ],
)
def test_keys(sent: dict[str, str], digits: str, again: bool) -> None:
    keys = forms.answer(CALL | sent).keys

    assert (keys.digits, keys.again) == (digits, again)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"SipResponseCode": "404"}, 404),
        ({"SipResponseCode": "404", "ErrorCode": "13224"}, 13224),
        ({"SipResponseCode": "none"}, None),
        ({}, None),
    ],
)
def test_why_a_leg_failed(sent: dict[str, str], code: int | None) -> None:
    assert forms.leg(CALL | {"CallStatus": "failed"} | sent).code == code


def test_a_wait_without_its_queue_is_still_a_wait() -> None:
    assert forms.waited(CALL).queue is None
    assert forms.waited(CALL | {"QueueSid": "QU" + "1" * 32}).queue == "QU" + "1" * 32


def test_unknown_fields_are_counted_and_the_count_is_bounded() -> None:
    forms.unknown_fields.clear()

    for number in range(500):
        forms.sid(CALL | {f"New{number}": "x", "Newest": "y"})

    assert forms.unknown_fields["Newest"] == 500
    assert len(forms.unknown_fields) <= 201
