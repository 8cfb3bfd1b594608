"""Whoever goes at whichever step of a transfer, nobody is left alone with music."""

import pytest

from dispatcher.domain.transfers import Kind, Refusal, ToAgent
from dispatcher.operations import presence, transfers
from dispatcher.simulator import PhoneCall, lets_it_ring
from dispatcher.simulator.wire.faults import Faults
from tests.office import Office
from tests.people import INES, MALO, NOE, ROSE
from tests.scenarios.colleagues import agent_id, offer_of, on_line, stays

STEPS = ("asked", "ringing", "word", "completing", "three", "leaving")


async def _at(step: str, office: Office) -> PhoneCall:
    """Rose talks with Ines, who has Malo come; as far as this step."""
    office.has(INES, MALO, NOE)
    stays(office, INES, MALO, NOE)
    call = await office.asks(ROSE)
    assert await call.talks_with_somebody() == INES.number
    if step in {"asked", "ringing"}:
        office.network.phone(MALO.number).when_rung(lets_it_ring())
    to_malo, offer = ToAgent(agent_id(office, MALO)), offer_of(office, INES)
    begun = transfers.begin(offer, to_malo, Kind.THIRD, office.services)
    assert not isinstance(begun, Refusal)
    if step == "asked":
        return call
    await on_line(office, INES).hears("Nous appelons votre collègue")
    await office.waits(4)
    if step == "ringing":
        return call
    assert await on_line(office, INES).talks_with_somebody(within=40) == MALO.number
    if step == "word":
        return call
    transfers.complete(offer, office.services)
    if step == "completing":
        return call
    await office.waits(12)
    assert sorted(call.company) == sorted([INES.number, MALO.number])
    if step == "leaving":
        transfers.leave(offer, office.services)
    return call


async def _goes(who: str, step: str, call: PhoneCall, office: Office) -> None:
    if who == "citizen":
        await call.hangs_up()
    elif who == "agent":
        await on_line(office, INES).hangs_up()
    elif step == "asked":  # nothing rings yet: he passes at his desk
        malo = offer_of(office, MALO)
        assert presence.pass_on(agent_id(office, MALO), malo, office.services)
    elif step == "ringing":
        await on_line(office, MALO).refuses()
    else:
        await on_line(office, MALO).hangs_up()


def _live(office: Office) -> list[PhoneCall]:
    """The calls of agents that go on."""
    handsets = [office.network.phone(each.number) for each in (INES, MALO, NOE)]
    return [call for handset in handsets for call in handset.calls if not call.ended]


@pytest.mark.parametrize(
    "who",
    ["citizen", *(pytest.param(who, marks=pytest.mark.soak) for who in ("agent", "colleague"))],
)
@pytest.mark.parametrize("step", STEPS)
def test_whoever_goes_at_any_step_of_a_transfer_leaves_nobody_alone(
    office: Office, step: str, who: str
) -> None:
    """Over a carrier that doubles, holds back and reorders what it tells."""
    office.network.faults = Faults(
        seed=STEPS.index(step), duplicate=0.5, twins=0.3, reorder=0.5, held_for=(0.5, 3.0)
    )
    last_two = (step, who) == ("leaving", "colleague")

    async def rose() -> None:
        call = await _at(step, office)
        await _goes(who, step, call, office)
        await office.waits(75)
        if who != "citizen":
            assert bool(call.company) is not last_two
            await call.hangs_up()
            await office.waits(15)
        assert _live(office) == []

    office.run(rose())

    assert office.open_offers() == []
