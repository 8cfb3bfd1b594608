"""When an agent may be rung, and what their latest offers bring them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.agents import (
    PAUSE_AFTER_MISSES,
    Agent,
    AgentId,
    Aside,
    ComesOn,
    Need,
    Past,
    Pause,
    Rests,
    Skillset,
    aside_due,
    pause_due,
)
from dispatcher.domain.channels import Channel
from dispatcher.domain.schedule import ALWAYS
from dispatcher.domain.zones import Zones
from tests.timetables import weekly

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday; ten in Paris
INES = Agent(
    id=AgentId(1),
    name="Ines",
    structure="orcieres",
    skills={Need.PROCEDURES: 2},
    zones=Zones(),
    slots=weekly("tue 09:00-12:00"),
    timezone="Europe/Paris",
    automatic=True,
    reachable=True,
)
MISSED, DENIED = Past(missed=True, no_such_number=False), Past(missed=False, no_such_number=True)
FINE = Past(missed=False, no_such_number=False)


def test_an_agent_is_on_until_the_end_of_their_slot() -> None:
    assert INES.on_until(NINE) == NINE + timedelta(hours=2)
    assert INES.on_until(NINE + timedelta(hours=2)) is None


def test_slots_are_meant_in_the_agents_own_time() -> None:
    in_reunion = replace(INES, slots=weekly("tue 09:00-12:00", "Indian/Reunion"))

    assert in_reunion.on_until(NINE) is None
    assert in_reunion.on_until(NINE - timedelta(hours=2)) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"automatic": False},
        {"reachable": False},
        {"aside": Aside.NO_SUCH_NUMBER},
        {"aside": Aside.FORWARDED_TO_US},
        {"paused_until": NINE + timedelta(seconds=1)},
        {"skills": {}},
        {"slots": weekly()},
    ],
)
def test_whatever_keeps_an_agent_from_being_rung(change: dict[str, object]) -> None:
    assert replace(INES, **change).on_until(NINE) is None  # type: ignore[arg-type]


def test_a_pause_that_is_over_is_none() -> None:
    assert replace(INES, paused_until=NINE).on_until(NINE) is not None


@pytest.mark.parametrize("automatic", [True, False])
@pytest.mark.parametrize("slots", ["tue 14:00-15:00", "tue 09:00-12:00"])
def test_somebody_who_came_on_is_on_by_their_word_or_to_the_end_of_a_later_slot(
    slots: str, automatic: bool
) -> None:
    came_on = replace(
        INES,
        slots=weekly(slots),
        automatic=automatic,
        came_on_until=NINE + timedelta(hours=1),
    )

    in_a_slot_of_theirs = automatic and slots.startswith("tue 09")
    assert came_on.on_until(NINE) == NINE + timedelta(hours=2 if in_a_slot_of_theirs else 1)
    assert replace(came_on, slots=weekly()).on_until(NINE + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"paused_until": NINE + timedelta(seconds=1)},
        {"aside": Aside.NO_SUCH_NUMBER},
        {"reachable": False},
        {"skills": {}},
    ],
)
def test_a_word_is_worth_nothing_of_somebody_paused_or_who_cannot_be_rung(
    change: dict[str, object],
) -> None:
    came_on = replace(INES, came_on_until=NINE + timedelta(hours=8), **change)  # type: ignore[arg-type]

    assert came_on.on_until(NINE) is None


@pytest.mark.parametrize(
    ("slots", "hours"),
    [
        ("", 2),
        ("tue 09:00-10:30", 0.5),  # they are in it
        ("tue 09:00-18:00", 8),
        ("tue 11:00-15:00", 5),  # it begins meanwhile: theirs to its end
        ("tue 12:00-15:00", 5),
        ("tue 12:01-15:00", 2),
        ("tue 10:30-11:30", 2),
        (ALWAYS, 14),  # no end: the day's
    ],
)
def test_until_when_somebody_comes_on(slots: str, hours: float) -> None:
    agent = replace(INES, slots=weekly(slots), automatic=False)

    assert agent.comes_on(NINE) == ComesOn(NINE + timedelta(hours=hours))


def test_a_word_already_given_is_not_cut_short() -> None:
    agent = replace(INES, slots=weekly(), came_on_until=NINE + timedelta(hours=5))

    assert agent.comes_on(NINE) == ComesOn(NINE + timedelta(hours=5))


@pytest.mark.parametrize(
    ("zone", "at", "midnight"),
    [
        ("Europe/Paris", NINE, NINE + timedelta(hours=14)),
        ("Indian/Reunion", NINE, NINE + timedelta(hours=11)),
        ("Europe/Paris", datetime(2027, 3, 27, 23, 30, tzinfo=UTC), None),  # a day of 23 hours
    ],
)
def test_a_day_that_is_over_is_over_until_midnight_where_they_are(
    zone: str, at: datetime, midnight: datetime | None
) -> None:
    agent = replace(INES, timezone=zone)

    ends = midnight or datetime(2027, 3, 28, 22, tzinfo=UTC)
    assert agent.rests(Pause.DAY_OVER, at) == Rests(Pause.DAY_OVER, ends)


def test_a_word_given_after_a_conversation_cuts_its_wrap_up() -> None:
    wrap_up = timedelta(seconds=30)

    for since, rested in ((None, 30), (-1, 30), (0, 0), (5, 0)):
        judged = None if since is None else NINE + timedelta(seconds=since)
        agent = replace(INES, judged_since=judged)
        assert agent.rested_at(NINE, wrap_up) == NINE + timedelta(seconds=rested)


def test_somebody_always_on_is_looked_at_again_and_the_moment_stands_still_all_day() -> None:
    """A moment that moved with the clock would be written to the board at every check."""
    always = replace(INES, slots=weekly(ALWAYS))

    moments = {always.on_until(NINE + timedelta(minutes=minutes)) for minutes in range(0, 600, 60)}

    assert len(moments) == 1
    assert moments.pop() or NINE + timedelta(hours=24) < NINE


@pytest.mark.parametrize(
    ("needs", "skillset"),
    [
        ([Need.PROCEDURES], Skillset.PROCEDURES),
        ([Need.MEDIATION], Skillset.MEDIATION),
        ([Need.MEDIATION, Need.PROCEDURES], Skillset.BOTH),
        ([], None),
    ],
)
def test_what_somebody_can_do(needs: list[Need], skillset: Skillset | None) -> None:
    assert Skillset.of(needs) is skillset


@pytest.mark.parametrize(
    ("latest", "paused"),
    [
        ([], False),
        ([MISSED], False),
        ([MISSED, MISSED], True),
        ([MISSED, FINE, MISSED], False),
        ([FINE, MISSED, MISSED], False),
        ([MISSED, MISSED, FINE], True),
    ],
)
def test_two_misses_in_a_row_are_a_pause(latest: list[Past], paused: bool) -> None:
    assert pause_due(latest, at=NINE) == (NINE + PAUSE_AFTER_MISSES if paused else None)


@pytest.mark.parametrize(
    ("latest", "aside"),
    [
        ([DENIED], False),
        ([DENIED, DENIED], True),
        ([DENIED, FINE, DENIED], False),
        ([MISSED, DENIED, DENIED], False),
    ],
)
def test_two_denials_in_a_row_put_a_number_aside(latest: list[Past], aside: bool) -> None:
    assert aside_due(latest) is aside


@pytest.mark.parametrize(
    ("change", "ringable", "on_a_page"),
    [
        ({}, True, False),
        ({"channel": Channel.EITHER}, True, False),
        ({"channel": Channel.BROWSER}, True, True),
        ({"channel": Channel.EITHER, "reachable": False}, True, True),
        ({"channel": Channel.EITHER, "aside": Aside.NO_SUCH_NUMBER}, True, True),
        ({"channel": Channel.TELEPHONE, "reachable": False}, False, False),
        ({"channel": Channel.BROWSER, "skills": {}}, False, False),
    ],
)
def test_whoever_has_no_telephone_that_may_ring_is_rung_on_their_page_alone(
    change: dict[str, object], ringable: bool, on_a_page: bool
) -> None:
    agent = replace(INES, **change)  # type: ignore[arg-type]

    assert (agent.ringable, agent.on_a_page) == (ringable, on_a_page)
