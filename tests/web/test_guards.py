"""Only the carrier comes in where only the carrier should; everything else is written down."""

import pytest
from twilio.request_validator import RequestValidator

from dispatcher.carrier.signature import Signatures
from dispatcher.web.doors import DOORS, Way
from tests.office import BASE, Office
from tests.simulator.toy import TOKEN
from tests.web.doors import CALL, Doors

OPEN = {
    *("/", "/confidentialite", "/healthz", "/readyz", "/static/<path:filename>", "/sounds/<file>"),
    "/messages/<token>/<int:until>",
    *("/rappel", "/r/<token>", "/r/<token>/move", "/r/<token>/cancel", "/e/<token>"),
    "/calendrier/<token>.ics",
    *("/creneau/<token>", "/creneau/<token>/confirm", "/creneau/<token>/stand-in"),
    "/remplacement/<token>",
    *("/mandat/<token>", "/mandat/<token>/lu", "/mandat/<token>/reponse"),
    *("/mandat/<token>/retrait", "/mandat/<token>/attestation", "/m/<reference>"),
    *("/connexion", "/connexion/lien", "/connexion/lien/<token>", "/connexion/mot-de-passe"),
}
ELSEWHERE = {Way.ACCOUNT, Way.KEY, Way.CODE}
"""Doors of people with an account, or a key: test_admission.py and test_passes.py try them."""


def _example(rule: str) -> str:
    return (
        rule.replace("<int:turn>", "1")
        .replace("<int:verse>", "0")
        .replace("<int:tries>", "1")
        .replace("<int:again>", "0")
        .replace("<offer>", "abc")
        .replace("<text>", "abc")
    )


def test_every_door_is_guarded_or_written_down_as_open(office: Office, doors: Doors) -> None:
    rules = [
        each
        for each in office.app.url_map.iter_rules()
        if DOORS[each.endpoint].way not in ELSEWHERE
    ]
    assert {each.rule for each in rules if DOORS[each.endpoint].way is Way.OPEN} == OPEN
    guarded = [each.rule for each in rules if each.rule not in OPEN]
    assert len(guarded) >= 15

    for rule in guarded:
        unsigned = office.app.test_client().post(_example(rule), data=CALL)
        assert unsigned.status_code == 403, rule
        wrong = office.app.test_client().post(
            _example(rule), data=CALL, headers={"X-Twilio-Signature": "bm8="}
        )
        assert wrong.status_code == 403, rule
        assert doors.post(_example(rule)).status_code < 300, rule
    assert len(office.all_calls()) <= 1


def test_a_refused_request_writes_nothing(office: Office) -> None:
    office.app.test_client().post("/voice/incoming", data=CALL)
    office.app.test_client().post("/voice/status", data=CALL | {"CallStatus": "completed"})

    assert office.all_calls() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.test"},
        {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "http"},
        {"X-Original-URL": "/healthz"},
    ],
)
def test_what_a_proxy_says_changes_no_signature(doors: Doors, headers: dict[str, str]) -> None:
    assert doors.post("/voice/incoming", headers=headers).status_code == 200


def test_a_query_counts_as_it_was_sent(doors: Doors) -> None:
    path = "/voice/incoming?vers=%C3%A9&u=https%3A%2F%2Fx"

    assert doors.post(path).status_code == 200


def test_a_changed_body_is_refused(office: Office) -> None:
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/voice/incoming", CALL)

    answer = office.app.test_client().post(
        "/voice/incoming",
        data=CALL | {"From": "+33199000009"},
        headers={"X-Twilio-Signature": signature},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("sid", ["", "CA123", "CA" + "g" * 32, "CA" + "a" * 33, "PA" + "a" * 32])
def test_a_malformed_call_id_is_a_bad_request(doors: Doors, sid: str) -> None:
    answer = doors.post("/voice/incoming", {"CallSid": sid})

    assert answer.status_code == 400
    assert answer.get_data(as_text=True) == "CallSid"


def test_what_the_carrier_may_add_one_day_is_ignored(doors: Doors) -> None:
    assert (
        doors.post("/voice/incoming", {"NewThing": "1", "From": "+33199000001"}).status_code == 200
    )


@pytest.mark.parametrize(
    "shown", ["", "anonymous", "RESTRICTED", "client:rose", "sip:rose@x.test", "+266696687", "08"]
)
def test_an_odd_caller_number_is_served(doors: Doors, office: Office, shown: str) -> None:
    answer = doors.post("/voice/incoming", {"From": shown})

    assert "code postal" in answer.get_data(as_text=True)
    assert office.all_calls()[0].number is None


def test_pages_carry_the_headers_that_protect_them(office: Office) -> None:
    answer = office.app.test_client().get("/")

    assert "04 65 71" in answer.get_data(as_text=True) or "01 99" in answer.get_data(as_text=True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("rule", ["/voice/incoming", "/voice/offers/abc/key", "/sms/incoming"])
def test_a_guard_that_breaks_lets_nobody_in(
    office: Office, doors: Doors, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(Signatures, "accepts", breaks)
    before = office.redis.dbsize()

    answer = doors.post(rule, {"Digits": "1"})

    assert answer.status_code < 500
    assert "<Dial" not in answer.get_data(as_text=True)
    assert "<Message" not in answer.get_data(as_text=True)
    assert office.all_calls() == []
    assert office.redis.dbsize() == before


def test_a_body_of_another_kind_is_no_form_even_when_an_empty_one_is_signed(
    office: Office,
) -> None:
    """Whoever has a signature over an empty form gets nothing read from a body it does not cover."""
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/voice/incoming", {})

    answer = office.app.test_client().post(
        "/voice/incoming", json=CALL, headers={"X-Twilio-Signature": signature}
    )

    assert answer.status_code == 400
    assert office.all_calls() == []


def test_a_replay_signed_under_another_address_of_ours_is_refused(office: Office) -> None:
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/voice/status", CALL)

    answer = office.app.test_client().post(
        "/voice/incoming", data=CALL, headers={"X-Twilio-Signature": signature}
    )

    assert answer.status_code == 403
