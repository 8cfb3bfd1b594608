"""What rings for an offer is decided once, and nobody is on duty behind a dead page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatcher.domain.agents import AgentId, Aside
from dispatcher.domain.calls import Keys, OfferId
from dispatcher.domain.channels import Channel, Softphone
from dispatcher.domain.offers import Offer
from dispatcher.domain.script import Connect, Goto, HangUp
from dispatcher.live.desks import LIVES_FOR
from dispatcher.operations import agents, calls, claims, overview, screening, softphones, sweep
from dispatcher.operations.overview import Doing
from tests.operations.desk import Desk, rung, sid
from tests.people import INES, ZOE

SIXTEEN = LIVES_FOR + timedelta(seconds=1)


def wakes(desk: Desk, agent: AgentId, *, channel: Channel = Channel.EITHER) -> Softphone:
    softphones.practise(agent, desk.services)
    softphones.choose(agent, channel, desk.services)
    assert softphones.beat(agent, "a", can_ring=True, services=desk.services)
    desk.passes(4)  # free for everybody, not for who waits alone
    return softphones.open_for(agent, desk.services)


def claimed(desk: Desk, agent: AgentId) -> Offer:
    """Somebody who waits is offered to this agent, and nothing rings yet."""
    call = desk.waits()
    offer = Offer(OfferId("o1"), agent, desk.at, desk.at + timedelta(minutes=1), call=call.sid)
    assert claims.claim_for_call(call, offer, {}, desk.services)
    return offer


@pytest.mark.parametrize("channel", [Channel.EITHER, Channel.BROWSER])
def test_a_step_said_again_rings_the_same_whatever_became_of_the_page(
    small_desk: Desk, channel: Channel
) -> None:
    [ines] = small_desk.has(INES)
    softphone = wakes(small_desk, ines, channel=channel)
    call, heard = small_desk.asks()
    assert rung(heard) == softphone

    small_desk.passes(SIXTEEN.total_seconds())

    assert rung(calls.resume(call, small_desk.services)) == softphone


def test_a_ring_that_began_on_a_telephone_stays_there_when_a_page_wakes(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    softphones.open_for(ines, small_desk.services)
    call, heard = small_desk.asks()
    assert rung(heard) == INES.number

    wakes(small_desk, ines)

    assert rung(calls.resume(call, small_desk.services)) == INES.number


def test_a_redis_that_lost_the_pages_rings_the_telephone(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    wakes(small_desk, ines)
    claimed(small_desk, ines)

    small_desk.forgets()

    assert rung(calls.resume(sid(1), small_desk.services)) == INES.number


def test_a_caller_whose_agent_nothing_can_ring_goes_on_at_once(small_desk: Desk) -> None:
    [zoe] = small_desk.has(ZOE)
    wakes(small_desk, zoe, channel=Channel.BROWSER)
    offer = claimed(small_desk, zoe)

    small_desk.passes(SIXTEEN.total_seconds())

    [goto] = calls.resume(sid(1), small_desk.services)
    assert goto == Goto(f"/voice/offers/{offer.id}/ended?DialCallStatus=no-answer")


def test_whoever_picks_up_in_a_browser_has_accepted_and_twice_is_once(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    wakes(small_desk, ines)
    small_desk.asks()
    offer = small_desk.only_offer()
    small_desk.rings(offer.id)

    first = screening.screen(offer.id, sid(900), small_desk.services)

    assert first == (Connect(),)
    assert screening.screen(offer.id, sid(900), small_desk.services) == (Connect(),)
    assert small_desk.only_offer().accepted_at == small_desk.at


def test_whoever_picks_up_in_a_browser_too_late_is_let_go(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    wakes(small_desk, ines)
    call, _ = small_desk.asks()
    offer = small_desk.only_offer()
    calls.hang_up(call, small_desk.services)

    *_, last = screening.screen(offer.id, sid(900), small_desk.services)

    assert last == HangUp()


def test_a_telephone_is_still_screened_when_its_agent_has_a_page(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    softphones.open_for(ines, small_desk.services)
    small_desk.asks()
    offer = small_desk.only_offer()

    assert (Connect(),) != screening.screen(offer.id, sid(900), small_desk.services)
    assert screening.press(offer.id, Keys("1"), small_desk.services) == (Connect(),)


def test_a_rebuilt_board_has_nobody_behind_a_page_until_it_beats(small_desk: Desk) -> None:
    [zoe] = small_desk.has(ZOE)
    wakes(small_desk, zoe, channel=Channel.BROWSER)
    assert zoe in small_desk.services.board.on_duty()

    small_desk.forgets()
    small_desk.rebuilds()
    assert zoe not in small_desk.services.board.on_duty()

    softphones.beat(zoe, "a", can_ring=True, services=small_desk.services)
    assert zoe in small_desk.services.board.on_duty()


def test_a_page_that_goes_away_takes_off_duty_whoever_it_alone_rings(small_desk: Desk) -> None:
    ines, zoe = small_desk.has(INES, ZOE)
    wakes(small_desk, ines)
    wakes(small_desk, zoe, channel=Channel.BROWSER)

    for agent in (ines, zoe):
        softphones.beat(agent, "a", can_ring=False, services=small_desk.services)

    assert set(small_desk.services.board.on_duty()) == {ines}


def test_nobody_gets_two_ids_however_often_they_open_their_page(small_desk: Desk) -> None:
    ines, zoe = small_desk.has(INES, ZOE)

    first = softphones.open_for(ines, small_desk.services)

    assert softphones.open_for(ines, small_desk.services) == first
    assert softphones.open_for(zoe, small_desk.services) != first


def test_whoever_falls_silent_is_off_duty_at_the_next_second(small_desk: Desk) -> None:
    [zoe] = small_desk.has(ZOE)
    wakes(small_desk, zoe, channel=Channel.BROWSER)

    small_desk.passes(SIXTEEN.total_seconds() - 4)
    sweep.tick(small_desk.services)

    assert zoe not in small_desk.services.board.on_duty()


def test_a_page_whose_agent_never_practised_rings_for_nobody_but_their_telephone_does(
    small_desk: Desk,
) -> None:
    ines, zoe = small_desk.has(INES, ZOE)
    for agent, channel in ((ines, Channel.EITHER), (zoe, Channel.BROWSER)):
        softphones.choose(agent, channel, small_desk.services)
        assert not softphones.beat(agent, "a", can_ring=True, services=small_desk.services)
    small_desk.passes(4)

    _, heard = small_desk.asks()

    assert rung(heard) == INES.number
    assert zoe not in small_desk.services.board.on_duty()


def test_an_operator_may_let_pages_ring_without_practice(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    services = replace(small_desk.services, practice=False)

    assert softphones.beat(ines, "a", can_ring=True, services=services)


def test_whoever_practises_twice_has_practised_once(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    first = small_desk.at
    softphones.practise(ines, small_desk.services)

    small_desk.passes(60)
    softphones.practise(ines, small_desk.services)

    with small_desk.services.store.reading() as tx:
        assert tx.practices.of(ines) == first


def test_whoever_is_behind_a_page_that_sleeps_is_shown_and_counted_as_away(
    small_desk: Desk,
) -> None:
    ines, zoe = small_desk.has(INES, ZOE)
    wakes(small_desk, zoe, channel=Channel.BROWSER)
    wakes(small_desk, ines)
    assert doing(small_desk) == {"Ines": Doing.FREE, "Zoe": Doing.FREE}

    small_desk.passes(SIXTEEN.total_seconds())
    sweep.tick(small_desk.services)

    assert doing(small_desk) == {"Ines": Doing.FREE, "Zoe": Doing.OFF}
    roster = small_desk.roster()
    assert [each.id for each in softphones.there(roster, small_desk.services)] == [ines]


def test_whoever_has_a_telephone_put_aside_is_there_while_their_page_is(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    agents.put_aside(ines, Aside.NO_SUCH_NUMBER, small_desk.services)
    assert doing(small_desk) == {"Ines": Doing.ASIDE}

    softphone = wakes(small_desk, ines)

    assert doing(small_desk) == {"Ines": Doing.FREE}
    assert rung(small_desk.asks()[1]) == softphone


def doing(desk: Desk) -> dict[str, Doing]:
    return {each.name: each.doing for each in overview.look(desk.services).agents}
