"""The doors at their edges: what is too large, what breaks where, and what is told to whom."""

import io
import re
import socket
import time
from collections.abc import Iterator
from typing import cast

import pytest

from config.settings import Settings
from dispatcher import assembly
from dispatcher.domain.calls import CallSid
from dispatcher.operations import calls, legs, messages, parting, rooms, screening, waiting
from dispatcher.store import spool
from dispatcher.web.app import LARGEST_FORM
from tests.office import Office
from tests.people import ROSE
from tests.web.doors import CALL, SID, Doors

LEG_DOORS = {"screen", "key", "listen", "greet", "greeted", "called"}
"""Of legs that we began: an agent's, or that of a citizen who is rung back."""
TOLD = {
    "/voice/status",
    "/voice/recordings",
    "/voice/offers/abc/legs",
    "/voice/offers/abc/citizen",
    "/voice/transfers/abc/legs",
}
"""Where nobody listens to the answer."""
WAYS = {
    "/voice/incoming": (calls, "answer"),
    "/voice/answer/1": (calls, "hear"),
    "/voice/wait": (waiting, "wait"),
    "/voice/wait/1/0": (waiting, "press"),
    "/voice/left": (calls, "left"),
    "/voice/recorded/1": (calls, "recorded"),
    "/voice/recordings": (messages, "hear"),
    "/voice/status": (calls, "hang_up"),
    "/voice/offers/abc/screen": (screening, "screen"),
    "/voice/offers/abc/key": (screening, "press"),
    "/voice/offers/abc/listen": (screening, "listen"),
    "/voice/offers/abc/legs": (legs, "moved"),
    "/voice/offers/abc/ended": (legs, "ended"),
    "/voice/offers/abc/dial": (calls, "left"),
    "/voice/offers/abc/greet": (screening, "greet"),
    "/voice/offers/abc/greeted": (screening, "greeted"),
    "/voice/offers/abc/called": (legs, "called"),
    "/voice/offers/abc/citizen": (legs, "citizen_over"),
    "/voice/transfers/abc/way": (rooms, "way"),
    "/voice/transfers/abc/held": (rooms, "held"),
    "/voice/transfers/abc/asked/0a": (rooms, "asked"),
    "/voice/transfers/abc/asked/0a/1": (rooms, "heard"),
    "/voice/transfers/abc/wait/citizen": (rooms, "waits"),
    "/voice/transfers/abc/left/1": (rooms, "left"),
    "/voice/transfers/abc/consulted": (rooms, "consulted"),
    "/voice/transfers/abc/referral": (rooms, "referral"),
    "/voice/transfers/abc/legs": (parting, "leg_gone"),
}
ASKS_AGAIN = "/voice/transfers/abc/way</Redirect></Response>"


def breaks(*_: object, **__: object) -> None:
    raise RuntimeError("broken on purpose")


@pytest.mark.parametrize("path", WAYS)
def test_every_door_that_breaks_answers_for_its_leg(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    module, name = WAYS[path]
    monkeypatch.setattr(module, name, breaks)

    answer = doors.post(path, {"CallStatus": "completed"})

    document = answer.get_data(as_text=True)
    if path in TOLD:
        assert answer.status_code == 503
    elif path.rpartition("/")[2] in LEG_DOORS:
        assert (answer.status_code, document.count("<Hangup")) == (200, 1)
        assert "fallback" not in document, "an agent would be promised a callback"
    elif "/transfers/" in path:
        assert answer.status_code == 200
        assert "Excusez-nous" in document
        assert path.endswith("/wait/citizen") or document.endswith(ASKS_AGAIN)
    else:
        assert answer.status_code == 200
        assert "Excusez-nous" in document
        assert document.endswith("/voice/fallback</Redirect></Response>")


def test_every_door_of_the_voice_is_known_here(office: Office) -> None:
    rules = {
        re.sub("<(offer|transfer)>", "abc", rule.rule.replace("<side>", "citizen"))
        .replace("<int:turn>", "1")
        .replace("<int:verse>", "0")
        .replace("<consent>", "0a")
        .replace("<int:again>", "1")
        for rule in office.app.url_map.iter_rules()
        if rule.rule.startswith("/voice/") and "fallback" not in rule.rule
    }

    assert rules == set(WAYS)


def test_the_doors_of_each_offer_never_answer_with_an_empty_document(doors: Doors) -> None:
    for path in WAYS:
        if path not in TOLD:
            document = doors.post(path, {"Digits": "1"}).get_data(as_text=True)
            assert "<Response />" not in document, path
            assert "<Response></Response>" not in document, path


@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/fallback", "/sms/incoming"])
def test_a_request_too_large_to_be_the_carriers_is_refused_and_not_apologised_to(
    office: Office, doors: Doors, path: str
) -> None:
    answer = doors.post(path, {"From": "x" * LARGEST_FORM})

    assert answer.status_code == 413
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert office.all_calls() == []


def test_a_form_that_is_no_form_is_refused(office: Office) -> None:
    client = office.app.test_client()
    for kind, body in (
        ("application/json", b'{"CallSid": "CA"}'),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("application/x-www-form-urlencoded", b"%ff%fe=\xff"),
        ("text/plain", b""),
    ):
        answer = client.post("/voice/incoming", input_stream=io.BytesIO(body), content_type=kind)
        assert answer.status_code == 403, kind


def test_another_method_opens_nothing(office: Office) -> None:
    client = office.app.test_client()
    for path in (*WAYS, "/voice/fallback", "/sms/incoming"):
        assert client.get(path).status_code == 405, path


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("/voice/incoming", "To", ""),
        ("/voice/status", "CallStatus", "sleeping"),
        ("/voice/offers/abc/legs", "CallStatus", ""),
        ("/voice/offers/abc/ended", "DialCallStatus", "perhaps"),
        ("/voice/offers/abc/called", "DialCallStatus", ""),
        ("/voice/offers/abc/dial", "CallSid", "CA"),
        ("/voice/fallback", "CallSid", ""),
        ("/voice/fallback/number/1", "CallSid", "x"),
    ],
)
def test_a_field_that_the_carrier_would_never_send_so_is_named_and_not_shown(
    doors: Doors, path: str, field: str, value: str
) -> None:
    answer = doors.post(path, {field: value})

    assert (answer.status_code, answer.get_data(as_text=True)) == (400, field)


