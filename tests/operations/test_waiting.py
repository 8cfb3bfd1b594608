"""Waiting, told honestly; leaving, which an agent being taken may forestall; and no ghosts."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from dispatcher.domain.calls import Call, CallSid, Keys, Step
from dispatcher.domain.script import Ask, Leave, Say, Script
from dispatcher.live.board import Board
from dispatcher.operations import calls, estimating, offers
from dispatcher.operations.waiting import press, wait
from tests.hands import hands
from tests.operations.desk import Desk
from tests.people import GUY, INES, MALO, ZOE

ANSWERED = (Say("wait.somebody_answers"), Leave())


@pytest.fixture
def small(small_desk: Desk) -> Desk:
    return small_desk


def shown(desk: Desk, *waiting: Call) -> None:
    """These callers are on the board, and how long they wait was worked out."""
    for call in waiting:
        assert call.waiting_since is not None
        plan = offers.plan_for(call, desk.services)
        desk.services.board.wait(call.sid, plan, since=call.waiting_since, at=desk.at)
    estimating.work_out(desk.services)


def engaged(desk: Desk, *agents: Any) -> None:
    """These agents are with somebody."""
    for agent in agents:
        shown(desk, desk.waits())
        offers.rematch(agent, desk.services)


def first_words(script: Script) -> list[Say]:
    [question] = script
    assert isinstance(question, Ask)
    return list(question.prompts)


def test_who_presses_one_after_an_agent_was_taken_hears_that_somebody_answers(small: Desk) -> None:
    [ines] = small.has(INES)
    call = small.waits()
    shown(small, call)
    offers.rematch(ines, small.services)

    heard = press(call.sid, call.turn, 1, Keys("1"), small.services)

    assert heard == ANSWERED
    assert small.call(call.sid).step is Step.OFFERED


def test_leaving_and_being_taken_at_once_end_one_way_or_the_other(desk: Desk) -> None:
    [ines] = desk.has(INES)
    with hands() as together:
        for _ in range(10):
            call = desk.waits()
            shown(desk, call)
            leave = partial(press, call.sid, call.turn, 1, Keys("1"), desk.services)

            heard, _ = together([leave, partial(offers.rematch, ines, desk.services)])

            now = desk.call(call.sid)
            taken = [offer.call for offer in desk.offers()] == [call.sid]
            assert now.step is (Step.OFFERED if taken else Step.KEPT)
            assert heard == (ANSWERED if taken else (Leave(),))
            calls.hang_up(call.sid, desk.services)
            desk.passes(3600)


def test_a_late_fetch_brings_back_no_ghost(small: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller hangs up while their fetch walks the plan: what it puts on the board goes again."""
    engaged(small, *small.has(INES))
    call = small.waits()
    assign = Board.assign

    def slowly(self: Board, *arguments: Any, **options: Any) -> Any:
        found = assign(self, *arguments, **options)
        calls.hang_up(call.sid, small.services)
        return found

    monkeypatch.setattr(Board, "assign", slowly)
    wait(call.sid, call.queue, small.services)

    assert small.call(call.sid).over
    assert small.services.board.waited_in() == set()


def test_a_fetch_after_the_end_puts_nobody_on_the_board(small: Desk) -> None:
    call = small.waits()
    calls.hang_up(call.sid, small.services)

    assert wait(call.sid, call.queue, small.services) == (Leave(),)
    assert small.services.board.waited_in() == set()


def test_the_place_counts_those_whom_their_own_agents_would_take_before_them(small: Desk) -> None:
    """A neighbour counts as having come 45 s earlier than somebody from the end of the country."""
    small.has(ZOE)
    stranger = small.waits(commune="29019")
    small.passes(30)
    rose = small.waits()
    small.passes(60)
    late = small.waits(commune="29019")
    shown(small, stranger, rose, late)

    told = [estimating.expected(call, small.services) for call in (stranger, rose, late)]

    assert [each.ahead for each in told if each] == [1, 0, 2]


@pytest.mark.parametrize(("earlier", "ahead"), [(30, 0), (89, 0), (91, 1)])
def test_somebody_from_afar_is_before_them_only_when_they_came_much_earlier(
    small: Desk, earlier: int, ahead: int
) -> None:
    """Zoe takes her neighbours first, unless somebody came more than 90 seconds before them."""
    small.has(ZOE)
    stranger = small.waits(commune="29019")
    small.passes(earlier)
    rose = small.waits()
    shown(small, stranger, rose)

    told = estimating.expected(rose, small.services)

    assert told is not None
    assert told.ahead == ahead


def test_a_neighbour_who_came_before_is_counted_once(small: Desk) -> None:
    small.has(replace(ZOE, zones="departement:05 strict"))
    neighbour = small.waits()
    small.passes(200)
    rose = small.waits()
    shown(small, neighbour, rose)

    told = estimating.expected(rose, small.services)

    assert told is not None
    assert told.ahead == 1


def test_more_agents_make_the_wait_shorter(small: Desk) -> None:
    small.has(INES)
    calls_waiting = [small.waits() for _ in range(4)]
    shown(small, *calls_waiting)
    alone = estimating.expected(calls_waiting[-1], small.services)

    small.has(MALO, GUY)
    estimating.work_out(small.services)
    together = estimating.expected(calls_waiting[-1], small.services)

    assert alone is not None
    assert together is not None
    assert alone.wait is not None
    assert together.wait is not None
    assert together.wait.high < alone.wait.high


def test_a_fetch_only_reads_what_was_worked_out(small: Desk) -> None:
    """Nothing worked out yet: the place alone is told, and no figure is invented."""
    small.has(INES)
    call = small.waits()
    small.services.board.wait(
        call.sid, offers.plan_for(call, small.services), since=small.at, at=small.at
    )
    small.has(MALO)

    told = estimating.expected(call, small.services)

    assert told is not None
    assert (told.ahead, told.wait) == (0, None)


def test_long_calls_make_the_wait_longer(small: Desk) -> None:
    [ines] = small.has(INES)
    shown(small, first := small.waits())
    usual = estimating.expected(first, small.services)
    calls.hang_up(first.sid, small.services)
    for _ in range(10):
        call = small.waits()
        shown(small, call)
        offers.rematch(ines, small.services)
        offer = small.only_offer()
        small.presses_one(offer.id)
        small.passes(40 * 60)
        small.ring_of_ends(offer.id, call.sid, "completed", bridged=True)
        small.passes(120)
    last = small.waits()
    shown(small, last)

    told = estimating.expected(last, small.services)

    assert told is not None
    assert usual is not None
    assert told.wait is not None
    assert usual.wait is not None
    assert told.wait.high > 2 * usual.wait.high


def test_keys_pressed_in_a_verse_that_has_passed_do_nothing(small: Desk) -> None:
    engaged(small, *small.has(INES))
    call = small.waits()

    press(call.sid, call.turn - 1, 0, Keys("1"), small.services)

    assert small.call(call.sid).step is Step.WAITING


def test_an_unknown_call_begins_again(small: Desk) -> None:
    assert "Goto" in repr(press(CallSid("CA" + "f" * 32), 1, 0, Keys("1"), small.services))
