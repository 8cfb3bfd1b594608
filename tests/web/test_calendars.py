"""The calendar at an agent's secret address."""

from dataclasses import replace
from datetime import UTC, date

import pytest
from flask.testing import FlaskClient

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.slots import Span
from dispatcher.operations import calendars, timetables
from tests.office import BASE, Office
from tests.people import INES


@pytest.fixture
def web(office: Office) -> FlaskClient:
    """Ines has a slot on a Tuesday to come."""
    office.has(replace(INES, slots=""))
    pattern = Pattern(Rule(date(2026, 12, 1)), Span(540, 720))
    timetables.post(AgentId(1), pattern, office.services)
    return office.app.test_client()


def address(office: Office) -> str:
    return calendars.open(AgentId(1), office.services).removeprefix(BASE)


def test_an_agents_slots_are_there_and_nothing_of_the_agent(
    office: Office, web: FlaskClient
) -> None:
    answer = web.get(address(office))

    text = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert "DTSTART;TZID=Europe/Paris:20261201T090000\r\n" in text
    assert "SUMMARY:Permanence téléphonique\r\n" in text
    assert not [each for each in ("Ines", "exemple.test", "465710001", "orcieres") if each in text]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_an_unchanged_calendar_is_not_sent_again_and_a_changed_one_is(
    office: Office, web: FlaskClient
) -> None:
    path = address(office)
    etag = web.get(path).headers["ETag"]

    same = web.get(path, headers={"If-None-Match": etag})
    timetables.post(AgentId(1), Pattern(Rule(date(2026, 12, 2)), Span(540, 720)), office.services)
    other = web.get(path, headers={"If-None-Match": etag})

    assert (same.status_code, same.data) == (304, b"")
    assert (other.status_code, other.get_data(as_text=True).count("BEGIN:VEVENT")) == (200, 2)


def test_a_new_address_ends_the_one_before_and_a_closed_one_shows_nothing(
    office: Office, web: FlaskClient
) -> None:
    before, after = address(office), address(office)

    assert (web.get(before).status_code, web.get(after).status_code) == (404, 200)
    assert calendars.close(AgentId(1), office.services)
    assert web.get(after).status_code == 404
    assert not calendars.close(AgentId(1), office.services)


@pytest.mark.parametrize("token", ["1", "x" * 43, "é" * 43, "x" * 5000, "'--", ""])
def test_whoever_guesses_is_answered_as_if_there_were_no_such_thing(
    web: FlaskClient, token: str
) -> None:
    assert web.get(f"/calendrier/{token}.ics").status_code == 404


def test_only_a_hash_of_the_secret_is_kept(office: Office, web: FlaskClient) -> None:
    token = address(office).rpartition("/")[2].removesuffix(".ics")

    with office.services.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT token_hash FROM calendars").all()

    assert len(rows) == 1
    assert token not in rows[0][0]
    assert office.services.now().tzinfo == UTC
