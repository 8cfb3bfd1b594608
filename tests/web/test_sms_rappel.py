"""Somebody texts RAPPEL: they are rung back at the number they wrote from."""

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Call, CallSid, Why
from dispatcher.domain.cases import is_right
from dispatcher.domain.known_callers import KnownCaller
from dispatcher.domain.links import Purpose
from dispatcher.domain.numbers import PhoneNumber, refusal
from dispatcher.domain.requests import Request
from dispatcher.operations import callbacks, requests
from dispatcher.store.schema import texts
from tests.carrier.traps import ALWAYS
from tests.office import Office
from tests.people import LINE, ROSE
from tests.web.doors import Doors
from tests.web.test_requests import kept
from tests.web.test_sms import answer_to

MOBILE = "+33639980077"
ORCIERES = "05096"
NTH = "SM{:032x}"


def rappel(doors: Doors, body: str = "RAPPEL", *, of: str = MOBILE, nth: int = 1) -> str | None:
    return answer_to(doors, body, From=of, MessageSid=NTH.format(nth))


def without_link(answer: str | None, office: Office) -> str:
    """The answer without the two things in it that are somebody's own: checked to be a code, and a
    link.
    """
    [code] = re.findall(r"Dossier ([0-9]{2} [0-9]{2} [0-9]{2})\.", answer or "")
    assert is_right(code.replace(" ", ""))
    words = (answer or "").replace(code, "").split()
    tokens = [each.rsplit("/", 1)[1] for each in words if "/r/" in each]
    assert [office.services.links.id(token, Purpose.CHANGE) is not None for token in tokens] == [
        True
    ]
    return " ".join(each for each in words if "/r/" not in each)


def test_a_rappel_is_a_callback_to_the_number_that_wrote(office: Office, doors: Doors) -> None:
    answer = rappel(doors, "Rappelez-moi SVP")

    [callback] = kept(office)
    assert (callback.number, callback.why, callback.call) == (MOBILE, Why.TEXT, None)
    assert (callback.need, callback.commune, callback.first_name) == (Need.EITHER, None, "")
    assert "nous vous appelons" in (answer or "")
    assert "01 99 00 01 00" in (answer or "")
    assert office.services.links.to_change(callback.id) in (answer or "")
    with office.services.store.engine.connect() as connection:
        assert not connection.execute(sa.select(texts)).all(), "the answer itself confirms it"


def test_twice_is_one_callback_and_one_answer(office: Office, doors: Doors) -> None:
    answers = {rappel(doors, nth=nth) for nth in (1, 1, 2, 3)}

    assert len(kept(office)) == 1
    assert len(answers) == 1


def test_whoever_is_owed_one_of_a_call_for_any_need_is_rung_once(
    office: Office, doors: Doors
) -> None:
    request = Request(PhoneNumber(MOBILE), ORCIERES, Need.MEDIATION, "")
    id, line = callbacks.new_id(office.services.now()), office.services.lines[0]
    requests.ask(request, id, line, office.services, address=None)

    answer = rappel(doors)

    assert office.services.links.to_change(id) in (answer or "")
    assert len(kept(office)) == 1


def test_the_answer_is_the_same_whatever_is_known_of_the_number(
    office: Office, doors: Doors
) -> None:
    other, at = "+33639980078", office.services.now()
    with office.services.store.writing() as tx:
        tx.known_callers.remember(
            PhoneNumber(other), KnownCaller(ORCIERES, None), until=at + timedelta(days=9)
        )

    answers = [rappel(doors), rappel(doors, of=other, nth=2), rappel(doors, of=other, nth=3)]

    assert len({without_link(each, office) for each in answers}) == 1
    assert [each.commune for each in kept(office)] == [None, ORCIERES]


@pytest.mark.parametrize(("days", "commune"), [(29, ORCIERES), (31, None)])
def test_the_commune_of_a_recent_call_is_theirs_still(
    office: Office, doors: Doors, days: int, commune: str | None
) -> None:
    sid, line = CallSid("CA" + "1" * 32), office.services.lines[0]
    at = office.services.now() - timedelta(days=days)
    call = Call(sid, line.id, at, PhoneNumber(MOBILE), commune=ORCIERES)  # type: ignore[arg-type]
    later = replace(call, sid=CallSid("CA" + "2" * 32), commune=None)
    with office.services.store.writing() as tx:
        assert tx.calls.add(call)
        assert tx.calls.add(replace(later, started_at=at + timedelta(hours=1)))

    rappel(doors)

    assert [each.commune for each in kept(office)] == [commune]


def test_a_stop_wins_over_a_rappel_in_the_same_text(office: Office, doors: Doors) -> None:
    assert "plus aucun SMS" in (rappel(doors, "STOP RAPPEL") or "")
    assert kept(office) == []


def test_whoever_said_stop_is_rung_all_the_same_and_written_nothing(
    office: Office, doors: Doors
) -> None:
    rappel(doors, "STOP")

    assert rappel(doors, nth=2) is None
    assert [each.state for each in kept(office)] == [State.WAITING]


@pytest.mark.parametrize("trap", [*ALWAYS, LINE])
def test_no_number_that_may_not_be_rung_comes_in_by_text(
    office: Office, doors: Doors, trap: str
) -> None:
    """Some are only written oddly: those are understood, as the number they are."""
    answer_to(doors, "RAPPEL", From=trap)

    numbers = [each.number for each in kept(office)]
    assert [refusal(each) for each in numbers] == [None] * len(numbers)
    assert LINE not in numbers


def test_a_number_asks_so_often_a_day_and_is_then_told_whom_to_ring(
    office: Office, doors: Doors
) -> None:
    for nth in range(5):
        assert "nous vous appelons" in (rappel(doors, nth=nth) or "")
        with office.services.store.writing() as tx:
            [owed] = tx.callbacks.owed()
            tx.callbacks.move(
                owed.id, of=State.WAITING, to=State.CANCELLED, at=office.services.now()
            )

    refused = rappel(doors, nth=9)

    assert "pas pu noter" in (refused or "")
    assert "01 99 00 01 00" in (refused or "")
    assert "nous vous appelons" in (rappel(doors, of=ROSE.number, nth=10) or "")


def test_many_who_write_at_once_are_not_taken_for_a_program(office: Office, doors: Doors) -> None:
    for nth in range(40):
        rappel(doors, of=f"+336399801{nth:02d}", nth=nth)

    assert len(kept(office)) == 40


def test_while_sql_is_away_they_are_told_so_and_whom_to_ring(
    office: Office, doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with office.services.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE callbacks RENAME TO elsewhere")

    answer = rappel(doors)

    assert "pas pu noter" in (answer or "")
    assert "01 99 00 01 00" in (answer or "")
    assert MOBILE[3:] not in caplog.text
