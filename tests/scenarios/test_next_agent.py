"""Whoever does not take the call, the caller goes on to the next, and keeps their place."""

from collections.abc import Callable

import pytest

from dispatcher.domain.calls import Outcome
from dispatcher.domain.offers import End
from dispatcher.simulator import (
    PhoneCall,
    answers,
    busy,
    declines,
    does_not_exist,
    hangs_up_while_screened,
    lets_it_ring,
    refuses,
    voicemail,
    wrong_keys,
)
from dispatcher.simulator.people.handset import Behaviour
from tests.office import Office
from tests.people import INES, LINE, MALO, ROSE

pytestmark = pytest.mark.parametrize("scenario_url", ["sqlite", "postgresql"], indirect=True)


@pytest.mark.parametrize(
    ("behaviour", "end"),
    [
        (declines, End.DECLINED),
        (lets_it_ring, End.NO_ANSWER),
        (busy, End.BUSY),
        (refuses, End.BUSY),
        (voicemail, End.NO_KEY),
        (hangs_up_while_screened, End.NO_KEY),
        (does_not_exist, End.FAILED),
    ],
)
def test_a_caller_goes_on_to_the_next_agent(
    office: Office, behaviour: Callable[[], Behaviour], end: End
) -> None:
    office.has(INES, MALO)
    office.network.phone(INES.number).when_rung(behaviour())
    office.network.phone(MALO.number).when_rung(answers())
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        assert await calls[0].talks_with_somebody(within=60) == MALO.number
        await calls[0].ends()

    office.run(rose())

    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert office.ends(calls[0]) == [end, End.ANSWERED]
    assert not any("voicemail" in line.text for line in calls[0].transcript.lines)


def test_a_wrong_key_asks_again(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(wrong_keys("5", "*", "1"))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        assert await calls[0].talks_with_somebody(within=60) == INES.number
        await calls[0].ends()

    office.run(rose())

    assert office.ends(calls[0]) == [End.ANSWERED]


def test_the_agent_hears_commune_need_and_waiting_within_five_seconds(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1"))

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.talks_with_somebody()
        await call.ends()

    office.run(rose())

    [picked_up] = office.network.phone(INES.number).calls
    heard = [line for line in picked_up.transcript.lines if line.sort == "heard"]
    assert "Orcières. Démarche. Appelle à l'instant" in heard[0].text
    assert heard[0].seconds < 5
    assert picked_up.shown == LINE


def test_somebody_with_no_other_agent_waits_and_is_served_by_the_first_who_is_free(
    office: Office,
) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(lets_it_ring(), answers(talks_for=20))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].hears("votre place est gardée", within=90)
        assert await calls[0].talks_with_somebody(within=240) == INES.number
        await calls[0].ends()

    office.run(rose())

    assert office.ends(calls[0]) == [End.NO_ANSWER, End.ANSWERED]


def test_after_a_call_the_agent_has_a_pause_and_then_the_next_caller(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=20))

    async def caller(delay: float) -> None:
        await office.waits(delay)
        call = await office.asks(ROSE if not delay else office.other(ROSE))
        await call.talks_with_somebody(within=200)
        await call.ends()

    office.run(caller(0), caller(5))

    first, second = office.network.ledger.bridges(INES.number)
    assert first.until is not None
    assert 30 <= second.since - first.until < 60


def test_an_engaged_telephone_is_left_alone_and_not_tried_for_everybody_who_waits(
    office: Office,
) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(busy())
    calls: list[PhoneCall] = []

    async def caller(delay: float) -> None:
        await office.waits(delay)
        call = await office.asks(office.other(ROSE))
        calls.append(call)
        await call.waits(60)
        await call.hangs_up()

    office.run(*(caller(2.0 * i) for i in range(6)), until=75)

    tried = [end for call in calls for end in office.ends(call)]
    assert 2 <= tried.count(End.BUSY) <= 4, "tried in vain for one after the other"
