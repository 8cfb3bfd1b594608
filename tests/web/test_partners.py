"""A partner's program asks for callbacks, and is told no more than whoever fills in the form."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Why
from dispatcher.domain.cases import is_right
from dispatcher.domain.floods import PARTNER_ASKS
from dispatcher.domain.numbers import refusal
from dispatcher.domain.wishes import Part
from dispatcher.operations.cases import code_of
from dispatcher.web.app import create_app
from dispatcher.web.openapi import LEAST, REQUEST
from tests.carrier.traps import ALWAYS
from tests.office import Office
from tests.people import LINE
from tests.web.forms import Stranger
from tests.web.programs import CALLBACKS, DOCUMENT, KEY, OLDER, OTHER, ROSES, Program, program
from tests.web.schemas import faults
from tests.web.test_privacy import OURS, formatted
from tests.web.test_requests import kept


@pytest.fixture
def ccas(office: Office) -> Program:
    return program(office)


def wrong(answer: Any) -> dict[str, str]:
    return {each["field"]: each["code"] for each in answer.get_json()["errors"]}


def test_what_a_partner_asks_is_kept_like_any_callback(office: Office, ccas: Program) -> None:
    answer = ccas.asks(part="afternoon", discreet=True)

    [callback] = kept(office)
    assert answer.status_code == 201
    assert (callback.call, callback.why, callback.state) == (None, Why.PARTNER, State.WAITING)
    assert (callback.number, callback.first_name) == ("+33199000001", "Rose")
    assert (callback.commune, callback.need) == ("05096", Need.PROCEDURES)
    assert (callback.part, callback.discreet) == (Part.AFTERNOON, True)


def test_the_answer_says_where_it_stands_when_they_are_rung_and_how_to_change_it(
    office: Office, ccas: Program
) -> None:
    told = ccas.asks(part="afternoon").get_json()

    [callback] = kept(office)
    assert told["state"] == "waiting"
    assert datetime.fromisoformat(told["due"]["from"]) == callback.due_at
    assert datetime.fromisoformat(told["due"]["until"]) > callback.due_at
    assert told["link"] == office.services.links.to_change(callback.id)
    assert callback.id not in told["id"]


def test_where_it_leads_tells_the_same_until_it_is_over(office: Office, ccas: Program) -> None:
    answer = ccas.asks()
    told = answer.get_json()
    assert answer.headers["Location"].endswith(f"{CALLBACKS}/{told['id']}")

    assert ccas.looks(told["id"]).get_json() == told
    Stranger(office.app).posts(told["link"].partition("permanence.test")[2] + "/cancel", {})

    after = ccas.looks(told["id"]).get_json()
    assert (after["state"], after["due"]) == ("cancelled", None)


def test_the_same_post_again_is_one_callback(office: Office, ccas: Program) -> None:
    first, again = ccas.asks(), ccas.asks()

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert len(kept(office)) == 1


def test_the_same_post_again_is_one_though_its_person_has_moved_it_meanwhile(
    office: Office, ccas: Program
) -> None:
    link = ccas.asks().get_json()["link"].partition("permanence.test")[2]
    assert Stranger(office.app).posts(link + "/move", {"when": "afternoon"}).status_code == 303

    assert ccas.asks().status_code == 200
    assert [each.part for each in kept(office)] == [Part.AFTERNOON]


@pytest.mark.parametrize(
    "other",
    [{"number": "01 99 00 00 02"}, {"first_name": "Léon"}, {"need": "either"}, {"discreet": True}],
)
def test_a_key_of_another_request_is_a_conflict_and_changes_nothing(
    office: Office, ccas: Program, other: dict[str, Any]
) -> None:
    ccas.asks()
    before = kept(office)

    answer = ccas.asks(**other)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "reused")
    assert kept(office) == before


def test_a_number_of_the_body_serves_as_well_as_the_header(office: Office, ccas: Program) -> None:
    answers = [ccas.asks(None, id="dossier-1789").status_code for _ in range(2)]

    assert answers == [201, 200]
    assert len(kept(office)) == 1


@pytest.mark.parametrize("once", ["", "a b", "é", "1" * 129])
def test_a_post_that_could_be_repeated_by_mistake_is_not_taken(
    office: Office, ccas: Program, once: str
) -> None:
    answer = ccas.posts(ROSES | {"id": once}, None)

    assert (answer.status_code, wrong(answer)) == (400, {"id": "once"})
    assert kept(office) == []


def test_two_partners_may_use_the_same_key_of_a_request(office: Office, ccas: Program) -> None:
    other = Program(ccas.app, OTHER)

    first, second = ccas.asks(), other.asks(number="01 99 00 00 02")

    assert (first.status_code, second.status_code) == (201, 201)


def test_nobody_looks_at_what_another_partner_asked(ccas: Program) -> None:
    id, other = ccas.asks().get_json()["id"], Program(ccas.app, OTHER)

    for answer in (other.looks(id), ccas.looks("x" * 29), ccas.looks("1")):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown")


def test_a_link_to_change_it_is_no_name_of_it_nor_the_other_way(
    office: Office, ccas: Program
) -> None:
    told = ccas.asks().get_json()

    assert ccas.looks(told["link"].rsplit("/", 1)[1]).status_code == 404
    assert Stranger(office.app).opens("/r/" + told["id"]).status_code == 404


def test_nothing_tells_whether_somebody_is_owed_a_callback_already(
    office: Office, ccas: Program
) -> None:
    Stranger(office.app).gets_a_link()
    [first] = kept(office)
    with office.services.store.writing() as tx:  # an agent is being rung for it
        tx.callbacks.move(first.id, of=State.WAITING, to=State.OFFERED, at=first.asked_at)

    known, unknown = ccas.asks(), ccas.asks("2", number="01 99 00 00 02")

    alike = {"id": "", "link": "", "code": ""}
    told, other = ({**each.get_json(), **alike} for each in (known, unknown))
    assert told == other
    assert len({is_right(each.get_json()["code"]) for each in (known, unknown)}) == 1
    assert known.get_json()["code"] != code_of(first.id, office.services)
    assert known.status_code == unknown.status_code == 201


def test_every_wrong_member_is_said_at_once(office: Office, ccas: Program) -> None:
    body = {"number": "0899123456", "first_name": "", "postal_code": 5170, "part": "midnight"}

    answer = ccas.posts(body | {"discreet": "yes", "colour": "red", "deadline": "2020-01-01"}, None)

    assert answer.status_code == 400
    assert wrong(answer) == {
        "id": "once",
        "number": "nobodys",
        "first_name": "empty",
        "postal_code": "type",
        "need": "none",
        "part": "none",
        "deadline": "past",
        "discreet": "type",
        "colour": "unknown_member",
    }
    assert kept(office) == []


@pytest.mark.parametrize("only", [{"part": 3}, {"deadline": 1}, {"discreet": "no"}, {"colour": 1}])
def test_one_wrong_member_that_could_have_been_left_out_is_enough(
    office: Office, ccas: Program, only: dict[str, Any]
) -> None:
    answer = ccas.asks(**only)

    assert (answer.status_code, [*wrong(answer)]) == (400, [*only])
    assert kept(office) == []


def test_a_postal_code_of_several_communes_needs_one(office: Office, ccas: Program) -> None:
    assert wrong(ccas.asks(postal_code="05000")) == {"commune": "which"}
    assert ccas.asks(postal_code="05000", commune="05061").status_code == 201


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "NaN"])
def test_what_is_no_json_object_is_said_to_be_none(ccas: Program, body: str) -> None:
    answer = ccas.posts(None, data=body, content_type="application/json")

    assert (answer.status_code, answer.get_json()["code"]) == (400, "json")


def test_a_form_is_no_json(ccas: Program) -> None:
    assert ccas.posts(None, data=ROSES).get_json()["code"] == "json"


@pytest.mark.parametrize("trap", [*ALWAYS, LINE])
def test_no_number_that_may_not_be_rung_comes_in_by_a_partner(
    office: Office, ccas: Program, trap: str
) -> None:
    """Some are only written oddly: those are understood, as the number they are."""
    answer = ccas.asks(number=trap)

    numbers = [callback.number for callback in kept(office)]
    assert [refusal(each) for each in numbers] == [None] * len(numbers)
    assert LINE not in numbers
    assert answer.status_code == (201 if numbers else 400)


@pytest.mark.parametrize("body", [{"first_name": "\ud800"}, {"\ud800": 1}, {"number": "\x00"}])
def test_no_sign_breaks_the_door(ccas: Program, body: dict[str, Any]) -> None:
    assert ccas.asks(**body).status_code == 400


@pytest.mark.parametrize("key", ["", "k" * 31, "K" * 32, "é" * 16])
def test_a_key_that_is_none_opens_nothing(office: Office, ccas: Program, key: str) -> None:
    stranger = Program(ccas.app, key)

    for answer in (stranger.asks(), stranger.looks("x" * 29)):
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert kept(office) == []


def test_both_keys_of_a_partner_who_changes_them_are_the_same_partners(ccas: Program) -> None:
    id = Program(ccas.app, OLDER).asks().get_json()["id"]

    assert ccas.looks(id).status_code == 200
    assert ccas.asks().status_code == 200


def test_where_no_partner_has_a_key_there_is_no_such_door(office: Office) -> None:
    client = create_app(office.parts).test_client()

    for path in (CALLBACKS, CALLBACKS + "/x", "/api/openapi.json"):
        for method in ("GET", "POST", "OPTIONS"):
            headers = {"Authorization": f"Bearer {KEY}"}
            assert client.open(path, method=method, headers=headers).status_code == 404


def test_a_partner_who_asks_ever_more_is_told_when_to_ask_again(
    office: Office, ccas: Program
) -> None:
    at = office.services.now()
    with office.services.store.writing() as tx:
        for _ in range(PARTNER_ASKS.at_most):
            assert tx.allowances.spend(PARTNER_ASKS, "ccas-gap", at=at)

    answer = ccas.asks()

    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_often")
    assert timedelta(seconds=int(answer.headers["Retry-After"])) == PARTNER_ASKS.until(at) - at
    assert kept(office) == []
    assert Program(ccas.app, OTHER).asks().status_code == 201


def test_a_number_is_asked_for_so_often_a_day_by_whomever(office: Office, ccas: Program) -> None:
    people = ("Ada", "Bea", "Cleo", "Dina", "Eve")
    assert [ccas.asks(name, first_name=name).status_code for name in people] == [201] * 5

    assert ccas.asks("6", first_name="Fanny").status_code == 429
    assert ccas.asks("7", first_name="Ada").status_code == 201, "who is owed one is told no more"


def test_while_sql_is_away_a_partner_is_told_so(office: Office, ccas: Program) -> None:
    id = ccas.asks().get_json()["id"]
    with office.services.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE callbacks RENAME TO elsewhere")

    for answer in (ccas.asks("2"), ccas.looks(id)):
        assert answer.status_code == 503
        assert "01 99 00 01 00" in answer.get_json()["detail"]


def test_a_body_too_large_is_a_problem_like_any_other(ccas: Program) -> None:
    answer = ccas.app.test_client().post(
        CALLBACKS, json={"number": "1" * 70_000}, headers={"Authorization": f"Bearer {KEY}"}
    )

    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


@pytest.mark.parametrize("example", [REQUEST, LEAST])
def test_each_example_of_the_document_is_what_it_says_and_is_taken(
    office: Office, ccas: Program, example: dict[str, Any]
) -> None:
    schema = DOCUMENT["components"]["schemas"]["Request"]
    assert faults(example, schema, DOCUMENT) == []

    assert ccas.posts(example, None if "id" in example else "1").status_code == 201


def test_the_document_is_there_for_whoever_writes_the_program(ccas: Program) -> None:
    answer = ccas.app.test_client().get("/api/openapi.json")

    assert answer.get_json() == DOCUMENT
    assert answer.get_json()["openapi"].startswith("3.1")


def test_no_number_and_no_name_stands_in_a_log_or_an_answer(
    ccas: Program, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    theirs = {"number": "0199004321", "first_name": "Rosalinde"}

    answers = [ccas.asks(**theirs), ccas.asks(**theirs), ccas.asks("2", **theirs, need="x")]
    answers.append(ccas.asks(number="0199009876"))
    answers.append(Program(ccas.app, "no key").asks(**theirs))

    assert [each.status_code for each in answers] == [201, 200, 400, 409, 401]
    texts = [formatted(each) for each in caplog.records if each.name.split(".")[0] in OURS]
    texts += [f"{each.get_data(as_text=True)} {each.headers}" for each in answers]
    assert len(texts) > 5
    for text in texts:
        assert "199004321" not in text
        assert "Rosalinde" not in text
        assert KEY not in text
