"""Where each leg of a held, passed-on or shared call is wanted, and whom the carrier is to move."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.transfers import (
    FOLLOWS_WITHIN,
    HELD_AT_MOST,
    Kind,
    Place,
    Side,
    State,
    Transfer,
    TransferId,
)

TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PLAIN = Transfer(
    TransferId("t"),
    CallSid("CAcitizen"),
    TEN,
    TEN,
    TEN,
    offer=OfferId("ines"),
    agent_leg="CAines",
    follows=Side.CITIZEN,
)


def test_the_child_of_a_bridge_is_moved_and_the_parent_follows() -> None:
    held = PLAIN.held(at=TEN)

    assert list(held.errands(at=TEN)) == [Side.AGENT]
    assert (held.wanted(Side.CITIZEN), held.wanted(Side.AGENT)) == (Place.HOLD, Place.ROOM)


def test_who_does_not_follow_in_time_is_moved_as_well_but_never_before_the_child() -> None:
    late = TEN + FOLLOWS_WITHIN
    held = PLAIN.held(at=TEN)
    moved = replace(held, agent_at=Place.ROOM)

    assert list(held.errands(at=late)) == [Side.AGENT]
    assert list(moved.errands(at=TEN)) == []
    assert list(moved.errands(at=late)) == [Side.CITIZEN]


def test_a_hold_has_an_end() -> None:
    assert PLAIN.held(at=TEN).deadline == TEN + HELD_AT_MOST


def test_after_a_word_the_target_is_the_agent_and_the_first_one_leaves() -> None:
    consulting = PLAIN.held(at=TEN).consults(Kind.WARM, OfferId("malo"), None, at=TEN)
    there = replace(consulting, target_leg="CAmalo")

    over = there.handed_over(at=TEN + timedelta(seconds=20))

    assert (over.offer, over.agent_leg, over.leaver_leg) == ("malo", "CAmalo", "CAines")
    assert over.holding == {"malo"}
    assert (over.side_of("CAines"), over.wanted(Side.LEAVER)) == (Side.LEAVER, Place.GONE)
    assert over.follows is Side.LEAVER


def test_of_three_each_is_in_the_room_and_held_by_an_offer() -> None:
    three = PLAIN.consults(Kind.THIRD, OfferId("malo"), None, at=TEN).joined(at=TEN)

    assert three.state is State.TOGETHER
    assert three.holding == {"ines", "malo"}
    assert {three.wanted(s) for s in (Side.CITIZEN, Side.AGENT, Side.TARGET)} == {Place.ROOM}


def test_each_move_is_one_turn_later_and_may_be_asked_for_at_once() -> None:
    held = PLAIN.held(at=TEN)

    assert (held.turn, held.asked_at) == (PLAIN.turn + 1, None)
    assert held.over(at=TEN).holding == frozenset()


def test_what_was_never_moved_is_undone_and_nobody_is_sent_anywhere() -> None:
    undone = PLAIN.held(at=TEN).undone(at=TEN)

    assert not undone.open
    assert list(undone.errands(at=TEN)) == []
