"""A word with a colleague first, a third person, and whoever hangs up on the way."""

import pytest

from dispatcher.domain.calls import Outcome
from dispatcher.domain.transfers import Kind, Refusal, State, ToAgent
from dispatcher.operations import transfers
from dispatcher.simulator import PhoneCall, declines, lets_it_ring
from dispatcher.simulator.people.behaviours import busy, does_not_exist
from dispatcher.simulator.people.handset import Behaviour, Tone
from dispatcher.simulator.wire.faults import Faults
from tests.office import Office
from tests.people import INES, MALO, NOE, ROSE, Helper
from tests.scenarios.colleagues import agent_id, offer_of, on_line, stays, transfer_of


async def _talking(office: Office, *others: Helper) -> PhoneCall:
    """Rose talks with Ines."""
    office.has(INES, *others)
    stays(office, INES, *others)
    call = await office.asks(ROSE)
    assert await call.talks_with_somebody() == INES.number
    return call


async def _consulting(office: Office, kind: Kind = Kind.WARM, *others: Helper) -> PhoneCall:
    """Rose waits while Ines has a word with Malo."""
    call = await _talking(office, MALO, *others)
    to_malo = ToAgent(agent_id(office, MALO))
    begun = transfers.begin(offer_of(office, INES), to_malo, kind, office.services)
    assert not isinstance(begun, Refusal)
    await call.hears("je vous passe un collègue")
    assert await on_line(office, INES).talks_with_somebody(within=30) == MALO.number
    assert call.with_whom is None
    return call


def test_after_a_word_the_colleague_has_the_call_and_the_first_agent_rests(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await _consulting(office))
        transfers.complete(offer_of(office, INES), office.services)
        assert await calls[0].talks_with_somebody(within=20) == MALO.number
        await office.waits(5)
        assert on_line(office, INES).ended
        [offer] = office.open_offers()
        assert (offer.agent, office.call(calls[0]).offer) == (agent_id(office, MALO), offer.id)
        await on_line(office, MALO).hangs_up()
        await calls[0].hears("Merci de votre appel")
        await calls[0].hangs_up()

    office.run(rose())

    assert not office.network.ledger.failures()
    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert office.open_offers() == []


@pytest.mark.parametrize(
    "behaviour",
    [lets_it_ring(), busy(), declines(at="tapez 1"), does_not_exist()],
    ids=["silent", "busy", "declines", "dead"],
)
def test_when_the_colleague_does_not_take_it_agent_and_citizen_are_together_again(
    office: Office, behaviour: Behaviour | Tone
) -> None:
    async def rose() -> None:
        call = await _talking(office, MALO)
        office.network.phone(MALO.number).when_rung(behaviour)
        to_malo = ToAgent(agent_id(office, MALO))
        transfers.begin(offer_of(office, INES), to_malo, Kind.WARM, office.services)
        await on_line(office, INES).hears("Votre collègue ne répond pas", within=60)
        assert await call.talks_with_somebody(within=20) == INES.number
        await call.hangs_up()
        await office.waits(8)
        assert on_line(office, INES).ended

    office.run(rose())

    assert office.open_offers() == []


def test_a_colleague_who_hangs_up_after_the_word_leaves_both_together(office: Office) -> None:
    async def rose() -> None:
        call = await _consulting(office)
        await on_line(office, MALO).hangs_up()
        assert await call.talks_with_somebody(within=20) == INES.number
        await call.hangs_up()

    office.run(rose())


def test_an_agent_may_change_their_mind_and_the_colleague_is_let_go(office: Office) -> None:
    async def rose() -> None:
        call = await _consulting(office)
        transfers.cancel(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=20) == INES.number
        assert on_line(office, MALO).ended
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []


def test_nothing_is_completed_before_the_colleague_has_taken_it(office: Office) -> None:
    async def rose() -> None:
        call = await _talking(office, MALO)
        office.network.phone(MALO.number).when_rung(lets_it_ring())
        to_malo = ToAgent(agent_id(office, MALO))
        transfers.begin(offer_of(office, INES), to_malo, Kind.WARM, office.services)
        await office.waits(4)
        refused = transfers.complete(offer_of(office, INES), office.services)
        assert refused is Refusal.NOT_YET
        await call.hangs_up()

    office.run(rose())


