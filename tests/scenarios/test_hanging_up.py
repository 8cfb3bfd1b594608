"""A caller may hang up at any moment: nobody is rung for a ghost, and no agent is lost."""

import pytest

from dispatcher.domain.calls import Outcome
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import INES, LINE, ROSE

STAGES = [0.05, 3, 9, 12, 14, 18, 20.5, 21, 21.2, 21.5, 22, 23, 24, 25, 26, 27, 28, 29, 30, 33]


@pytest.mark.parametrize("after", STAGES)
@pytest.mark.parametrize("slow", [pytest.param(0.0, marks=pytest.mark.soak), 1.5])
def test_whenever_somebody_hangs_up_the_agent_is_there_for_the_next(
    office: Office, after: float, slow: float
) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(after=3, talks_for=8))
    office.network.faults.voice_delay = (slow, slow)
    first: list[PhoneCall] = []
    second: list[PhoneCall] = []

    async def gives_up() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE)
        first.append(call)
        office.network.after(after, lambda: office.network.spawn(call.hangs_up()))
        try:
            await call.hears("code postal")
            await call.presses("05170")
            await call.hears("tapez 1")
            await call.presses("1")
            await call.ends()
        except AssertionError:
            assert call.ended

    async def next_one() -> None:
        await office.waits(100)
        call = await office.asks(office.other(ROSE))
        second.append(call)
        assert await call.talks_with_somebody(within=120) == INES.number
        await call.ends()

    office.run(gives_up(), next_one())

    outcome = office.call(first[0]).outcome
    bridged = any(talk.caller == ROSE.number for talk in office.network.ledger.bridges())
    assert outcome is (Outcome.ANSWERED if bridged else Outcome.ABANDONED)
    assert office.call(second[0]).outcome is Outcome.ANSWERED
    assert office.open_offers() == []


def test_the_end_of_a_call_may_overtake_its_beginning(office: Office) -> None:
    office.network.faults.voice_delay = (4, 4)
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.network.phone(ROSE.number).dials(LINE))
        await office.waits(1)
        await calls[0].hangs_up()

    office.run(rose())

    assert office.call(calls[0]).outcome is Outcome.ABANDONED
