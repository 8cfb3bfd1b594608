"""The fallback takes down a number to ring back when nothing else works, and never more than one."""

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import CallSid, Outcome
from dispatcher.operations import calls as calls_operations
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import INES, LINE, ROSE
from tests.web.doors import SID, Doors

FIRST, LAST = "/voice/fallback/number/1", "/voice/fallback/number/3"


def hears(doors: Doors, path: str, **form: str) -> str:
    answer = doors.post(path, {name.capitalize(): value for name, value in form.items()})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def kept(office: Office) -> list[str]:
    return [entry.number for entry in office.parts.spool.entries()]


def test_somebody_whose_number_is_shown_is_told_that_it_is_enough(doors: Doors) -> None:
    assert "au numéro de votre téléphone" in hears(doors, "/voice/fallback")


@pytest.mark.parametrize("shown", ["anonymous", "", "+447400123456", "+33899123456", "sip:x@y"])
def test_a_number_that_cannot_be_rung_back_is_asked_for(
    office: Office, doors: Doors, shown: str
) -> None:
    assert "de votre numéro" in hears(doors, "/voice/fallback", **{"from": shown})
    assert "<Gather" in hears(doors, FIRST, **{"from": shown}, digits="")
    assert kept(office) == []


@pytest.mark.parametrize("digits", ["*", "0199*", "*0199000008"])
def test_a_star_repeats_the_question_at_once_and_counts_nothing(
    office: Office, doors: Doors, digits: str
) -> None:
    again = hears(doors, FIRST, digits=digits)

    assert again == hears(doors, "/voice/fallback")
    assert kept(office) == []
    assert FIRST + '"' in again
    assert LAST + '"' in hears(doors, LAST, digits=digits)


def test_three_wrong_numbers_lose_nobody_whose_own_is_known(office: Office, doors: Doors) -> None:
    for tries in (1, 2):
        assert "pas compris" in hears(doors, f"/voice/fallback/number/{tries}", digits="0899123456")
        assert kept(office) == []

    assert "Nous vous rappellerons" in hears(doors, LAST, digits="12")
    assert kept(office) == [ROSE.number]


def test_the_last_number_keyed_on_a_call_is_the_one_that_is_kept(
    office: Office, doors: Doors
) -> None:
    hears(doors, FIRST, digits="")
    hears(doors, FIRST, digits="0199000008")

    assert kept(office) == ["+33199000008"]


def test_the_fallback_asks_neither_sql_nor_redis(
    office: Office, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in ("store", "board", "bell", "carrier"):
        monkeypatch.setattr(type(getattr(office.services, part)), "__getattribute__", _away)

    assert "<Gather" in hears(doors, "/voice/fallback")
    hears(doors, FIRST, digits="0199000008")

    monkeypatch.undo()
    assert kept(office) == ["+33199000008"]


def _away(*_: object) -> None:
    raise AssertionError("asked during an outage")


def test_a_caller_for_whom_something_broke_is_rung_back_once_at_the_place_they_had(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls_operations, "hear", _away)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE)
        calls.append(call)
        await call.hears("code postal")
        await call.presses("05170")
        await call.hears("problème technique", within=30)
        await call.hears("Nous vous rappellerons. Au revoir", within=40)
        await call.ends()

    office.run(rose(), until=60)
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=5))
    office.run(until=200)

    callback = office.callback(calls[0])
    assert (callback.state, callback.number) == (State.REACHED, ROSE.number)
    assert callback.place_since == office.call(calls[0]).started_at
    assert office.call(calls[0]).outcome is Outcome.CALLBACK
    assert [c.shown for c in office.network.phone(ROSE.number).calls].count(LINE) == 1
    assert kept(office) == []


def test_a_replay_beside_a_webhook_about_the_same_call_keeps_one_callback(
    office: Office, doors: Doors
) -> None:
    doors.post("/voice/incoming")
    hears(doors, FIRST, digits="")
    doors.post("/voice/status", {"CallStatus": "completed"})

    for _ in range(2):
        office.run(until=office.network.seconds() + 16)
        hears(doors, FIRST, digits="")  # the carrier asks once more, long after
    office.run(until=office.network.seconds() + 16)

    with office.services.store.reading() as tx:
        assert tx.callbacks.open() == 1
        call = tx.calls.find(CallSid(SID))
    assert call is not None
    assert call.outcome is Outcome.CALLBACK
