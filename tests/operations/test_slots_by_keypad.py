"""What an agent's keys make of their slots; never twice, and nothing somebody else just changed."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Keys
from dispatcher.domain.occurrences import Change, Moved
from dispatcher.domain.recurrences import Rule, Weeks
from dispatcher.domain.script import Ask
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from dispatcher.operations import agent_menu, calls, sweep, timetables
from dispatcher.store.agents import Agents
from tests.hands import hands
from tests.operations.desk import Desk
from tests.operations.test_agent_menu import CALL, hangs_up, in_the_menu, keys
from tests.people import INES, MALO, ZOE


def marks(desk: Desk) -> None:
    """A slot of Thursday from two to five."""
    keys(desk, "2", "4", "1", "4", "1400", "1700", "1")


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


CHRISTMAS = ("2", "4", "4", "2412", "3112")
"""Away from Christmas Eve to the last of the year."""


def prompts(desk: Desk) -> list[str]:
    [asked] = agent_menu.say(desk.call(CALL), desk.services)
    assert isinstance(asked, Ask)
    return [say.key for say in asked.prompts]


def test_a_slot_that_comes_again_keyed_thrice_at_once_is_one(desk: Desk) -> None:
    """Every even Thursday until the end of June: more than 31 bits while it is keyed."""
    [ines] = desk.has(replace(INES, slots=""))
    in_the_menu(desk)
    keys(desk, "2", "4", "1", "4", "1400", "1700", "3", "1", "2", "2", "3006")
    turn = desk.call(CALL).turn

    with hands() as together:
        together([partial(calls.hear, CALL, turn, Keys("1"), desk.services)] * 3)

    [slot] = desk.agent(ines).slots.slots
    thursday, june = date(2026, 11, 26), date(2027, 6, 30)
    assert slot.pattern.rule == Rule(thursday, (3,), weeks=Weeks.EVEN, until=june)
    assert not slot.pattern.holidays


def test_an_absence_keyed_thrice_at_once_is_one_and_is_taken_back(small_desk: Desk) -> None:
    desk = small_desk
    [ines] = desk.has(INES)
    in_the_menu(desk)
    keys(desk, *CHRISTMAS)
    turn = desk.call(CALL).turn

    with hands() as together:
        together([partial(calls.hear, CALL, turn, Keys("1"), desk.services)] * 3)

    assert desk.agent(ines).slots.absences == (Absence(date(2026, 12, 24), date(2026, 12, 31)),)
    keys(desk, "2", "4", "4", "2", "1")
    assert desk.agent(ines).slots.absences == ()


def test_where_an_absence_leaves_nobody_is_said_first_and_colleagues_are_asked(
    small_desk: Desk,
) -> None:
    desk = small_desk
    slots = "thu 09:00-12:00"
    ines, _ = desk.has(replace(INES, slots=slots), replace(ZOE, skills="procedures:1", slots=""))
    in_the_menu(desk)

    keys(desk, "2", "4", "4", "2611", "2611")

    gap = "agent.alone.gap"  # in the EPCI and in the département, of both needs at once
    assert prompts(desk) == ["agent.away.day", gap, gap, "agent.away.note"]
    keys(desk, "1")
    with desk.services.store.reading() as tx:
        [wanted] = tx.stand_ins.open(after=desk.services.now())
    assert (wanted.agent, wanted.on, wanted.released) == (ines, date(2026, 11, 26), True)


def test_nobody_is_warned_or_asked_where_somebody_else_is(small_desk: Desk) -> None:
    desk = small_desk
    desk.has(replace(INES, slots="thu 09:00-12:00"), replace(MALO, structure="orcieres"))
    in_the_menu(desk)

    keys(desk, "2", "4", "4", "2611", "2611")

    assert prompts(desk) == ["agent.away.day", "agent.away.note"]
    keys(desk, "1")
    with desk.services.store.reading() as tx:
        assert tx.stand_ins.open(after=desk.services.now()) == []


def test_a_series_ended_from_a_day_on_asks_for_what_falls_away_soon(small_desk: Desk) -> None:
    """They go on this Thursday, and no more the next."""
    desk = small_desk
    [ines] = desk.has(replace(INES, slots="thu 09:00-12:00"))
    in_the_menu(desk)

    keys(desk, "2", "2", "4", "3", "2", "3011")

    assert prompts(desk)[:2] == ["agent.change.until", "agent.alone.gap"]
    keys(desk, "1")
    [slot] = desk.agent(ines).slots.slots
    assert slot.pattern.rule.until == date(2026, 11, 30)
    with desk.services.store.reading() as tx:
        [wanted] = tx.stand_ins.open(after=desk.services.now())
    assert wanted.on == date(2026, 12, 3)


def test_one_day_is_moved_and_the_series_ended_by_keypad(small_desk: Desk) -> None:
    desk = small_desk
    [ines] = desk.has(replace(INES, slots="thu 09:00-12:00"))
    in_the_menu(desk)

    keys(desk, "2", "2", "4", "1", "1", "1400", "1600", "1")

    [slot] = desk.agent(ines).slots.slots
    thursday = date(2026, 11, 26)
    assert slot.changes == (Change(thursday, Moved(thursday, Span(840, 960))),)
    keys(desk, "2", "2", "4", "3", "1", "1")
    assert desk.agent(ines).slots.slots == ()


def test_a_pause_over_a_slot_that_changed_that_moment_is_heard_again(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another hand edits the slot between the reading and the writing of one key."""
    desk = small_desk
    [ines] = desk.has(replace(INES, slots="thu 09:00-12:00"))
    in_the_menu(desk)
    keys(desk, "2", "2", "4", "2", "1000", "1015")
    before, [slot] = desk.call(CALL), desk.agent(ines).slots.slots
    roster = Agents.roster

    def read_before(self: Agents, *args: Any, **only: Any) -> list[Agent]:
        return [replace(each, slots=each.slots.of([slot])) for each in roster(self, *args, **only)]

    timetables.pause(ines, slot, Span(660, 670), desk.services)
    monkeypatch.setattr(Agents, "roster", read_before)
    keys(desk, "1")
    monkeypatch.undo()

    assert desk.call(CALL) == before
    [kept] = desk.agent(ines).slots.slots
    assert kept.pattern.pauses == (Span(660, 670),)
    keys(desk, "1")
    [kept] = desk.agent(ines).slots.slots
    assert kept.pattern.pauses == (Span(600, 615), Span(660, 670))
