"""Every figure of the load, on a desk small enough to count by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Aside, Need, Pause
from dispatcher.domain.calls import LineId, Outcome, Step
from dispatcher.domain.load import Crowd, Kept, Today
from dispatcher.domain.schedule import ALWAYS, OpeningHours, WeeklySlots
from dispatcher.operations import agents, load, overview
from dispatcher.operations.overview import Doing
from tests.office import line
from tests.operations.desk import Desk, open_desk
from tests.people import GUY, INES, MALO, NOE, YANN, ZOE

MIDNIGHT = timedelta(hours=10)
"""How long ago it was: the desk opens at ten, in Paris."""
AT_MIDNIGHT_OF_REUNION = timedelta(hours=13)


@pytest.fixture
def two_lines(sqlite_url: str, redis_url: str) -> Iterator[Desk]:
    """One line in Paris, and one in Réunion, three hours ahead."""
    island = OpeningHours(WeeklySlots.parse(ALWAYS), "Indian/Reunion")
    lines = (line(), line(id="reunion", hours=island))
    with open_desk(sqlite_url, redis_url, lines=lines) as desk:
        yield desk


def began(desk: Desk, ago: timedelta, outcome: Outcome, lasts: float = 60, **changes: Any) -> None:
    """A call that began so long ago, and what became of it."""
    start = desk.at - ago
    ended: dict[str, Any] = {
        "ended_at": start + timedelta(seconds=lasts),
        "outcome": outcome,
        "step": Step.ENDED,
    }
    desk.waits(started_at=start, **(ended | changes))


def test_who_waits_is_counted_by_departement_and_need(desk: Desk) -> None:
    first = desk.waits()
    desk.passes(30)
    desk.waits(commune="05061")
    desk.waits(commune="29019", need=Need.MEDIATION, step=Step.OFFERED)
    desk.waits(commune="99999", need=None)
    desk.waits(commune=None, need=Need.EITHER)
    desk.waits(step=Step.NEED)
    desk.waits(step=Step.TALKING)
    desk.waits(step=Step.ENDED, ended_at=desk.at, outcome=Outcome.ABANDONED)
    desk.passes(5)

    found = load.waiting(desk.services)

    assert found.crowds == (
        Crowd("05", Need.PROCEDURES, 2, 0, first.started_at),
        Crowd(None, Need.EITHER, 2, 0, desk.at - timedelta(seconds=5)),
        Crowd("29", Need.MEDIATION, 1, 1, desk.at - timedelta(seconds=5)),
    )
    assert (found.count, found.ringing, found.since) == (5, 1, first.started_at)


def test_who_is_offered_to_one_agent_after_another_waits_all_along(small_desk: Desk) -> None:
    desk = small_desk
    desk.has(INES)
    agents.refresh(desk.services)
    desk.passes(60)
    caller, _ = desk.asks()
    asked = desk.at
    desk.passes(20)

    rung = load.waiting(desk.services)
    desk.ring_ends(caller, "no-answer")
    again = load.waiting(desk.services)

    assert (rung.count, rung.ringing, rung.since) == (1, 1, asked)
    assert (again.count, again.ringing, again.since) == (1, 0, asked)


def test_callbacks_are_kept_until_they_are_closed(desk: Desk) -> None:
    first = desk.keeps()
    desk.passes(600)
    desk.keeps(due_at=desk.at + timedelta(hours=1))
    desk.keeps(due_at=desk.at)

    assert load.kept(desk.services) == Kept(due=2, later=1, since=first.asked_at)


def test_a_day_is_that_of_the_moment_a_call_began(desk: Desk) -> None:
    before, just = MIDNIGHT + timedelta(milliseconds=1), MIDNIGHT
    for ago in (before, just, timedelta(hours=1)):
        began(desk, ago, Outcome.ANSWERED)
        began(desk, ago, Outcome.ABANDONED, lasts=5)
        began(desk, ago, Outcome.ABANDONED, lasts=4.9)
        began(desk, ago, Outcome.CALLBACK)
        began(desk, ago, Outcome.REJECTED, lasts=0)
        began(desk, ago, Outcome.AGENT)
        began(desk, ago, Outcome.CLOSED)
    desk.waits(step=Step.TALKING)
    desk.waits()
    began(desk, before, Outcome.ABANDONED, lasts=3600)

    assert load.today(desk.services) == Today(
        answered=3, callback=2, abandoned=2, abandoned_at_once=2
    )


def test_the_day_of_a_call_is_that_of_its_line(two_lines: Desk) -> None:
    """When it is ten in Paris it is one in the afternoon in Réunion: its day began earlier."""
    desk = two_lines
    reunion: dict[str, Any] = {"line": LineId("reunion")}
    began(desk, MIDNIGHT + timedelta(minutes=1), Outcome.ANSWERED)
    began(desk, MIDNIGHT + timedelta(minutes=1), Outcome.ABANDONED, **reunion)
    began(desk, AT_MIDNIGHT_OF_REUNION, Outcome.ABANDONED, **reunion)
    began(desk, AT_MIDNIGHT_OF_REUNION + timedelta(seconds=1), Outcome.ABANDONED, **reunion)
    began(desk, MIDNIGHT + timedelta(minutes=1), Outcome.CALLBACK, line=LineId("disparue"))
    began(desk, MIDNIGHT, Outcome.CALLBACK, line=LineId("disparue"))

    assert load.today(desk.services) == Today(answered=0, callback=1, abandoned=2)


def test_every_agent_is_counted_in_one_state(desk: Desk) -> None:
    _, malo, yann, *_ = desk.has(INES, MALO, YANN, ZOE, NOE, replace(GUY, slots="sat 09:00-12:00"))
    with desk.services.store.writing() as tx:
        tx.agents.pause(malo, Pause.BREAK, at=desk.at, until=desk.at + timedelta(minutes=15))
        tx.agents.put_aside(yann, Aside.NO_SUCH_NUMBER, at=desk.at)
    agents.refresh(desk.services)
    desk.passes(5)
    desk.asks()
    talking, _ = desk.asks()
    offer = desk.call(talking).offer
    assert offer is not None
    desk.presses_one(offer)

    found = load.staff(desk.services)

    assert found.live
    assert found.by_doing == dict.fromkeys(Doing, 0) | {
        Doing.FREE: 1,
        Doing.OFFERED: 1,
        Doing.TALKING: 1,
        Doing.PAUSED: 1,
        Doing.ASIDE: 1,
        Doing.OFF: 1,
    }


def test_agents_are_counted_as_the_queue_shows_them_even_without_redis(small_desk: Desk) -> None:
    desk = small_desk
    desk.has(INES, MALO, replace(GUY, slots="sat 09:00-12:00"))
    desk.asks()
    desk.forgets()

    found = load.staff(desk.services)

    shown = [each.doing for each in overview.look(desk.services).agents]
    assert not found.live
    assert found.by_doing == {doing: shown.count(doing) for doing in Doing}
    assert sum(found.by_doing.values()) == 3


def test_a_look_is_all_of_the_figures_together(small_desk: Desk) -> None:
    desk = small_desk
    desk.has(INES)
    desk.waits()
    desk.keeps()
    began(desk, timedelta(hours=1), Outcome.ANSWERED)

    found = load.look(desk.services)

    assert found.at == desk.at
    assert (found.waiting, found.kept) == (load.waiting(desk.services), load.kept(desk.services))
    assert (found.staff, found.today) == (load.staff(desk.services), load.today(desk.services))
    assert not found.outage


def test_a_look_asks_the_database_as_little_when_many_call(small_desk: Desk) -> None:
    desk, asked = small_desk, []
    desk.has(INES)

    def note(*event: Any) -> None:
        asked.append(event[2])

    sa.event.listen(desk.services.store.engine, "before_cursor_execute", note)
    load.look(desk.services)
    few = asked.copy()
    desk.has(MALO, YANN, ZOE, NOE, GUY)
    for _ in range(20):
        desk.waits()
        desk.keeps()
    asked.clear()
    load.look(desk.services)

    assert asked == few
    assert len([each for each in asked if each.startswith("SELECT")]) <= 13
    assert not [each for each in asked if "calls.number" in each or "callbacks.number" in each]
