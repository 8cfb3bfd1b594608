"""Somebody writes to the line: they are told which number to ring, and their STOP is heeded."""

from xml.etree import ElementTree

import pytest

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import stops
from dispatcher.store.schema import metadata
from dispatcher.web import sms
from tests.office import Office
from tests.people import PAUL, ROSE
from tests.web.doors import Doors


def answer_to(doors: Doors, body: str, **form: str) -> str | None:
    """What somebody reads who writes this; None: nothing."""
    answer = doors.post("/sms/incoming", TEXT | {"Body": body} | form)
    assert answer.status_code == 200
    messages = [*ElementTree.fromstring(answer.get_data(as_text=True))]
    return (messages[0].text or "") if messages else None


def away(office: Office) -> None:
    """Neither database nor Redis answers."""
    with office.services.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE stops")
    office.redis.close()


TEXT = {
    "MessageSid": "SM" + "0" * 32,
    "Body": "Bonjour </Message><Dial>0899</Dial>",
    "NumMedia": "0",
}


def test_a_text_is_answered_with_the_number_of_its_line(office: Office, doors: Doors) -> None:
    answer = doors.post("/sms/incoming", TEXT)

    [message] = ElementTree.fromstring(answer.get_data(as_text=True))
    assert "01 99 00 01 00" in (message.text or "")
    assert "Bonjour" not in answer.get_data(as_text=True)
    assert office.all_calls() == []


@pytest.mark.parametrize("sent_to", ["", "nobody", "+"])
def test_a_text_to_nowhere_is_a_bad_request(doors: Doors, sent_to: str) -> None:
    answer = doors.post("/sms/incoming", TEXT | {"To": sent_to})

    assert (answer.status_code, answer.get_data(as_text=True)) == (400, "To")


def test_a_text_that_cannot_be_answered_is_left_alone(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(sms, "line_for", breaks)

    answer = doors.post("/sms/incoming", TEXT)

    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert len(ElementTree.fromstring(answer.get_data(as_text=True))) == 0


def test_it_needs_neither_database_nor_redis(
    office: Office, doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    away(office)

    assert "01 99 00 01 00" in (answer_to(doors, "Bonjour") or "")
    assert "who said STOP is not known now" in caplog.text


def test_a_stop_said_while_the_database_is_away_is_kept_and_noted_once_it_is_back(
    office: Office, doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    away(office)
    assert "plus aucun SMS" in (answer_to(doors, "STOP") or "")
    [kept] = office.parts.stops.entries()
    metadata.create_all(office.services.store.engine)

    stops.replay(office.parts.stops, office.services)

    with office.services.store.reading() as tx:
        assert tx.stops.holds(PhoneNumber(ROSE.number))
    assert kept.number == ROSE.number
    assert list(office.parts.stops.entries()) == []
    assert ROSE.number[3:] not in caplog.text


def test_a_start_that_cannot_be_noted_is_not_confirmed(office: Office, doors: Doors) -> None:
    away(office)

    assert answer_to(doors, "START") is None


@pytest.mark.parametrize("said", ["STOP", " stop. ", "Arrêt", "ARRET SMS", "« STOPALL »"])
def test_a_stop_is_confirmed_in_french_once_then_nobody_is_answered(
    office: Office, doors: Doors, said: str
) -> None:
    assert "plus aucun SMS" in (answer_to(doors, said) or "")
    with office.services.store.reading() as tx:
        assert tx.stops.holds(PhoneNumber(ROSE.number))

    assert answer_to(doors, "Bonjour ?") is None
    assert "plus aucun SMS" in (answer_to(doors, said) or ""), "whoever doubts is told again"


def test_a_start_undoes_a_stop(office: Office, doors: Doors) -> None:
    answer_to(doors, "STOP")

    assert "reprennent" in (answer_to(doors, "Reprendre") or "")

    with office.services.store.reading() as tx:
        assert not tx.stops.holds(PhoneNumber(ROSE.number))
    assert "01 99 00 01 00" in (answer_to(doors, "Bonjour") or "")


def test_a_stop_of_somebody_is_nobody_elses(office: Office, doors: Doors) -> None:
    answer_to(doors, "STOP")

    assert answer_to(doors, "Bonjour", From=PAUL.number)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"MessageSid": ""}, "MessageSid"),
        ({"MessageSid": "CA" + "0" * 32}, "MessageSid"),
        ({"MessageStatus": "lost"}, "MessageStatus"),
    ],
)
def test_a_report_that_the_carrier_would_not_make_is_refused(
    doors: Doors, form: dict[str, str], field: str
) -> None:
    answer = doors.post("/sms/status/a1", form)

    assert (answer.status_code, answer.get_data(as_text=True)) == (400, field)


def test_a_report_of_a_text_that_we_do_not_know_is_taken_and_changes_nothing(doors: Doors) -> None:
    sent = {"MessageStatus": "undelivered", "ErrorCode": "30003"}

    assert doors.post("/sms/status/nobody", sent).status_code == 204
