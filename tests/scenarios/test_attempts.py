"""A citizen who is not reached is rung again, hours later, and never for nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.simulator import (
    PhoneCall,
    answers,
    busy,
    does_not_exist,
    lets_it_ring,
    voicemail,
    wrong_keys,
)
from tests.office import TUESDAY, Office, line, open_office
from tests.people import INES, MALO, ROSE

LATER = replace(MALO, slots="mon-sun 10:03-24:00")


async def asks_to_be_rung_back(office: Office, calls: list[PhoneCall]) -> None:
    calls.append(await office.asks(ROSE))
    await calls[0].hears("Nous vous rappellerons")
    await calls[0].hangs_up()


def rung_back(office: Office, *behaviours: Any, until: float = 500) -> PhoneCall:
    """Rose asks while nobody is on; what her telephone does each time it is rung."""
    office.has(LATER)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=20))
    office.network.phone(ROSE.number).when_rung(*behaviours)
    calls: list[PhoneCall] = []
    office.run(asks_to_be_rung_back(office, calls), until=until)
    return calls[0]


def way(office: Office, call: PhoneCall) -> list[str]:
    with office.services.store.reading() as tx:
        return [state for _, state in tx.callbacks.moves(office.callback(call).id)]


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [(lets_it_ring(), "no_answer"), (busy(), "busy"), (voicemail(), "voicemail")],
    ids=["no answer", "busy", "voicemail"],
)
def test_whoever_is_not_reached_is_tried_again_hours_later(
    office: Office, behaviour: Any, why: str
) -> None:
    call = rung_back(office, behaviour)

    callback = office.callback(call)
    assert (callback.state, callback.attempts) == (State.WAITING, 1)
    assert way(office, call) == ["waiting", "offered", "calling", why, "waiting"]
    assert callback.due_at - TUESDAY > timedelta(hours=3)


def test_a_number_that_does_not_exist_is_rung_once(office: Office) -> None:
    call = rung_back(office, does_not_exist())

    assert office.callback(call).state is State.DEAD
    assert way(office, call)[-2:] == ["number_dead", "dead"]


def test_a_two_ends_it_for_good_and_the_agent_is_told(office: Office) -> None:
    call = rung_back(office, wrong_keys("2", at="tapez 1"))

    assert office.callback(call).state is State.DECLINED
    told = office.network.phone(MALO.number).calls[0].transcript
    assert "ne souhaite plus être rappelée" in str(told)
    assert not office.network.ledger.bridges()


def test_an_agent_who_hangs_up_first_costs_no_attempt_and_she_is_rung_soon(office: Office) -> None:
    office.has(LATER)

    async def presses_and_leaves(call: PhoneCall) -> None:
        await call.picks_up()
        await call.hears("tapez 1")
        await call.presses("1")
        await call.waits(4)
        await call.hangs_up()

    office.network.phone(MALO.number).when_rung(
        presses_and_leaves, answers(at="tapez 1", talks_for=20)
    )
    office.network.phone(ROSE.number).when_rung(
        answers(after=20, at="tapez 1", talks_for=None), answers(at="tapez 1", talks_for=None)
    )
    calls: list[PhoneCall] = []

    office.run(asks_to_be_rung_back(office, calls), until=900)

    callback = office.callback(calls[0])
    assert (callback.state, callback.attempts) == (State.REACHED, 0)


def test_whoever_rang_again_and_was_answered_is_not_rung_back(office: Office) -> None:
    office.has(
        replace(INES, slots="mon-sun 10:01-10:03"), replace(MALO, slots="mon-sun 10:05-24:00")
    )
    office.network.phone(INES.number).when_rung(answers(talks_for=40))
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=20))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        await asks_to_be_rung_back(office, calls)
        with office.services.store.writing() as tx:  # nobody offers it to Ines meanwhile
            callback = office.callback(calls[0])
            later = callback.asked_at + timedelta(minutes=5)
            tx.callbacks.move(
                CallbackId(callback.id), of=State.WAITING, to=State.WAITING, at=later, due_at=later
            )
        await office.waits(75)
        again = await office.asks(ROSE)
        await again.talks_with_somebody()
        await again.ends()

    office.run(rose(), until=900)

    assert office.callback(calls[0]).state is State.SERVED
    assert office.network.phone(ROSE.number).rung == 0
    assert office.network.phone(MALO.number).rung == 0


def test_nobody_is_rung_back_outside_the_windows(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (line(callback_windows=WeeklySlots.parse("mon-fri 10:09-18:00")),)
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        call = rung_back(office, answers(at="tapez 1", talks_for=None), until=800)

        assert office.callback(call).state is State.REACHED
        [talk] = office.network.ledger.bridges()
        assert 9 * 60 < talk.since < 10 * 60


def test_a_callback_that_is_cancelled_while_its_agent_is_rung_rings_nobody_else(
    office: Office,
) -> None:
    office.has(LATER)
    calls: list[PhoneCall] = []

    async def cancels_meanwhile(call: PhoneCall) -> None:
        await call.picks_up()
        await call.hears("tapez 1")
        with office.services.store.writing() as tx:
            id = office.callback(calls[0]).id
            at = office.network.now()
            assert tx.callbacks.move(id, of=State.OFFERED, to=State.CANCELLED, at=at)
        await call.presses("1")
        await call.hears("déjà pris")

    office.network.phone(MALO.number).when_rung(cancels_meanwhile)

    office.run(asks_to_be_rung_back(office, calls), until=900)

    assert office.callback(calls[0]).state is State.CANCELLED
    assert office.network.phone(ROSE.number).rung == 0
    assert office.open_offers() == []
