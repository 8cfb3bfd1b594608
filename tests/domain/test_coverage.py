"""Slots against opening hours: how many agents, where nobody, and what a change leaves open."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.agents import Need, Skillset
from dispatcher.domain.coverage import (
    Gap,
    Posted,
    Stretch,
    covered,
    gaps,
    opened,
    own_rows,
    stretches,
)
from dispatcher.domain.schedule import Cover
from dispatcher.domain.territories import FRANCE, Level, Territory
from dispatcher.domain.zones import Zones
from tests.domain.places import ATLAS
from tests.domain.test_agent_menu import ON

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
ALPES = Territory(Level.DEPARTEMENT, "05")
FINISTERE = Territory(Level.DEPARTEMENT, "29")


def at(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


def cover(start: float, end: float) -> Cover:
    return Cover(at(start), at(end))


def agent(
    *hours: tuple[float, float],
    skillset: Skillset = Skillset.BOTH,
    places: Iterable[Territory] = (ALPES, FRANCE),
) -> Posted:
    return Posted(frozenset(places), skillset, tuple(cover(*each) for each in hours))


def told(found: Iterable[Stretch]) -> list[tuple[float, float, int]]:
    hour = timedelta(hours=1)
    return [((s.start - MIDNIGHT) / hour, (s.end - MIDNIGHT) / hour, s.agents) for s in found]


def test_opening_hours_are_cut_where_the_number_of_agents_changes() -> None:
    opening = [cover(9, 12.5), cover(13.5, 18)]
    slots = [cover(8, 10), cover(9.5, 12), cover(11, 17), cover(20, 21)]

    assert told(stretches(opening, slots)) == [
        (9, 9.5, 1),
        (9.5, 10, 2),
        (10, 11, 1),
        (11, 12, 2),
        (12, 12.5, 1),
        (13.5, 17, 1),
        (17, 18, 0),
    ]


def test_one_who_takes_over_from_another_leaves_no_cut() -> None:
    assert told(stretches([cover(9, 12)], [cover(9, 10), cover(10, 12)])) == [(9, 12, 1)]


def test_without_opening_hours_there_is_nothing_to_cover() -> None:
    assert stretches([], [cover(9, 12)]) == []


def test_an_agent_counts_where_they_stand_and_for_what_they_can_do() -> None:
    rows = [
        (place, need) for place in (ALPES, FINISTERE) for need in (Need.PROCEDURES, Need.MEDIATION)
    ]
    posted = [agent((9, 11), skillset=Skillset.MEDIATION), agent((10, 12))]

    found = covered(rows, posted, [cover(9, 12)])

    assert told(found[ALPES, Need.PROCEDURES]) == [(9, 10, 0), (10, 12, 1)]
    assert told(found[ALPES, Need.MEDIATION]) == [(9, 10, 1), (10, 11, 2), (11, 12, 1)]
    assert told(found[FINISTERE, Need.MEDIATION]) == [(9, 12, 0)]
    assert next(gaps(found)) == Gap(ALPES, Need.PROCEDURES, at(9), at(10))
    assert {gap.territory for gap in gaps(found)} == {ALPES, FINISTERE}


def test_what_a_change_leaves_open_is_told_and_what_was_open_before_is_not() -> None:
    opening, row = [cover(9, 12)], (ALPES, Need.PROCEDURES)
    before = list(gaps(covered([row], [agent((9, 11))], opening)))
    after = list(gaps(covered([row], [agent((10, 11))], opening)))

    assert opened(before, after) == [Gap(*row, at(9), at(10))]
    assert opened(after, after) == []
    assert opened(after, before) == []


def test_of_a_gap_that_has_grown_the_new_part_is_told() -> None:
    row = (ALPES, Need.PROCEDURES)

    assert opened([Gap(*row, at(9), at(10))], [Gap(*row, at(8), at(12))]) == [
        Gap(*row, at(8), at(9)),
        Gap(*row, at(10), at(12)),
    ]


@pytest.mark.parametrize(
    ("zones", "named"),
    [
        ("commune:05096", ["epci:200068096", "departement:05"]),
        ("departement:05 departement:29", ["departement:05", "departement:29"]),
        ("region:93", ["region:93"]),
        ("commune:05096 region:53", ["epci:200068096", "departement:05", "region:53"]),
        ("commune:05096 strict", ["commune:05096"]),
        ("commune:05096 -departement:05", ["epci:200068096"]),
    ],
)
def test_an_agents_own_territories_are_their_departements_and_epci(
    zones: str, named: list[str]
) -> None:
    skills = {Need.MEDIATION: 1}
    agent = replace(ON, zones=Zones.parse(zones), skills=skills)

    assert own_rows(agent, ATLAS) == tuple(
        (Territory.parse(each), Need.MEDIATION) for each in named
    )


@given(
    st.lists(st.tuples(st.integers(0, 47), st.integers(1, 20)), max_size=8),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=3),
)
def test_at_any_moment_the_count_is_that_of_the_slots_it_lies_in(
    slots: list[tuple[int, int]], hours: list[tuple[int, int]]
) -> None:
    """Against looking at every half-hour one by one."""
    covers = [cover(s / 2, (s + length) / 2) for s, length in slots]
    opening, end = [], -1
    for start, length in sorted(hours):
        if start > end:
            opening.append(cover(start / 2, (start + length) / 2))
            end = start + length

    found = stretches(opening, covers)

    for half in range(140):
        moment = at(half / 2 + 0.25)
        counts = [s.agents for s in found if s.start <= moment < s.end]
        is_open = any(c.start <= moment < c.end for c in opening)
        expected = sum(c.start <= moment < c.end for c in covers)
        assert counts == ([expected] if is_open else [])
