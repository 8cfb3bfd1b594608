"""What an agent presses at their desk, lived over the network: the telephone does as they say."""

from typing import Any

import pytest

from dispatcher.domain.agents import AgentId, Pause
from dispatcher.domain.calls import OfferId, Outcome
from dispatcher.domain.offers import End
from dispatcher.domain.transfers import Kind, Refusal, ToAgent
from dispatcher.operations import presence, targets, transfers
from dispatcher.simulator import PhoneCall, answers, lets_it_ring
from tests.office import Office
from tests.people import INES, MALO, ROSE
from tests.scenarios.colleagues import offer_of, stays


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


def test_a_colleague_who_passes_at_their_desk_gives_the_caller_back(office: Office) -> None:
    office.has(INES, MALO)
    stays(office, INES)
    office.network.phone(MALO.number).when_rung(lets_it_ring())
    malo = office.agent(MALO).id

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.talks_with_somebody()
        ines = offer_of(office, INES)
        begun = transfers.begin(ines, ToAgent(malo), Kind.WARM, office.services)
        assert not isinstance(begun, Refusal)
        await office.waits(6)
        assert presence.pass_on(malo, offered(office, malo), office.services)
        assert await call.talks_with_somebody(within=20) == INES.number
        assert [each.id for each in office.open_offers()] == [ines]
        await call.hangs_up()

    office.run(rose())

    assert office.network.phone(MALO.number).rung == 1


def test_a_colleague_who_pauses_between_the_two_gates_is_not_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.has(INES, MALO)
    stays(office, INES)
    malo, take = office.agent(MALO).id, targets.take

    def pauses_meanwhile(*asked: Any) -> Any:
        found = take(*asked)
        presence.rest(malo, Pause.BREAK, office.services)
        return found

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.talks_with_somebody()
        monkeypatch.setattr(targets, "take", pauses_meanwhile)
        begun = transfers.begin(offer_of(office, INES), ToAgent(malo), Kind.WARM, office.services)
        assert begun is Refusal.NOBODY_FREE
        await call.hangs_up()

    office.run(rose())

    assert office.network.phone(MALO.number).rung == 0
