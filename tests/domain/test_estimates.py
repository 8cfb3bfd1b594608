"""How long a wait will be, told as a range that mostly holds."""

import random
from datetime import timedelta

import pytest

from dispatcher.domain.agents import Need, Skillset
from dispatcher.domain.estimates import (
    USUAL,
    Expected,
    Range,
    Ring,
    expected,
    handling,
    paces,
    wait_for,
)
from dispatcher.domain.territories import FRANCE, Level, Territory

GAP = Territory(Level.COMMUNE, "05061")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("ahead", [0, 1, 4, 20])
def test_the_range_holds_eight_times_in_ten(ahead: int) -> None:
    """Against the law itself: agents freed at random, so many before this caller."""
    dice = random.Random(1)
    told = wait_for(ahead, MINUTE)

    lived = [sum(dice.expovariate(1) for _ in range(ahead + 1)) * MINUTE for _ in range(4000)]
    inside = sum(told.low <= wait <= told.high for wait in lived) / len(lived)

    assert 0.77 <= inside <= 0.83


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0, 30, (0, 2)),
        (70, 200, (1, 4)),
        (400, 590, (6, 10)),
        (610, 1300, (10, 25)),
        (60, 3700, None),
    ],
)
def test_minutes_are_rounded_away_from_a_promise(
    low: int, high: int, told: tuple[int, int] | None
) -> None:
    assert Range(timedelta(seconds=low), timedelta(seconds=high)).minutes == told


def test_a_call_takes_as_long_as_was_measured_and_little_was_measured_weighs_little() -> None:
    assert handling(timedelta(0), 0) == USUAL
    assert handling(timedelta(minutes=2), 1) == (USUAL * 5 + timedelta(minutes=2)) / 6
    assert handling(timedelta(minutes=400), 100) < timedelta(minutes=5)


def test_agents_who_take_a_need_as_a_last_resort_count_where_there_are_no_others() -> None:
    one_call = dict.fromkeys(Need, timedelta(minutes=10))

    alone = paces({Skillset.MEDIATION: 2}, one_call)
    with_one = paces({Skillset.MEDIATION: 2, Skillset.PROCEDURES: 1}, one_call)

    assert alone[Need.PROCEDURES] == timedelta(minutes=5)
    assert with_one[Need.PROCEDURES] == timedelta(minutes=10)
    assert paces({}, one_call)[Need.EITHER] is None
    assert paces({Skillset.PROCEDURES: 1}, one_call)[Need.MEDIATION] is None


def test_the_ring_that_is_quickest_is_told() -> None:
    near = Ring(GAP, {Skillset.BOTH: 1}, timedelta(minutes=12))
    wide = Ring(FRANCE, {Skillset.BOTH: 40}, timedelta(seconds=18))

    assert expected([(near, 0), (wide, 30)]) == Expected(30, wait_for(30, timedelta(seconds=18)))
    assert expected([(near, 0), (wide, 200)]) == Expected(0, wait_for(0, timedelta(minutes=12)))
    assert expected([(Ring(GAP, {}, None), 0)]) is None


def test_whose_needs_an_agent_looks_at_as_soon_are_rivals() -> None:
    both = Ring(GAP, {Skillset.BOTH: 1, Skillset.MEDIATION: 0}, MINUTE)
    single = Ring(GAP, {Skillset.PROCEDURES: 1}, MINUTE)

    assert set(both.rivals(Need.PROCEDURES)) == set(Need)
    assert set(single.rivals(Need.PROCEDURES)) == {Need.PROCEDURES, Need.EITHER}
