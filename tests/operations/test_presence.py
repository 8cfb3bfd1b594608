"""An agent at their desk: there, in a pause, gone; what they pass on; and who is first of two."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from dispatcher.domain.agents import AgentId, Pause
from dispatcher.domain.calls import Keys, OfferId, Step
from dispatcher.domain.offers import End
from dispatcher.domain.routing import Routed
from dispatcher.domain.wrap_ups import EXTENSION
from dispatcher.live.board import Board
from dispatcher.operations import calls, desk, hanging_up, legs, offers, presence, screening
from dispatcher.operations.overview import Doing
from dispatcher.operations.services import Services
from tests.hands import hands
from tests.operations.desk import Desk, number, rung, sid
from tests.operations.wire import error
from tests.people import GUY, INES, MALO

WRAP_UP = 30.0


def seen(at: Desk, agent: AgentId) -> desk.Desk:
    found = desk.look(agent, at.services)
    assert found is not None
    return found


def talked(at: Desk) -> AgentId:
    """Ines has just ended a conversation."""
    [ines] = at.has(INES)
    call, _ = at.asks()
    at.presses_one(at.only_offer().id)
    at.passes(60)
    at.ring_ends(call, "completed", bridged=True)
    at.jobs()
    return ines


def test_an_agent_sees_who_calls_and_never_their_number(desk: Desk) -> None:
    [ines] = desk.has(INES)
    desk.asks(number=number(7))
    desk.passes(60)
    before = desk.only_offer()
    assert before.call is not None
    desk.ring_of_ends(before.id, before.call, "busy", leg_over=True)
    desk.passes(700)

    desk.asks(number=number(7))

    card = seen(desk, ines).card
    assert card is not None
    assert (card.commune, card.need, card.talking, card.rung_back) == (
        "Orcières",
        "procedures",
        False,
        False,
    )
    assert card.earlier.count == 1
    assert number(7).removeprefix("+33") not in repr(seen(desk, ines))
    assert seen(desk, ines).doing is Doing.OFFERED


def test_whoever_passes_frees_the_telephone_and_the_next_agent_is_rung(small_desk: Desk) -> None:
    ines, guy = small_desk.has(INES, GUY)
    call, heard = small_desk.asks()
    offer = small_desk.only_offer()
    small_desk.rings(offer.id)

    passed = presence.pass_on(ines, offer.id, small_desk.services)

    assert passed
    assert rung(heard) == INES.number
    assert seen(small_desk, ines).card is None
    assert small_desk.jobs() == [("calls.let_go", offer.id)]
    hanging_up.let_go(offer.id, small_desk.services)
    [asked] = small_desk.wire.asked
    assert (asked.path, asked.fields) == (f"Calls/{sid(900)}.json", {"Status": "completed"})
    heard = small_desk.ring_of_ends(offer.id, call, "canceled")
    assert rung(heard) == GUY.number
    assert (small_desk.offer(offer.id).end, small_desk.only_offer().agent) == (End.DECLINED, guy)


def test_one_that_does_not_ring_yet_never_does(small_desk: Desk) -> None:
    ines, _ = small_desk.has(INES, GUY)
    call, _ = small_desk.asks()
    offer = small_desk.only_offer()
    presence.pass_on(ines, offer.id, small_desk.services)

    hanging_up.let_go(offer.id, small_desk.services)
    hanging_up.let_go(offer.id, small_desk.services)

    assert small_desk.wire.asked == []
    assert (small_desk.offer(offer.id).end, small_desk.call(call).step) == (
        End.DECLINED,
        Step.WAITING,
    )
    small_desk.jobs()
    legs.moved(offer.id, sid(900), "initiated", None, over=False, services=small_desk.services)
    assert small_desk.jobs() == [("calls.let_go", offer.id)], "it was on its way: it is hung up"


def test_a_caller_in_the_queue_is_offered_to_the_next_at_once(small_desk: Desk) -> None:
    ines, guy = small_desk.has(INES, GUY)
    call = small_desk.waits()
    calls.route(call, small_desk.services)
    offer = small_desk.only_offer()
    presence.pass_on(ines, offer.id, small_desk.services)
    small_desk.jobs()

    hanging_up.let_go(offer.id, small_desk.services)

    assert small_desk.only_offer().agent == guy
    assert small_desk.jobs() == [("calls.hasten", small_desk.only_offer().id)]


@pytest.mark.parametrize("first", ["the telephone", "the desk"])
def test_of_a_key_and_a_press_one_is_first(desk: Desk, first: str) -> None:
    [ines] = desk.has(INES)
    call, _ = desk.asks()
    offer = desk.only_offer()

    if first == "the telephone":
        desk.presses_one(offer.id)
        passed = presence.pass_on(ines, offer.id, desk.services)
    else:
        passed = presence.pass_on(ines, offer.id, desk.services)
        assert screening.screen(offer.id, sid(900), desk.services) == screening.TAKEN
        assert desk.presses_one(offer.id) == screening.TAKEN

    assert passed == (first == "the desk")
    assert (desk.offer(offer.id).accepted_at is None) == passed
    assert desk.call(call).step is (Step.OFFERED if passed else Step.TALKING)


def test_two_hands_at_once_never_both_take_and_pass(desk: Desk) -> None:
    [ines] = desk.has(INES)
    with hands(2) as together:
        for _ in range(6):
            desk.asks()
            offer = desk.only_offer()
            screening.screen(offer.id, sid(900), desk.services)
            acts: list[Callable[[], Any]] = [
                partial(presence.pass_on, ines, offer.id, desk.services),
                partial(screening.press, offer.id, Keys("1"), desk.services),
            ]

            passed, _ = together(acts)

            told = desk.offer(offer.id)
            assert (told.accepted_at is None, told.declined_at is None) == (passed, not passed)
            assert told.call is not None
            desk.ring_of_ends(offer.id, told.call, "completed", bridged=not passed)
            desk.passes(900)


def test_a_pause_while_being_offered_passes_the_caller_on_and_is_no_miss(small_desk: Desk) -> None:
    ines, guy = small_desk.has(INES, GUY)
    call, _ = small_desk.asks()
    offer = small_desk.only_offer()
    small_desk.rings(offer.id)

    presence.rest(ines, Pause.MEETING, small_desk.services)

    assert ("calls.let_go", offer.id) in small_desk.jobs()
    small_desk.ring_of_ends(offer.id, call, "canceled")
    assert small_desk.offer(offer.id).end is End.DECLINED
    assert (small_desk.only_offer().agent, small_desk.holder(ines)) == (guy, None)
    now = seen(small_desk, ines)
    assert (now.doing, now.until) == (Doing.PAUSED, small_desk.agent(ines).paused_until)
    assert now.agent.pause is Pause.MEETING


def test_a_pause_cuts_nobody_off(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    small_desk.asks()
    offer = small_desk.only_offer()
    small_desk.presses_one(offer.id)

    presence.rest(ines, Pause.MEAL, small_desk.services)

    assert small_desk.jobs() == []
    assert small_desk.offer(offer.id).wanted
    assert seen(small_desk, ines).doing is Doing.TALKING


def test_whoever_pauses_between_the_two_gates_is_not_rung(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines, guy = desk.has(INES, GUY)
    assign = Board.assign

    def pauses_meanwhile(self: Board, *asked: object, **how: object) -> Routed:
        found = assign(self, *asked, **how)  # type: ignore[arg-type]
        monkeypatch.setattr(Board, "assign", assign)
        presence.rest(ines, Pause.BREAK, desk.services)
        return found

    monkeypatch.setattr(Board, "assign", pauses_meanwhile)
    _, heard = desk.asks()

    assert rung(heard) == GUY.number
    assert [offer.agent for offer in desk.offers()] == [guy]
    assert desk.holder(ines) is None


def test_a_callback_is_not_offered_to_whoever_pauses_meanwhile(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    [ines] = small_desk.has(INES)
    callback = small_desk.keeps()
    assign = Board.assign

    def pauses_meanwhile(self: Board, *asked: object, **how: object) -> Routed:
        found = assign(self, *asked, **how)  # type: ignore[arg-type]
        presence.rest(ines, Pause.BREAK, small_desk.services)
        return found

    monkeypatch.setattr(Board, "assign", pauses_meanwhile)
    offers.seek_for_callback(callback, small_desk.services)

    assert small_desk.offers() == []
    assert small_desk.callback(callback.id).state == "waiting"


def test_a_wrap_up_is_put_off_once_and_nobody_is_rung_meanwhile(desk: Desk) -> None:
    ines = talked(desk)
    offer = seen(desk, ines).wrap_up
    assert offer is not None
    usual = offer.until

    put_off = [presence.extend(ines, offer.offer, desk.services) for _ in range(2)]

    assert put_off == [True, False]
    after = seen(desk, ines).wrap_up
    assert after is not None
    assert (after.until, after.extendable) == (usual + EXTENSION, False)
    desk.passes(WRAP_UP + 10)
    _, heard = desk.asks()
    assert rung(heard) is None
    desk.passes(EXTENSION.total_seconds())
    _, heard = desk.asks()
    assert rung(heard) == INES.number


def test_one_put_off_before_its_agent_is_freed_is_not_cut_short(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    [ines] = small_desk.has(INES)
    call, _ = small_desk.asks()
    offer = small_desk.only_offer()
    small_desk.presses_one(offer.id)
    release = offers.release

    def puts_off_meanwhile(id: OfferId, services: Services) -> None:
        assert presence.extend(ines, id, services)
        release(id, services)

    monkeypatch.setattr(offers, "release", puts_off_meanwhile)
    small_desk.ring_ends(call, "completed", bridged=True)

    small_desk.passes(WRAP_UP + 10)
    assert rung(small_desk.asks()[1]) is None


def test_a_board_that_is_lost_keeps_what_they_said_of_their_wrap_up(small_desk: Desk) -> None:
    ines = talked(small_desk)
    wrap_up = seen(small_desk, ines).wrap_up
    assert wrap_up is not None
    presence.extend(ines, wrap_up.offer, small_desk.services)

    small_desk.forgets()
    small_desk.rebuilds()

    small_desk.passes(WRAP_UP + 10)
    assert rung(small_desk.asks()[1]) is None


def test_whoever_is_done_is_rung_at_once_and_cannot_put_it_off(small_desk: Desk) -> None:
    ines = talked(small_desk)
    wrap_up = seen(small_desk, ines).wrap_up
    assert wrap_up is not None

    assert not presence.finish(ines, OfferId("an earlier one"), small_desk.services)

    assert presence.finish(ines, wrap_up.offer, small_desk.services)

    assert not presence.extend(ines, wrap_up.offer, small_desk.services)
    assert not presence.finish(ines, wrap_up.offer, small_desk.services)
    small_desk.passes(4)
    assert rung(small_desk.asks()[1]) == INES.number


def test_a_wrap_up_that_is_over_is_not_put_off(small_desk: Desk) -> None:
    ines = talked(small_desk)
    wrap_up = seen(small_desk, ines).wrap_up
    assert wrap_up is not None
    small_desk.passes(WRAP_UP + 1)

    assert not presence.extend(ines, wrap_up.offer, small_desk.services)

    assert seen(small_desk, ines).doing is Doing.FREE


def test_two_tabs_that_press_different_things_leave_the_last_word(small_desk: Desk) -> None:
    ines = talked(small_desk)
    wrap_up = seen(small_desk, ines).wrap_up
    assert wrap_up is not None
    presence.rest(ines, Pause.BREAK, small_desk.services)

    put_off = presence.extend(ines, wrap_up.offer, small_desk.services)

    assert not put_off, "their pause has ended the wrap-up"
    assert seen(small_desk, ines).doing is Doing.PAUSED
    presence.come_on(ines, small_desk.services)
    assert seen(small_desk, ines).doing is Doing.FREE


def test_an_agent_who_is_held_stays_so_when_they_come_on_again(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)
    call, _ = small_desk.asks()

    presence.come_on(ines, small_desk.services)

    assert small_desk.holder(ines) == call
    assert small_desk.services.board.free(ines, at=small_desk.at, unless_held=True) is False


def test_whoever_is_gone_is_off_until_they_come_on(small_desk: Desk) -> None:
    [ines] = small_desk.has(INES)

    presence.rest(ines, Pause.DAY_OVER, small_desk.services)

    assert seen(small_desk, ines).doing is Doing.OFF
    assert rung(small_desk.asks()[1]) is None
    presence.come_on(ines, small_desk.services)
    assert seen(small_desk, ines).doing is Doing.FREE


def test_only_who_talks_hangs_up_and_the_carrier_may_say_that_it_is_over(small_desk: Desk) -> None:
    ines, malo = small_desk.has(INES, MALO)
    small_desk.asks()
    offer = small_desk.only_offer()
    assert not presence.hang_up(ines, offer.id, small_desk.services), "they have not taken it"
    small_desk.presses_one(offer.id)
    small_desk.jobs()

    assert not presence.hang_up(malo, offer.id, small_desk.services)
    assert presence.hang_up(ines, offer.id, small_desk.services)

    assert small_desk.jobs() == [("calls.hang_up", offer.id)]
    small_desk.wire.will(error(400, 21220), error(500))
    hanging_up.hang_up(offer.id, small_desk.services)
    hanging_up.hang_up(offer.id, small_desk.services)
    assert [asked.fields for asked in small_desk.wire.asked] == [{"Status": "completed"}] * 2


def test_a_day_counts_conversations_and_their_time(desk: Desk) -> None:
    ines = talked(desk)

    day = seen(desk, ines).day

    assert (day.answered, day.talked_for) == (1, timedelta(seconds=60))


def test_callbacks_are_shown_to_whom_they_may_ring(desk: Desk) -> None:
    ines, malo = desk.has(INES, replace(MALO, zones="commune:29019", structure="brest"))
    near = desk.keeps(commune="05096")
    known = desk.keeps(commune="29019", helper=ines)
    chosen = desk.keeps(commune="05096", helper=malo, booked_at=desk.at)
    tomorrow = desk.keeps(commune="05096", due_at=desk.at + timedelta(days=2))

    shown = {id: [each.id for each in seen(desk, id).callbacks] for id in (ines, malo)}

    assert shown[ines] == [known.id, near.id]
    assert chosen.id in shown[malo], "promised to him, however far it is"
    assert tomorrow.id not in shown[malo]
    assert near.id not in shown[malo]
