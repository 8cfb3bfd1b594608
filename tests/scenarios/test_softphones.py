"""An agent is rung in their browser: while their page is alive, and not a moment longer."""

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.channels import Channel
from dispatcher.domain.offers import End
from dispatcher.domain.transfers import Kind, Refusal, ToAgent
from dispatcher.operations import transfers
from dispatcher.simulator import PhoneCall, answers, lets_it_ring, refuses
from tests.office import Office
from tests.people import INES, LINE, MALO, ROSE
from tests.scenarios.colleagues import offer_of
from tests.softphones import NINA, on_the_board, opens_page

picks_up = answers(presses=None, talks_for=20)
"""What somebody does who accepts in a browser: no key is asked for."""


def test_whoever_accepts_in_a_browser_talks_at_once(office: Office) -> None:
    office.has(INES)
    page = opens_page(office, INES)
    page.browser.when_rung(picks_up)
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        assert await calls[0].talks_with_somebody() == page.browser.number
        await calls[0].ends()

    office.run(rose())

    assert office.ends(calls[0]) == [End.ANSWERED]
    assert office.network.phone(INES.number).rung == 0
    [rung] = page.browser.calls
    assert not [line for line in rung.transcript.lines if line.sort == "heard"]
    assert rung.shown == LINE, "never the citizen's own number"


def test_the_telephone_rings_when_the_page_has_died(office: Office) -> None:
    office.has(INES)
    page = opens_page(office, INES)
    office.network.phone(INES.number).when_rung(answers())

    async def rose() -> None:
        page.lives = False
        await office.waits(20)
        call = await office.asks(ROSE)
        assert await call.talks_with_somebody() == INES.number
        await call.ends()

    office.run(rose())

    assert page.browser.rung == 0


@pytest.mark.parametrize("channel", [Channel.EITHER, Channel.BROWSER])
def test_behind_a_dead_page_without_a_telephone_nobody_is_rung_and_the_next_agent_is(
    office: Office, channel: Channel
) -> None:
    office.has(NINA, MALO)
    page = opens_page(office, NINA, channel)
    office.network.phone(MALO.number).when_rung(answers())
    assert on_the_board(office, page)

    async def rose() -> None:
        page.lives = False
        await office.waits(20)
        assert not on_the_board(office, page)
        call = await office.asks(ROSE)
        assert await call.talks_with_somebody() == MALO.number
        await call.ends()

    office.run(rose())

    assert page.browser.rung == 0


def test_a_page_that_wakes_brings_its_agent_to_who_waits(office: Office) -> None:
    office.has(NINA, MALO)
    page = opens_page(office, NINA)
    page.browser.when_rung(picks_up)
    office.network.phone(MALO.number).when_rung(lets_it_ring())

    async def rose() -> None:
        page.lives = False
        await office.waits(20)
        call = await office.asks(ROSE)
        page.lives = True
        assert await call.talks_with_somebody(within=60) == page.browser.number
        await call.ends()

    office.run(rose())


def test_a_page_that_dies_while_its_agent_is_being_offered_passes_the_caller_on(
    office: Office,
) -> None:
    office.has(NINA, MALO)
    page = opens_page(office, NINA)
    page.browser.when_rung(lets_it_ring())
    office.network.phone(MALO.number).when_rung(answers())
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        page.lives = False
        assert await calls[0].talks_with_somebody(within=60) == MALO.number
        await calls[0].ends()

    office.run(rose())

    assert office.ends(calls[0]) == [End.NO_ANSWER, End.ANSWERED]


def test_whoever_refuses_in_a_browser_has_passed_the_caller_on(office: Office) -> None:
    office.has(INES, MALO)
    opens_page(office, INES).browser.when_rung(refuses())
    office.network.phone(MALO.number).when_rung(answers())
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        assert await calls[0].talks_with_somebody(within=60) == MALO.number
        await calls[0].ends()

    office.run(rose())

    assert office.ends(calls[0]) == [End.DECLINED, End.ANSWERED]


def test_somebody_who_wants_their_telephone_is_rung_on_it_with_a_page_open(office: Office) -> None:
    office.has(INES)
    page = opens_page(office, INES, Channel.TELEPHONE)
    office.network.phone(INES.number).when_rung(answers())

    async def rose() -> None:
        call = await office.asks(ROSE)
        assert await call.talks_with_somebody() == INES.number
        await call.ends()

    office.run(rose())

    assert page.browser.rung == 0


def test_a_callback_rings_the_agents_browser_first(office: Office) -> None:
    office.has(NINA)
    page = opens_page(office, NINA)
    page.browser.when_rung(picks_up)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        page.lives = False
        await office.waits(20)
        calls.append(await office.asks(ROSE))
        await calls[0].hears("Nous vous rappellerons")
        await calls[0].hangs_up()
        page.lives = True

    office.run(rose(), until=200)

    assert office.callback(calls[0]).state is State.REACHED
    [talk] = office.network.ledger.bridges()
    assert {talk.caller, talk.callee} == {page.browser.number, ROSE.number}


@pytest.mark.parametrize("alive", [True, False])
def test_a_colleague_who_is_passed_a_call_is_rung_where_they_are_as_well(
    office: Office, alive: bool
) -> None:
    """From a browser to a browser, or to the telephone once the colleague's page is dead."""
    office.has(INES, MALO)
    hers, his = opens_page(office, INES), opens_page(office, MALO)
    stays = answers(presses=None, talks_for=None)
    hers.browser.when_rung(stays)
    his.browser.when_rung(stays)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=None))
    malo = his.browser.number if alive else MALO.number

    async def rose() -> None:
        call = await office.asks(ROSE)
        assert await call.talks_with_somebody() == hers.browser.number
        his.lives = alive
        await office.waits(20)
        to_malo = ToAgent(his.agent)
        begun = transfers.begin(offer_of(office, INES), to_malo, Kind.WARM, office.services)
        assert not isinstance(begun, Refusal)
        await call.hears("je vous passe un collègue")
        assert await hers.browser.calls[-1].talks_with_somebody(within=30) == malo
        transfers.complete(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=20) == malo
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []
    assert not office.network.ledger.failures()
