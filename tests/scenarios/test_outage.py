"""Nothing of ours answers for a while: whoever rang meanwhile is rung back."""

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome, Why
from dispatcher.simulator import PhoneCall, answers
from dispatcher.simulator.performing.conductor import APPLICATION_ERROR
from tests.office import Office
from tests.people import INES, LINE, ROSE

OUTAGE = 40.0


@pytest.fixture
def away(office: Office) -> Office:
    """An office with one agent, whose web answers nothing for its first forty seconds."""
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=10))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    office.lose_webhooks()
    office.network.after(OUTAGE, lambda: office.lose_webhooks(False))
    return office


async def rings_in_vain(office: Office, *, shows: str = ROSE.number) -> PhoneCall:
    call = await office.network.phone(ROSE.number, "Rose").dials(LINE, shows=shows)
    await call.hears(APPLICATION_ERROR)
    await call.hangs_up()
    return call


def test_somebody_who_heard_only_the_carriers_error_is_rung_back(away: Office) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        await away.waits(5)
        calls.append(await rings_in_vain(away))

    away.run(rose(), until=OUTAGE + 120)

    [call] = away.all_calls()
    assert (call.sid, call.outcome) == (calls[0].sid, Outcome.CALLBACK)
    callback = away.callback(calls[0])
    assert (callback.why, callback.state) == (Why.MISSED, State.REACHED)
    [talk] = away.network.ledger.bridges()
    assert {talk.caller, talk.callee} == {INES.number, ROSE.number}


def test_somebody_who_rings_again_and_is_answered_is_not_rung_back(away: Office) -> None:
    async def rose() -> None:
        await away.waits(OUTAGE - 10)
        await rings_in_vain(away)
        await away.waits(10)
        call = await away.asks(ROSE)
        await call.talks_with_somebody()
        await call.ends()

    away.run(rose(), until=400)

    assert len(away.network.ledger.bridges()) == 1
    assert away.network.phone(ROSE.number).rung == 0


def test_a_masked_caller_cannot_be_rung_back_and_is_known_to_have_rung(away: Office) -> None:
    async def masked() -> None:
        await rings_in_vain(away, shows="anonymous")

    away.run(masked(), until=400)

    assert [call.outcome for call in away.all_calls()] == [Outcome.ABANDONED]
    assert not away.network.ledger.bridges()


def test_a_carrier_that_does_not_list_its_calls_is_asked_again(away: Office) -> None:
    away.network.rest_faults.fail_next(2, status=500, path="/Calls.json")

    away.run(rings_in_vain(away), until=400)

    assert len(away.network.ledger.bridges()) == 1
    assert [call.outcome for call in away.all_calls()] == [Outcome.CALLBACK]


def test_nobody_whose_call_reached_us_is_rung_back(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=30))

    async def caller(delay: float) -> None:
        await office.waits(delay)
        call = await office.asks(office.other(ROSE))
        await office.waits(20)
        await call.hangs_up()

    office.run(*(caller(13.0 * i) for i in range(8)), until=400)

    with office.services.store.reading() as tx:
        assert tx.callbacks.open() == 0
    assert len(office.all_calls()) == 8