def test_an_agent_who_hangs_up_during_the_word_leaves_the_citizen_to_the_line(
    office: Office,
) -> None:
    async def rose() -> None:
        call = await _consulting(office, Kind.WARM, NOE)
        await on_line(office, INES).hangs_up()
        assert await call.talks_with_somebody(within=60) == NOE.number
        assert on_line(office, MALO).ended
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []


def test_a_citizen_who_hangs_up_during_the_word_ends_it_for_everybody(office: Office) -> None:
    async def rose() -> None:
        call = await _consulting(office)
        await call.hangs_up()
        await office.waits(10)
        assert on_line(office, INES).ended
        assert on_line(office, MALO).ended

    office.run(rose())

    assert office.open_offers() == []


def test_a_colleague_who_hangs_up_as_they_get_the_call_leaves_the_citizen_to_the_line(
    office: Office,
) -> None:
    async def rose() -> None:
        call = await _consulting(office, Kind.WARM, NOE)
        transfers.complete(offer_of(office, INES), office.services)
        await on_line(office, MALO).hangs_up()
        assert await call.talks_with_somebody(within=60) == NOE.number
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []


def test_a_word_that_lasts_too_long_brings_the_citizen_back(office: Office) -> None:
    async def rose() -> None:
        call = await _consulting(office)
        assert await call.talks_with_somebody(within=320) == INES.number
        await call.hangs_up()

    office.run(rose())


def test_a_third_person_stays_when_the_agent_leaves(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await _consulting(office, Kind.THIRD)
        calls.append(call)
        transfers.complete(offer_of(office, INES), office.services)
        await call.talks_with_somebody(within=20)
        await office.waits(5)
        assert sorted(call.company) == sorted([INES.number, MALO.number])
        transfers.leave(offer_of(office, INES), office.services)
        await office.waits(8)
        assert call.company == [MALO.number]
        assert on_line(office, INES).ended
        await call.hangs_up()
        await office.waits(8)
        assert on_line(office, MALO).ended

    office.run(rose())

    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert office.open_offers() == []


@pytest.mark.parametrize("first", ["third", "agent"])
def test_of_three_whoever_hangs_up_first_leaves_the_others_together(
    office: Office, first: str
) -> None:
    who, stays_on = (MALO, INES) if first == "third" else (INES, MALO)

    async def rose() -> None:
        call = await _consulting(office, Kind.THIRD)
        transfers.complete(offer_of(office, INES), office.services)
        await call.talks_with_somebody(within=20)
        await office.waits(5)
        await on_line(office, who).hangs_up()
        await office.waits(5)
        assert call.company == [stays_on.number]
        assert [offer.agent for offer in office.open_offers()] == [agent_id(office, stays_on)]
        await on_line(office, stays_on).hangs_up()
        await call.hears("Merci de votre appel")
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []


def test_whoever_got_a_call_may_pass_it_on_again(office: Office) -> None:
    async def rose() -> None:
        call = await _consulting(office, Kind.WARM, NOE)
        transfers.complete(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=20) == MALO.number
        to_noe = ToAgent(agent_id(office, NOE))
        transfers.begin(offer_of(office, MALO), to_noe, Kind.WARM, office.services)
        assert await on_line(office, MALO).talks_with_somebody(within=40)
        await office.waits(20)
        transfers.complete(offer_of(office, MALO), office.services)
        await office.waits(15)
        assert call.with_whom == NOE.number
        assert on_line(office, MALO).ended
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []


@pytest.mark.parametrize("seed", range(3))
def test_doubled_late_and_disordered_webhooks_change_nothing(office: Office, seed: int) -> None:
    office.network.faults = Faults(
        seed=seed, duplicate=0.5, twins=0.3, reorder=0.5, held_for=(1.0, 6.0)
    )

    async def rose() -> None:
        call = await _consulting(office, Kind.THIRD)
        transfers.complete(offer_of(office, INES), office.services)
        await call.talks_with_somebody(within=20)
        await office.waits(15)
        assert sorted(call.company) == sorted([INES.number, MALO.number])
        transfers.leave(offer_of(office, INES), office.services)
        await office.waits(15)
        assert call.company == [MALO.number]
        assert transfer_of(office, call).state is State.TOGETHER
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []
