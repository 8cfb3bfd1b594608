"""What an agent's keys make of SQL and of the board; never twice, and never half."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from dispatcher.domain.agents import ON_THE_LINE, AgentId, Pause
from dispatcher.domain.calls import CallSid, Keys, Outcome, Step
from dispatcher.domain.known_callers import KnownCaller
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.offers import End
from dispatcher.domain.script import Script
from dispatcher.operations import calls, offers, overview, sweep
from dispatcher.operations.overview import Doing
from dispatcher.operations.waiting import wait
from tests.hands import hands
from tests.operations.desk import QUEUE, Desk, rung, sid
from tests.people import INES, LINE, MALO, Helper

BY_HAND = replace(INES, automatic="no", slots="mon-fri 09:00-12:30")
CALL = sid(700)


def rings(desk: Desk, helper: Helper = INES, call: CallSid = CALL) -> Script:
    return calls.answer(call, LINE, PhoneNumber(helper.number), None, desk.services)


def keys(desk: Desk, *pressed: str, call: CallSid = CALL) -> Script:
    heard: Script = ()
    for each in pressed:
        heard = calls.hear(call, desk.call(call).turn, Keys(each), desk.services)
    return heard


def in_the_menu(desk: Desk, helper: Helper = INES) -> None:
    rings(desk, helper)
    keys(desk, helper.pin)
    assert desk.call(CALL).step is Step.AGENT_MENU


def hangs_up(desk: Desk) -> None:
    calls.hang_up(CALL, desk.services)


def looks(desk: Desk, seconds: int = 10) -> None:
    """The clock's rounds go on for a while."""
    for _ in range(seconds):
        desk.passes(1)
        sweep.tick(desk.services)
    sweep.check(desk.services)


def doing(desk: Desk) -> Doing:
    [agent] = overview.look(desk.services).agents
    return agent.doing


def test_a_pin_posted_thrice_at_once_is_one_try_and_one_move(desk: Desk) -> None:
    desk.has(INES)
    with hands() as together:
        for number in range(6):
            call = sid(700 + number)
            rings(desk, call=call)
            pin = "1111" if number % 3 < 2 else INES.pin  # never three wrong ones in a row

            together([partial(calls.hear, call, 1, Keys(pin), desk.services)] * 3)

            at_menu = desk.call(call).step is Step.AGENT_MENU
            assert (desk.call(call).turn, at_menu) == (2, number % 3 == 2)


def test_coming_on_posted_thrice_at_once_is_no_pause(desk: Desk) -> None:
    desk.has(BY_HAND)
    in_the_menu(desk)
    turn = desk.call(CALL).turn

    with hands() as together:
        together([partial(calls.hear, CALL, turn, Keys("1"), desk.services)] * 3)

    assert (desk.call(CALL).step, desk.call(CALL).turn) == (Step.AGENT_MENU, turn + 1)


@pytest.fixture
def agent(small_desk: Desk) -> AgentId:
    [ines] = small_desk.has(INES)
    return ines


def test_an_agent_in_the_menu_is_not_rung_and_found_once_they_hang_up(
    small_desk: Desk, agent: AgentId
) -> None:
    desk = small_desk
    in_the_menu(desk)
    waiting = desk.waits()

    assert rung(wait(waiting.sid, QUEUE, desk.services)) is None
    looks(desk)
    assert (desk.offers(), desk.call(waiting.sid).step) == ([], Step.WAITING)
    assert doing(desk) is Doing.ON_THE_LINE

    hangs_up(desk)
    assert desk.only_offer().agent == agent
    assert desk.call(CALL).outcome is Outcome.AGENT


def test_a_hang_up_told_twice_finds_one_caller(small_desk: Desk, agent: AgentId) -> None:
    desk = small_desk
    in_the_menu(desk)
    for _ in range(2):
        wait(desk.waits().sid, QUEUE, desk.services)

    hangs_up(desk)
    hangs_up(desk)

    assert len(desk.offers()) == 1


