"""What an agent presses at their desk, lived over the network: the telephone does as they say."""

from dispatcher.domain.agents import AgentId, Pause
from dispatcher.domain.calls import OfferId, Outcome
from dispatcher.domain.offers import End
from dispatcher.operations import presence
from dispatcher.simulator import PhoneCall, answers, lets_it_ring
from tests.office import Office
from tests.people import INES, MALO, ROSE


def offered(office: Office, agent: AgentId) -> OfferId:
    [offer] = [each for each in office.open_offers() if each.agent == agent]
    return offer.id


def test_whoever_passes_at_the_desk_is_rung_no_longer_and_the_next_takes_it(office: Office) -> None:
    office.has(INES, MALO)
    ines = office.agent(INES).id
    office.network.phone(INES.number).when_rung(lets_it_ring())
    office.network.phone(MALO.number).when_rung(answers(after=1))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await office.waits(6)
        assert presence.pass_on(ines, offered(office, ines), office.services)
        assert await calls[0].talks_with_somebody(within=8) == MALO.number
        await calls[0].ends()

    office.run(rose())

    assert office.ends(calls[0]) == [End.DECLINED, End.ANSWERED]
    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert not office.agent(INES).paused(office.services.now()), "a refusal is no miss"


def test_a_pause_at_the_desk_stops_the_telephone_too(office: Office) -> None:
    office.has(INES, MALO)
    ines = office.agent(INES).id
    office.network.phone(INES.number).when_rung(lets_it_ring())
    office.network.phone(MALO.number).when_rung(answers(after=1))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await office.waits(6)
        presence.rest(ines, Pause.VISITOR, office.services)
        assert await calls[0].talks_with_somebody(within=8) == MALO.number
        await calls[0].ends()

    office.run(rose())

    assert office.ends(calls[0]) == [End.DECLINED, End.ANSWERED]
    assert office.network.phone(INES.number).rung == 1


def test_whoever_hangs_up_at_the_desk_ends_the_conversation_for_both(office: Office) -> None:
    office.has(INES)
    ines = office.agent(INES).id
    office.network.phone(INES.number).when_rung(answers(after=1))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].talks_with_somebody()
        await office.waits(10)
        assert presence.hang_up(ines, offered(office, ines), office.services)
        await calls[0].hears("Merci de votre appel", within=4)
        await calls[0].hangs_up()

    office.run(rose())

    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert office.open_offers() == []
