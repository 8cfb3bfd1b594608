"""Many at once, and everything twice, late and out of order: nobody doubled, nobody lost."""

import pytest

from dispatcher.domain.calls import Call, Outcome
from dispatcher.operations import sweep
from dispatcher.simulator import PhoneCall, answers, declines, lets_it_ring
from dispatcher.simulator.wire.faults import Faults
from tests.office import Office
from tests.people import INES, ROSE, Citizen, Helper

TWELVE = [Helper(f"Agent{i}", f"+334657101{i:02d}", "orcieres") for i in range(12)]
CALLERS = [Citizen(f"Appelant{i}", f"+331990020{i:02d}", "05170") for i in range(12)]

pytestmark = pytest.mark.parametrize("scenario_url", ["sqlite", "postgresql"], indirect=True)


def test_twelve_callers_and_twelve_free_agents_at_once_end_in_twelve_bridges(
    office: Office,
) -> None:
    office.has(*TWELVE)
    for helper in TWELVE:
        office.network.phone(helper.number).when_rung(answers(talks_for=60))

    async def caller(citizen: Citizen) -> None:
        call = await office.asks(citizen)
        await call.talks_with_somebody(within=20)
        await call.ends()

    office.run(*(caller(citizen) for citizen in CALLERS))

    bridges = office.network.ledger.bridges()
    assert len(bridges) == 12
    assert len({talk.callee for talk in bridges}) == 12


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 6))]
)
def test_webhooks_doubled_late_and_out_of_order_change_nothing(office: Office, seed: int) -> None:
    office.has(*TWELVE[:4])
    office.network.faults = Faults(
        seed=seed, duplicate=0.3, delay=(0, 5), reorder=0.3, voice_delay=(0, 1)
    )
    office.network.phone(TWELVE[0].number).when_rung(answers(talks_for=20))
    office.network.phone(TWELVE[1].number).when_rung(declines(), answers(talks_for=15))
    office.network.phone(TWELVE[2].number).when_rung(lets_it_ring(), answers(talks_for=25))
    office.network.phone(TWELVE[3].number).when_rung(answers(talks_for=10))
    calls: list[PhoneCall] = []

    async def caller(citizen: Citizen, delay: float) -> None:
        await office.waits(delay)
        call = await office.asks(citizen)
        calls.append(call)
        await call.talks_with_somebody(within=400)
        await call.ends()

    office.run(*(caller(citizen, 3.0 * i) for i, citizen in enumerate(CALLERS[:8])), until=60)

    assert [office.call(call).outcome for call in calls] == [Outcome.ANSWERED] * 8
    assert len(office.network.ledger.bridges()) == 8
    assert office.open_offers() == []


def test_redis_emptied_while_agents_talk_and_callers_wait(office: Office) -> None:
    office.has(*TWELVE[:3])
    for helper in TWELVE[:3]:
        office.network.phone(helper.number).when_rung(answers(talks_for=60))
    served: list[str] = []

    async def caller(citizen: Citizen, delay: float) -> None:
        await office.waits(delay)
        call = await office.asks(citizen)
        await call.talks_with_somebody(within=600)
        served.append(citizen.name)
        await call.ends()

    office.network.after(70, office.redis.flushall)
    office.run(*(caller(citizen, 4.0 * i) for i, citizen in enumerate(CALLERS[:8])))

    assert served == [citizen.name for citizen in CALLERS[:8]]
    assert len(office.network.ledger.bridges()) == 8


def test_a_call_whose_end_the_carrier_never_told_is_closed_after_asking(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=10))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].talks_with_somebody()
        office.lose_webhooks()
        await calls[0].ends()
        office.lose_webhooks(False)

    office.run(rose(), until=500)

    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert office.open_offers() == []
    assert sweep.QUIET_FOR.total_seconds() < 500
    assert isinstance(office.call(calls[0]), Call)
