"""What a removal would leave open, for whom it is said, and that it is never forbidden."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Aside, Need
from dispatcher.domain.coverage import Gap
from dispatcher.domain.occurrences import Change, Moved, Slot
from dispatcher.domain.removals import Changed, Ended, Removal, cancelled
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.domain.script import Ask
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from dispatcher.operations import agent_menu, coverage, timetables
from tests.operations.desk import Desk
from tests.operations.test_agent_menu import CALL, in_the_menu, keys
from tests.people import GUY, INES, MALO, YANN, ZOE, Helper

MORNING = date(2026, 11, 26)  # a Thursday, two days ahead
INES_ON = replace(INES, slots="thu 09:00-12:00")
MALO_ON = replace(MALO, slots="thu 09:00-11:00")


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def slot_of(desk: Desk, agent: AgentId) -> Slot:
    [slot] = desk.agent(agent).slots.slots
    return slot


def on_the_morning(desk: Desk, *helpers: Helper) -> tuple[AgentId, Slot]:
    first, *_ = desk.has(*helpers)
    return first, slot_of(desk, first)


def hours(gaps: Sequence[Gap]) -> set[tuple[str, str, str]]:
    """Where, when and for what: days and hours in UTC."""
    return {(str(g.territory), f"{g.start:%d/%m %H}-{g.end:%H}", g.need) for g in gaps}


def left(desk: Desk, agent: AgentId, removal: Removal) -> tuple[Gap, ...]:
    return coverage.left_open(agent, removal, desk.services)


def test_where_nobody_else_is_a_removal_leaves_a_gap_in_its_own_territories(desk: Desk) -> None:
    """Ines' house is at Orcières, Malo's at Gap: one département, two EPCI."""
    ines, slot = on_the_morning(desk, INES_ON, MALO_ON)

    found = left(desk, ines, Changed(slot, Change(MORNING)))

    departement = {each for each in hours(found) if each[0] == "departement:05"}
    epci = {each for each in hours(found) if each[0].startswith("epci:")}
    assert departement == {("departement:05", "26/11 10-11", need) for need in needs()}
    assert {when for _, when, _ in epci} == {"26/11 08-11"}
    assert departement | epci == hours(found)


def needs() -> list[Need]:
    return [Need.PROCEDURES, Need.MEDIATION]


def test_a_colleague_of_the_same_house_leaves_no_gap_and_an_unreachable_one_does(
    desk: Desk,
) -> None:
    same_house = replace(MALO, structure="orcieres", slots="thu 08:00-13:00")
    ines, slot = on_the_morning(desk, INES_ON, same_house)
    assert left(desk, ines, cancelled(slot, MORNING)) == ()

    desk.has(INES_ON, replace(same_house, skills="mediation:1"))

    assert {gap.need for gap in left(desk, ines, cancelled(slot, MORNING))} == {Need.PROCEDURES}


def test_a_slot_taken_away_for_good_is_looked_at_for_two_weeks(desk: Desk) -> None:
    ines, slot = on_the_morning(desk, INES_ON)

    found = left(desk, ines, Ended(slot))

    assert {gap.start.date() for gap in found} == {MORNING, date(2026, 12, 3)}


def test_an_absence_and_a_move_leave_open_what_they_leave(desk: Desk) -> None:
    ines, slot = on_the_morning(desk, INES_ON)
    afternoon = Moved(MORNING, Span(11 * 60, 14 * 60))

    away = left(desk, ines, Absence(MORNING, MORNING))
    moved = left(desk, ines, Changed(slot, Change(MORNING, afternoon)))

    assert {when for _, when, _ in hours(away)} == {"26/11 08-11"}
    assert {when for _, when, _ in hours(moved)} == {"26/11 08-10"}


def test_what_was_open_before_or_lies_outside_opening_hours_is_no_news(desk: Desk) -> None:
    ines, slot = on_the_morning(desk, INES_ON)
    timetables.cancel(ines, slot, desk.services, day=MORNING)
    [slot] = desk.agent(ines).slots.slots

    assert left(desk, ines, Changed(slot, Change(MORNING))) == ()
    weekdays = OpeningHours(WeeklySlots.parse("mon-fri 09:00-18:00"), "Europe/Paris")
    [line] = desk.services.lines
    desk.services = replace(desk.services, lines=[replace(line, hours=weekdays)])
    night, its = on_the_morning(desk, replace(GUY, slots="thu 22:00-23:00"))
    assert left(desk, night, Ended(its)) == ()


def test_it_takes_three_statements_however_many_agents_there_are(desk: Desk) -> None:
    ines, slot = on_the_morning(desk, INES_ON, MALO_ON, GUY)
    said: list[str] = []
    engine = desk.services.store.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *a: said.append(a[2]))

    left(desk, ines, Ended(slot))

    assert len([each for each in said if each.startswith("SELECT")]) == 3


def test_nobodys_slots_are_read_who_serves_elsewhere(desk: Desk) -> None:
    """Guy's Guillestre is in Ines' département; Yann's Brest is far, and Zoe cannot be rung."""
    ines, guy, yann, zoe, malo = desk.has(INES_ON, GUY, YANN, ZOE, MALO_ON)
    with desk.services.store.writing() as tx:
        tx.agents.put_aside(zoe, Aside.NO_SUCH_NUMBER, at=desk.services.now())

    found = coverage.look(ines, Ended(slot_of(desk, ines)), desk.services)

    assert found is not None
    assert {each.id for each in found.roster} == {ines, guy, malo}
    far = coverage.look(yann, Ended(slot_of(desk, yann)), desk.services)
    aside = coverage.look(zoe, Ended(slot_of(desk, zoe)), desk.services)
    assert [{e.id for e in each.roster} for each in (far, aside) if each] == [{yann}, {zoe}]


def heard(desk: Desk) -> list[str]:
    [asked] = agent_menu.say(desk.call(CALL), desk.services)
    assert isinstance(asked, Ask)
    return [say.key for say in asked.prompts]


@pytest.mark.parametrize("alone", [True, False])
def test_by_telephone_they_hear_whether_anybody_else_is_there_and_may_go_on(
    desk: Desk, alone: bool
) -> None:
    others = [] if alone else [replace(MALO, structure="orcieres", slots="thu 08:00-13:00")]
    ines, _ = on_the_morning(desk, INES_ON, *others)
    in_the_menu(desk)

    keys(desk, "2", "2")

    said = heard(desk)
    keys(desk, "1")
    assert said == ["agent.slots.slot", *["agent.slots.alone"] * alone, "agent.slots.drop"]
    assert slot_of(desk, ines).changes == (Change(MORNING),)
