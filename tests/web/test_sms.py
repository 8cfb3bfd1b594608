"""Somebody writes to the line: they are told which number to ring."""

from xml.etree import ElementTree

import pytest

from dispatcher.web import sms
from tests.office import Office
from tests.people import LINE
from tests.web.doors import Doors

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


def test_it_needs_neither_database_nor_redis(office: Office, doors: Doors) -> None:
    office.services.store.engine.dispose()
    office.redis.close()

    assert LINE[-2:] in doors.post("/sms/incoming", TEXT).get_data(as_text=True)