def test_a_caller_who_comes_while_the_only_agent_is_in_the_menu_waits(
    small_desk: Desk, agent: AgentId
) -> None:
    in_the_menu(small_desk)

    call, _ = small_desk.asks()

    assert small_desk.call(call).step is Step.WAITING


def test_an_agent_whose_hang_up_is_never_told_is_not_lost(small_desk: Desk, agent: AgentId) -> None:
    desk = small_desk
    in_the_menu(desk)
    waiting = desk.waits()
    wait(waiting.sid, QUEUE, desk.services)

    looks(desk, int(ON_THE_LINE.total_seconds()) - 15)
    assert desk.offers() == []
    looks(desk, 30)

    assert desk.only_offer().agent == agent


def test_every_key_shows_that_they_are_still_there(small_desk: Desk, agent: AgentId) -> None:
    desk = small_desk
    in_the_menu(desk)
    waiting = desk.waits()
    wait(waiting.sid, QUEUE, desk.services)

    for _ in range(4):
        looks(desk, 60)
        keys(desk, "2")

    assert desk.offers() == []


def test_a_ring_that_finds_them_in_the_menu_is_busy_and_they_are_not_rung_again_there(
    small_desk: Desk, agent: AgentId
) -> None:
    desk = small_desk
    call, heard = desk.asks()
    assert rung(heard) == INES.number
    others = [desk.waits() for _ in range(3)]
    for each in others:
        wait(each.sid, QUEUE, desk.services)

    in_the_menu(desk)
    assert desk.holder(agent) == call
    desk.ring_ends(call, "busy")

    assert desk.offers() == []
    with desk.services.store.reading() as tx:
        assert [offer.end for offer in tx.offers.of(call=call)] == [End.BUSY]
    hangs_up(desk)
    assert desk.only_offer().call == others[0].sid


def test_somebody_just_proposed_for_a_caller_stays_theirs(small_desk: Desk, agent: AgentId) -> None:
    """Between the two gates only the board knows it."""
    desk = small_desk
    rings(desk)
    call = desk.waits()
    plan, at = offers.plan_for(call, desk.services), desk.at
    desk.services.board.assign(call.sid, plan, lease=at + timedelta(minutes=1), at=at)

    keys(desk, INES.pin)

    assert desk.holder(agent) == call.sid


def after_a_talk(desk: Desk) -> None:
    """Ines has talked, and has ten minutes to herself."""
    longer = replace(desk.services.lines[0], wrap_up_seconds=600)
    desk.services = replace(desk.services, lines=(longer,))
    call, _ = desk.asks()
    desk.presses_one(desk.only_offer().id)
    desk.ring_ends(call, "completed", bridged=True)
    desk.passes(5)


@pytest.mark.parametrize("forgets", [False, True])
def test_the_next_call_ends_the_wrap_up_for_sql_and_for_the_board_alike(
    small_desk: Desk, agent: AgentId, forgets: bool
) -> None:
    desk = small_desk
    after_a_talk(desk)
    wait(desk.waits().sid, QUEUE, desk.services)
    in_the_menu(desk)
    keys(desk, "3")
    if forgets:
        desk.forgets()
        desk.rebuilds()
    looks(desk)
    assert desk.offers() == [], "their telephone is still busy"

    hangs_up(desk)
    if forgets:
        desk.forgets()
        desk.rebuilds()
        looks(desk)

    assert desk.only_offer().agent == agent


def test_a_wrap_up_cut_short_is_over_for_the_overview_without_redis_too(
    small_desk: Desk, agent: AgentId
) -> None:
    desk = small_desk
    after_a_talk(desk)
    desk.forgets()
    assert doing(desk) is Doing.WRAP_UP

    in_the_menu(desk)
    keys(desk, "3")
    hangs_up(desk)

    assert doing(desk) is Doing.FREE


