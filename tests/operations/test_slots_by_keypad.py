"""What an agent's keys make of their slots; never twice, and nothing somebody else just changed."""

from dataclasses import replace
from functools import partial

import pytest

from dispatcher.domain.calls import Keys
from dispatcher.operations import calls, sweep, timetables
from tests.hands import hands
from tests.operations.desk import Desk
from tests.operations.test_agent_menu import CALL, hangs_up, in_the_menu, keys
from tests.people import INES


def marks(desk: Desk) -> None:
    """A slot of Thursday from two to five."""
    keys(desk, "2", "4", "1", "4", "1400", "1700")


def test_a_slot_keyed_thrice_at_once_is_one(desk: Desk) -> None:
    [ines] = desk.has(replace(INES, slots=""))
    in_the_menu(desk)
    marks(desk)
    turn = desk.call(CALL).turn

    with hands() as together:
        together([partial(calls.hear, CALL, turn, Keys("1"), desk.services)] * 3)

    [slot] = desk.agent(ines).slots.slots
    assert (slot.pattern.rule.first.day, str(slot.pattern.span)) == (26, "14:00-17:00")
    assert desk.call(CALL).turn == turn + 1


def test_a_slot_that_somebody_else_changes_that_moment_is_heard_again_as_it_stands(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = small_desk
    [agent] = desk.has(INES)
    in_the_menu(desk)
    keys(desk, "2", "2")
    before = desk.call(CALL)
    monkeypatch.setattr(
        "dispatcher.operations.timetables.drop", lambda *a, **k: timetables.Refused.CONFLICT
    )

    keys(desk, "1")

    assert desk.call(CALL) == before
    assert desk.agent(agent).slots.slots[0].changes == ()


def test_a_slot_of_now_cancelled_by_keypad_takes_them_off_once_they_hang_up(
    small_desk: Desk,
) -> None:
    desk = small_desk
    [ines] = desk.has(replace(INES, slots="tue 09:00-12:00"))
    in_the_menu(desk)

    keys(desk, "2", "2", "1")
    hangs_up(desk)

    assert desk.holder(ines) is None
    sweep.check(desk.services)
    assert desk.holder(ines) is None
    [slot] = desk.agent(ines).slots.slots
    assert [change.day.day for change in slot.changes] == [24]