def test_a_fallback_whose_disk_is_full_says_so_and_promises_nothing(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(spool.Spool, "put", full)

    answer = doors.post("/voice/fallback/number/1", {"Digits": "0199000008"})

    assert answer.status_code == 200
    assert "pas pu noter" in answer.get_data(as_text=True)
    assert "<Hangup" in answer.get_data(as_text=True)


@pytest.mark.parametrize("digits", ["0899123456", "112", "0033", "9" * 30, "*"])
def test_a_fallback_rings_no_number_that_may_not_be_rung(
    office: Office, doors: Doors, digits: str
) -> None:
    answer = doors.post("/voice/fallback/number/1", {"Digits": digits})

    assert "<Gather" in answer.get_data(as_text=True)
    assert [*office.parts.spool.entries()] == []


def test_the_same_request_twice_hears_the_same_bytes(doors: Doors) -> None:
    for path, form in (("/voice/incoming", {}), ("/voice/answer/1", {"Digits": "05170"})):
        assert doors.post(path, form).data == doors.post(path, form).data


def test_a_key_of_a_turn_that_has_passed_changes_nothing(office: Office, doors: Doors) -> None:
    doors.post("/voice/incoming")
    doors.post("/voice/answer/1", {"Digits": "05170"})

    late = doors.post("/voice/answer/1", {"Digits": "29200"})

    assert late.status_code == 200
    with office.services.store.reading() as tx:
        call = tx.calls.find(CallSid(SID))
    assert call is not None
    assert call.postal_code == "05170"


def test_a_replay_of_a_whole_call_after_its_end_changes_nothing(
    office: Office, doors: Doors
) -> None:
    posted = [
        ("/voice/incoming", {}),
        ("/voice/answer/1", {"Digits": "05170"}),
        ("/voice/answer/2", {"Digits": "1"}),
        ("/voice/answer/3", {}),
        ("/voice/status", {"CallStatus": "completed"}),
    ]
    for path, form in posted:
        doors.post(path, form)
    before = office.all_calls()

    for path, form in posted:
        assert doors.post(path, form).status_code in {200, 204}

    assert office.all_calls() == before


@pytest.fixture
def stalled(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A Redis that takes every connection and never answers; our patience is a tenth of what it is."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"redis://127.0.0.1:{deaf.getsockname()[1]}"
        monkeypatch.setattr(assembly, "redis_url", lambda _: url)
        monkeypatch.setattr(assembly, "REDIS_SECONDS", assembly.REDIS_SECONDS / 10)
        stuck = assembly.connect_redis(cast("Settings", None))
        monkeypatch.setattr(office.services.board, "_redis", stuck)
        for script in office.services.board._scripts.values():
            monkeypatch.setattr(script, "registered_client", stuck)
        yield office


def test_a_redis_that_never_answers_leaves_time_to_answer_the_caller(
    stalled: Office, doors: Doors
) -> None:
    """The carrier gives up after 15 seconds; here after a tenth of that."""
    heard = []
    for path, form in (
        ("/voice/incoming", {}),
        ("/voice/answer/1", {"Digits": "05170"}),
        ("/voice/answer/2", {"Digits": "1"}),
        ("/voice/wait", {}),
        ("/voice/wait/3/1", {"Digits": "1"}),
        ("/voice/status", {"CallStatus": "completed"}),
    ):
        before = time.monotonic()
        heard.append(doors.post(path, form).get_data(as_text=True))
        assert time.monotonic() - before < 1, path

    assert "<Enqueue" in heard[2]
    assert "Votre place est gardée" in heard[3]


def test_an_unsigned_request_is_not_even_read(office: Office) -> None:
    from dispatcher.carrier import forms

    forms.unknown_fields.clear()

    office.app.test_client().post("/voice/incoming", data=CALL | {"Strange": ROSE.number})

    assert not forms.unknown_fields
