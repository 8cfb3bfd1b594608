"""Slots kept in SQL and shown on the board: changed by two at once, in a call, by a new file."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Change, Moved, Pattern, Slot, SlotId
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from dispatcher.operations import sweep, timetables
from dispatcher.operations.timetables import Posted, Refused
from tests.operations.desk import Desk
from tests.people import INES, MALO

NO_SLOTS = replace(INES, slots="")
TODAY = date(2026, 11, 24)  # a Tuesday; the desk opens at ten in Paris
MORNINGS = Pattern(Rule(TODAY, (1,)), Span(9 * 60, 12 * 60))
AFTERNOON = Span(14 * 60, 17 * 60)


@pytest.fixture
def ines(small_desk: Desk) -> AgentId:
    [ines] = small_desk.has(NO_SLOTS)
    return ines


def posts(desk: Desk, agent: AgentId, pattern: Pattern = MORNINGS) -> Slot:
    posted = timetables.post(agent, pattern, desk.services)
    assert isinstance(posted, Posted)
    return posted.slot


def kept(desk: Desk, agent: AgentId) -> tuple[Slot, ...]:
    found = timetables.look(agent, desk.services)
    assert found is not None
    return found.slots.slots


def on_until(desk: Desk, agent: AgentId) -> datetime | None:
    return desk.services.board.on_duty().get(agent)


def test_a_slot_posted_now_brings_its_agent_on_and_the_next_ones_do_so_by_themselves(
    small_desk: Desk, ines: AgentId
) -> None:
    assert on_until(small_desk, ines) is None

    slot = posts(small_desk, ines)

    assert kept(small_desk, ines) == (slot,)
    assert on_until(small_desk, ines) == small_desk.at.replace(hour=11, minute=0, second=0)
    small_desk.passes(3 * 3600)
    sweep.check(small_desk.services)
    assert on_until(small_desk, ines) is None
    small_desk.passes(7 * 86400 - 3 * 3600)
    sweep.check(small_desk.services)
    assert on_until(small_desk, ines) is not None


def test_a_slot_cancelled_in_a_call_leaves_the_call_alone_and_its_agent_off_afterwards(
    small_desk: Desk, ines: AgentId
) -> None:
    desk = small_desk
    slot = posts(desk, ines)
    desk.passes(5)
    call, _ = desk.asks()
    desk.presses_one(desk.only_offer().id)

    assert timetables.cancel(ines, slot, desk.services) is None

    assert (desk.only_offer().agent, on_until(desk, ines)) == (ines, None)
    sweep.check(desk.services)
    desk.ring_ends(call, "completed", bridged=True)
    sweep.check(desk.services)
    assert (on_until(desk, ines), desk.offers()) == (None, [])


def test_a_slot_made_longer_in_a_call_keeps_its_agent_with_the_caller(
    small_desk: Desk, ines: AgentId
) -> None:
    desk = small_desk
    slot = posts(desk, ines)
    desk.passes(5)
    call, _ = desk.asks()

    longer = replace(MORNINGS, span=Span(9 * 60, 13 * 60))
    edited = timetables.edit(ines, slot, longer, desk.services)

    assert isinstance(edited, Posted)
    assert (edited.slot.version, edited.slot.pattern) == (2, longer)
    assert desk.holder(ines) == call
    assert on_until(desk, ines) == desk.at.replace(hour=12, minute=0, second=0)


def test_of_two_who_change_one_slot_the_second_is_told_and_nothing_is_lost(
    small_desk: Desk, ines: AgentId
) -> None:
    services = small_desk.services
    slot = posts(small_desk, ines)
    first = timetables.edit(ines, slot, replace(MORNINGS, span=AFTERNOON), services)

    second = timetables.edit(ines, slot, replace(MORNINGS, holidays=True), services)
    others = (
        timetables.cancel(ines, slot, services),
        timetables.cancel(ines, slot, services, day=TODAY),
        timetables.move(ines, slot, TODAY, Moved(TODAY, AFTERNOON), services),
    )

    assert isinstance(first, Posted)
    assert (second, *others) == (Refused.CONFLICT,) * 4
    assert kept(small_desk, ines) == (first.slot,)


def test_single_days_are_cancelled_moved_and_given_other_hours(
    small_desk: Desk, ines: AgentId
) -> None:
    services = small_desk.services
    posts(small_desk, ines)
    days = [TODAY + timedelta(weeks=week) for week in range(3)]

    assert timetables.cancel(ines, kept(small_desk, ines)[0], services, day=days[0]) is None
    elsewhere = Moved(date(2026, 12, 2), AFTERNOON)
    assert timetables.move(ines, kept(small_desk, ines)[0], days[1], elsewhere, services) is None
    assert timetables.replace(ines, kept(small_desk, ines)[0], days[2], AFTERNOON, services) is None

    [slot] = kept(small_desk, ines)
    assert slot.changes == (
        Change(days[0]), Change(days[1], elsewhere), Change(days[2], Moved(days[2], AFTERNOON)),
    )  # fmt: skip
    assert on_until(small_desk, ines) is None
    assert timetables.cancel(ines, slot, services, day=date(2026, 11, 25)) is Refused.NOT_THEN


def test_nobody_changes_somebody_elses_slot(small_desk: Desk) -> None:
    ines, malo = small_desk.has(NO_SLOTS, MALO)
    slot = posts(small_desk, ines)

    assert timetables.cancel(malo, slot, small_desk.services) is Refused.UNKNOWN
    assert timetables.cancel(malo, slot, small_desk.services, day=TODAY) is Refused.UNKNOWN
    assert timetables.edit(malo, slot, MORNINGS, small_desk.services) is Refused.UNKNOWN
    assert timetables.post(AgentId(99), MORNINGS, small_desk.services) is Refused.UNKNOWN
    assert kept(small_desk, ines) == (slot,)


def test_an_overlap_is_a_warning_and_a_slot_asked_for_twice_is_one(
    small_desk: Desk, ines: AgentId
) -> None:
    services = small_desk.services
    posts(small_desk, ines)

    again = timetables.post(ines, MORNINGS, services, id=SlotId("asked"))

    assert isinstance(again, Posted)
    assert again.overlaps[0].on == TODAY
    assert timetables.post(ines, MORNINGS, services, id=SlotId("asked")) is Refused.TAKEN
    assert len(kept(small_desk, ines)) == 2


def test_who_is_away_is_off_until_they_are_back(small_desk: Desk, ines: AgentId) -> None:
    posts(small_desk, ines)
    week = Absence(TODAY, TODAY + timedelta(days=6))

    missed = timetables.absent(ines, week, small_desk.services)

    assert [each.on for each in missed] == [TODAY]
    assert on_until(small_desk, ines) is None
    assert timetables.back(ines, week, small_desk.services)
    assert not timetables.back(ines, week, small_desk.services)
    assert on_until(small_desk, ines) is not None


def test_a_pause_inside_a_slot_takes_its_agent_off_for_as_long(
    small_desk: Desk, ines: AgentId
) -> None:
    slot = posts(small_desk, ines)

    paused = timetables.pause(ines, slot, Span(10 * 60, 10 * 60 + 15), small_desk.services)

    assert isinstance(paused, Posted)
    assert on_until(small_desk, ines) is None
    small_desk.passes(15 * 60)
    sweep.check(small_desk.services)
    assert on_until(small_desk, ines) is not None


def test_a_file_that_says_the_same_hours_again_takes_nothing_back(small_desk: Desk) -> None:
    """What somebody changed since is theirs; a file speaks of hours only when it says others."""
    desk = small_desk
    [ines] = desk.has(replace(INES, slots="tue 09:00-12:00; wed 09:00-12:00 14:00-17:00"))
    morning, afternoon = sorted(kept(desk, ines), key=lambda each: each.pattern.span)
    timetables.cancel(ines, morning, desk.services, day=TODAY)
    timetables.cancel(ines, afternoon, desk.services)

    desk.has(replace(INES, slots="tue-wed 09:00-12:00; wed 14:00-17:00"))
    [same] = kept(desk, ines)
    desk.has(replace(INES, slots="tue-wed 09:00-12:00; fri 14:00-17:00"))

    assert same.changes == (Change(TODAY),)
    [still, friday] = sorted(kept(desk, ines), key=lambda each: each.pattern.span)
    assert (still, friday.pattern.rule.days) == (same, (4,))


def test_a_file_leaves_slots_alone_that_it_does_not_speak_of(
    small_desk: Desk, ines: AgentId
) -> None:
    own = posts(small_desk, ines)

    small_desk.has(replace(INES, slots="fri 14:00-17:00"))
    small_desk.has(replace(INES, slots=""))

    assert kept(small_desk, ines) == (own,)


def test_everybodys_slots_are_read_in_two_statements(small_desk: Desk) -> None:
    ines, malo = small_desk.has(INES, MALO)
    for agent in (ines, malo):
        slot = posts(small_desk, agent)
        timetables.cancel(agent, slot, small_desk.services, day=TODAY)
        timetables.absent(agent, Absence(TODAY, TODAY), small_desk.services)
    said: list[str] = []
    sa.event.listen(
        small_desk.services.store.engine, "before_cursor_execute", lambda *a: said.append(a[2])
    )

    assert len(small_desk.roster()) == 2

    assert len([each for each in said if each.startswith("SELECT")]) == 2
