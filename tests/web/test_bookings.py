"""Somebody chooses their half-hour at /rappel, at the page of their link, or through a partner."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dispatcher.domain.wishes import Part
from tests.office import Office
from tests.people import INES, ZOE
from tests.web.forms import Form, Stranger
from tests.web.programs import DOCUMENT, Program, as_documented, program
from tests.web.test_changes import callback
from tests.web.test_partners import wrong
from tests.web.test_requests import kept, text

THURSDAY = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
HALF = "2026-11-26T13:00Z"
NEXT = "2026-11-26T13:30Z"
HALVES = "/api/half-hours"


@pytest.fixture
def rose(office: Office) -> Stranger:
    office.has(INES)
    return Stranger(office.app)


def other(rose: Stranger, half_hour: str = HALF) -> str:
    """Somebody else of the same place has one."""
    return rose.gets_a_link(number="01 99 00 00 02", part="half_hour", half_hour=half_hour)


def test_whoever_wants_to_choose_is_shown_what_is_left_where_they_live(rose: Stranger) -> None:
    assert "half_hour" not in Form(text(rose.opens())).options

    answer = rose.asks(part="half_hour", discreet="1")

    form = Form(text(answer))
    assert answer.status_code == 422
    assert "Choisissez votre demi-heure" in form.by_id["half_hour-wrong"]
    assert form.options["half_hour"][1] == "2026-11-24T09:30Z"
    assert {HALF, NEXT} < set(form.options["half_hour"])
    assert "jeudi 26 novembre, de 14 h à 14 h 30" in form.text
    assert form.value("first_name") == "Rose"
    assert form.ticked["part"] == "half_hour"


def test_the_half_hour_chosen_is_kept_and_said(office: Office, rose: Stranger) -> None:
    link = rose.gets_a_link(part="half_hour", half_hour=HALF)

    [found] = kept(office)
    assert (found.booked_at, found.due_at, found.part) == (THURSDAY, THURSDAY, Part.ANY)
    page = rose.reads(link)
    assert "jeudi 26 novembre, entre 14 h et 14 h 30" in page.text
    assert page.ticked["when"] == HALF
    assert "vous demande par votre prénom" in page.text
    assert "le service" not in page.text


def test_whoever_is_second_is_told_so_and_loses_nothing_they_wrote(
    office: Office, rose: Stranger
) -> None:
    other(rose)

    answer = rose.asks(part="half_hour", half_hour=HALF, deadline="24/12/2026", discreet="1")

    form = Form(text(answer))
    assert answer.status_code == 422
    assert "n’est plus libre" in form.by_id["half_hour-wrong"]
    assert HALF not in form.options["half_hour"]
    assert NEXT in form.options["half_hour"]
    assert (form.value("number"), form.value("first_name")) == ("01 99 00 00 01", "Rose")
    assert (form.value("postal_code"), form.value("deadline")) == ("05170", "24/12/2026")
    assert (form.ticked["need"], form.ticked["discreet"]) == ("procedures", "1")
    assert len(kept(office)) == 1


def test_where_nobody_can_be_promised_as_soon_as_can_be_is_always_there(office: Office) -> None:
    leon = Stranger(office.app)

    answer = leon.asks(part="half_hour", half_hour=HALF)

    form = Form(text(answer))
    assert answer.status_code == 422
    assert "aucune demi-heure n’est libre" in form.by_id["part-wrong"]
    assert "half_hour" not in form.options
    assert leon.asks(part="any", half_hour=HALF).status_code == 303


def test_a_half_hour_that_was_never_offered_is_none(rose: Stranger) -> None:
    for never in (
        "2026-11-26T13:10Z",
        "2026-11-29T13:00Z",
        "2036-11-26T13:00Z",
        "2026-11-26T13:00",
    ):
        assert rose.asks(part="half_hour", half_hour=never).status_code == 422


def test_a_line_that_lets_nobody_choose_does_not_speak_of_it(office: Office) -> None:
    [line] = office.services.lines
    services = replace(office.services, lines=(replace(line, booking_days=0),))
    from dispatcher.web.app import create_app

    rose = Stranger(create_app(replace(office.parts, services=services)))

    assert "demi-heure" not in Form(text(rose.opens())).text
    assert rose.asks(part="half_hour", half_hour=HALF).status_code == 422


def test_a_callback_is_moved_to_a_half_hour_and_away_from_it(
    office: Office, rose: Stranger
) -> None:
    link = rose.gets_a_link()
    assert HALF in rose.reads(link).options["when"]

    rose.posts(link + "/move", {"when": HALF})

    assert callback(office, link).booked_at == THURSDAY
    rose.posts(link + "/move", {"when": "any"})
    assert callback(office, link).booked_at is None
    assert HALF in rose.reads(link).options["when"]


def test_whoever_moves_theirs_too_late_is_told_so_and_keeps_it(
    office: Office, rose: Stranger
) -> None:
    link = rose.gets_a_link(part="half_hour", half_hour=NEXT)
    other(rose)

    answer = rose.posts(link + "/move", {"when": HALF})

    form = Form(text(answer))
    assert answer.status_code == 422
    assert "n’est plus libre" in form.by_id["when-wrong"]
    assert HALF not in form.options["when"]
    assert form.ticked["when"] == NEXT
    assert callback(office, link).booked_at == THURSDAY + timedelta(minutes=30)


def test_who_wants_no_call_before_two_says_so_and_sees_it(office: Office, rose: Stranger) -> None:
    link = rose.gets_a_link(not_before="14:00")

    page = rose.reads(link)
    assert "aujourd’hui, entre 14 h et 18 h" in page.text
    assert page.ticked["when"] == "after"
    assert "Le matin" not in page.text
    rose.posts(link + "/move", {"when": "after"})
    assert callback(office, link).not_before == 14 * 60
    rose.posts(link + "/move", {"when": "any"})
    assert callback(office, link).not_before is None


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"not_before": "14 heures"}, "not_before-wrong"),
        ({"not_before": "18:00"}, "not_before-wrong"),
        ({"not_before": "14:00", "part": "morning"}, "not_before-wrong"),
    ],
)
def test_a_time_after_which_nobody_is_rung_is_said_to_be_none(
    rose: Stranger, answers: dict[str, str], field: str
) -> None:
    assert field in Form(text(rose.asks(**answers))).by_id


def looks(ccas: Program, **asked: str) -> Any:
    sought = {"postal_code": "05170", "need": "procedures"} | asked
    answer = ccas._client.get(HALVES, query_string=sought, headers=ccas._headers)
    return as_documented(answer, DOCUMENT["paths"][HALVES]["get"])


def test_a_partner_looks_for_a_half_hour_and_books_it(office: Office) -> None:
    office.has(INES)
    ccas = program(office)
    [first, *_] = looks(ccas).get_json()["half_hours"]

    told = ccas.asks(half_hour=first).get_json()

    assert datetime.fromisoformat(told["due"]["from"]) == datetime.fromisoformat(first)
    until = datetime.fromisoformat(told["due"]["until"]) - datetime.fromisoformat(first)
    assert until == timedelta(minutes=30)
    assert first not in looks(ccas).get_json()["half_hours"]


def test_a_partner_who_is_second_is_told_so_and_who_posts_again_is_not(office: Office) -> None:
    office.has(ZOE)
    ccas = program(office)
    assert ccas.asks("1", half_hour=HALF).status_code == 201

    late = ccas.asks("2", number="01 99 00 00 02", half_hour=HALF)

    assert (late.status_code, late.get_json()["code"]) == (409, "taken")
    assert ccas.asks("1", half_hour=HALF).status_code == 200


def test_a_partner_is_told_what_is_wrong_with_what_they_look_for(office: Office) -> None:
    ccas = program(office)

    assert wrong(looks(ccas, postal_code="05999", need="x")) == {
        "postal_code": "unknown",
        "need": "none",
    }
    assert wrong(looks(ccas, postal_code="05000")) == {"commune": "which"}
    both = ccas.asks(half_hour=HALF, part="morning")
    assert wrong(both) == {"part": "both"}