@pytest.mark.parametrize("forgets", [False, True])
def test_a_look_at_the_menu_leaves_the_wrap_up_as_it_was(
    small_desk: Desk, agent: AgentId, forgets: bool
) -> None:
    desk = small_desk
    after_a_talk(desk)
    in_the_menu(desk)
    keys(desk, "2", "2")
    hangs_up(desk)
    if forgets:
        desk.forgets()
        desk.rebuilds()
    waiting = desk.waits()

    wait(waiting.sid, QUEUE, desk.services)
    looks(desk)

    assert desk.offers() == []
    assert doing(desk) is Doing.WRAP_UP
    looks(desk, 600)
    assert desk.only_offer().agent == agent


def test_a_pause_takes_them_off_the_board_at_once_and_says_why(
    small_desk: Desk, agent: AgentId
) -> None:
    desk = small_desk
    in_the_menu(desk)

    keys(desk, "1", "2")

    assert desk.holder(agent) is None
    [now] = overview.look(desk.services).agents
    assert (now.doing, now.pause) == (Doing.PAUSED, Pause.MEAL)
    assert now.until == desk.at + timedelta(hours=1)
    hangs_up(desk)
    looks(desk)
    assert desk.holder(agent) is None


def test_an_agent_moves_and_hangs_up_while_the_board_is_lost(
    small_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk = small_desk
    [ines, _] = desk.has(BY_HAND, MALO)
    desk.forgets()

    in_the_menu(desk)
    keys(desk, "1")
    hangs_up(desk)

    assert "board lost while showing agent" in caplog.text
    desk.rebuilds()
    assert desk.holder(ines) == ""


def test_who_came_on_by_telephone_is_on_until_they_said_after_a_loss_too(small_desk: Desk) -> None:
    desk = small_desk
    [ines] = desk.has(BY_HAND)
    in_the_menu(desk)
    keys(desk, "1")
    hangs_up(desk)
    desk.forgets()
    desk.rebuilds()

    assert desk.services.board.on_duty()[ines] == desk.at.replace(hour=11, minute=30, second=0)
    desk.passes(2.5 * 3600)
    sweep.check(desk.services)
    assert desk.holder(ines) is None


def test_what_is_not_saved_changes_no_agent(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agent's change and the call's move are one transaction."""
    desk = small_desk
    [ines] = desk.has(BY_HAND)
    in_the_menu(desk)
    before = desk.agent(ines)
    monkeypatch.setattr("dispatcher.store.calls.Calls.save", lambda *a, **k: False)

    keys(desk, "1")

    assert desk.agent(ines) == before


def test_a_call_is_presented_the_same_however_often_it_is_asked_for(
    small_desk: Desk, agent: AgentId
) -> None:
    desk = small_desk
    asked = rings(desk)
    assert rings(desk) == asked
    wrong = keys(desk, "1111")
    for step in (["1111"], ["1111"], [""], ["4321"]):
        assert calls.hear(CALL, 1, Keys("1111"), desk.services) == wrong
        wrong = keys(desk, *step)

    assert desk.call(CALL).step is not Step.AGENT_MENU, "locked"


def test_somebody_led_on_is_greeted_once(small_desk: Desk, agent: AgentId) -> None:
    desk = small_desk
    rings(desk)

    first = keys(desk, "0")
    again = calls.hear(CALL, 1, Keys("0"), desk.services)
    starred = calls.hear(CALL, desk.call(CALL).turn, Keys("", again=True), desk.services)

    assert "greeting" in repr(first)
    assert again == first
    assert "greeting" not in repr(starred)


def test_a_masked_call_and_a_strangers_are_not_asked_for_a_pin(
    small_desk: Desk, agent: AgentId
) -> None:
    for number in (None, PhoneNumber("+33199000077")):
        calls.answer(CALL, LINE, number, None, small_desk.services)
        assert small_desk.call(CALL).step is Step.POSTAL_CODE


def test_an_agent_whom_we_know_as_a_caller_too_is_asked_for_the_pin_first(
    small_desk: Desk, agent: AgentId
) -> None:
    desk, until = small_desk, small_desk.at + timedelta(days=30)
    with desk.services.store.writing() as tx:
        tx.known_callers.remember(PhoneNumber(INES.number), KnownCaller("05096", None), until=until)

    rings(desk)

    assert desk.call(CALL).step is Step.AGENT_PIN
