"""What may go wrong at the carrier, knob by knob, each with the guard that makes it harmless.

``tests/gates.py`` names the guard of each, and shows that the scenario fails without it.
"""

from dataclasses import replace
from typing import Any

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome, Step, Why
from dispatcher.domain.offers import End
from dispatcher.simulator import PhoneCall, answers, lets_it_ring
from dispatcher.simulator.performing.conductor import APPLICATION_ERROR
from dispatcher.simulator.wire.faults import Faults
from tests.office import Office
from tests.people import INES, LINE, MALO, ROSE

MALO_LATER = replace(MALO, slots="mon-sun 10:03-24:00")  # three minutes after a scenario begins


async def asks_to_be_rung_back(office: Office, calls: list[PhoneCall]) -> None:
    """Rose, while nobody is on."""
    calls.append(await office.asks(ROSE))
    await calls[0].hears("Nous vous rappellerons")
    await calls[0].hangs_up()


def rung_back(office: Office, **fault: Any) -> tuple[State, list[float]]:
    """What becomes of her callback, whose first requests fail so, and when the agent's rang."""
    office.has(MALO_LATER)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=20))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    office.network.rest_faults.fail_next(method="POST", path="/Calls.json", **fault)
    calls: list[PhoneCall] = []
    office.run(asks_to_be_rung_back(office, calls), until=400)
    rang = [each.at for each in office.network.ledger.entries if each.kind == "ringing"]
    return office.callback(calls[0]).state, rang


def test_a_carrier_too_busy_to_ring_an_agent_is_asked_again_at_once(office: Office) -> None:
    state, [agent, citizen] = rung_back(office, times=2, status=429)

    assert state is State.REACHED
    assert citizen > agent
    assert agent < 3 * 60 + 20, "they waited for the lease to end"


def test_a_carrier_that_fails_before_ringing_an_agent_costs_a_lease_and_no_more(
    office: Office,
) -> None:
    state, [_agent, _citizen] = rung_back(office, status=503)

    assert state is State.REACHED


@pytest.mark.parametrize("fault", [{"status": 503}, {"hang": True}], ids=["503", "silence"])
def test_a_carrier_that_fails_after_ringing_an_agent_rings_them_once(
    office: Office, fault: dict[str, Any]
) -> None:
    state, [_agent, _citizen] = rung_back(office, after_effect=True, **fault)

    assert state is State.REACHED


@pytest.mark.parametrize("seed", range(4))
def test_a_key_told_twice_is_pressed_once(office: Office, seed: int) -> None:
    """The postal code's second telling, at once or later, is no answer to what she needs."""
    office.network.faults = Faults(seed, duplicate=1.0)
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=20))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].talks_with_somebody()
        await calls[0].ends()

    office.run(rose())

    with office.services.store.reading() as tx:
        steps = [step for _, _, step in tx.calls.moves(office.call(calls[0]).sid)]
    assert steps == [
        Step.POSTAL_CODE,
        Step.NEED,
        Step.WAITING,
        Step.OFFERED,
        Step.TALKING,
        Step.ENDED,
    ]


@pytest.mark.parametrize(
    "faults",
    [Faults(delay=(40.0, 40.0)), Faults(reorder=1.0, held_for=(30.0, 30.0))],
    ids=["late", "reordered"],
)
def test_a_ring_heard_of_after_its_end_is_a_miss_all_the_same(
    office: Office, faults: Faults
) -> None:
    office.network.faults = replace(faults)
    office.has(INES)
    office.network.phone(INES.number).when_rung(lets_it_ring())

    async def rose() -> None:
        for _ in range(6):
            call = await office.asks(office.other(ROSE))
            await call.waits(60)
            await call.hangs_up()

    office.run(rose(), until=900)

    assert office.agent(INES).paused_until is not None


def test_a_slow_document_takes_nobody_from_the_agent_who_said_yes(office: Office) -> None:
    """The carrier waits as long for our answer as it is documented to: nobody lapses meanwhile."""
    office.network.faults = Faults(voice_delay=(13.0, 14.0))
    office.has(INES, MALO)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=20))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE)
        calls.append(call)
        await call.hears("code postal", within=60)
        await call.presses(ROSE.postal_code)
        await call.hears("tapez 1", within=60)
        await call.presses("1")
        await call.talks_with_somebody(within=200)
        await call.ends()

    office.run(rose())

    assert office.ends(calls[0]) == [End.ANSWERED]
    assert calls[0].talked_with == [INES.number]


def test_a_call_that_the_carrier_does_not_show_yet_is_not_taken_for_over(office: Office) -> None:
    office.network.rest_faults.visible_after = 100.0
    office.has(MALO_LATER)
    office.network.phone(MALO.number).when_rung(answers(talks_for=20))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE)
        calls.append(call)
        await call.hears("code postal")
        await call.waits(90)  # of which nothing is heard
        assert not office.call(call).over
        await call.hangs_up()

    office.run(rose())

    assert calls


def test_a_missed_call_that_the_carrier_lists_late_is_rung_back(office: Office) -> None:
    office.network.rest_faults.visible_after = 100.0
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=10))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))

    async def rose() -> None:
        await office.waits(100)
        office.lose_webhooks()
        call = await office.network.phone(ROSE.number).dials(LINE)
        await call.hears(APPLICATION_ERROR)
        await call.hangs_up()
        office.lose_webhooks(False)

    office.run(rose(), until=600)

    [call] = office.all_calls()
    assert (call.outcome, call.why) == (Outcome.CALLBACK, Why.MISSED)
    assert len(office.network.ledger.bridges()) == 1


def test_a_key_told_twice_at_once_is_pressed_once(office: Office) -> None:
    office.network.faults = Faults(twins=1.0)
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=20))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].talks_with_somebody()
        await calls[0].ends()

    office.run(rose())

    asked = office.network.ledger.webhooks("/voice/answer/1")
    assert len(asked) == 2
    assert asked[0].at == asked[1].at
    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert len(office.network.ledger.bridges()) == 1
