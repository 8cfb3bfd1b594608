"""The board's own promises, one by one."""

from dataclasses import replace
from datetime import datetime

import pytest

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.matches import Waiting, best_caller
from dispatcher.domain.routing import FIRST_FOR_WHO_WAITS, Basket, Plan, plan
from dispatcher.domain.territories import FRANCE, Territory
from dispatcher.live import keys
from dispatcher.live.sight import Before
from tests.live.boards import (
    AROUNDS,
    GAP,
    HAUTES_ALPES,
    ISERE,
    MINUTE,
    NINE,
    ORCIERES,
    Floor,
    reserved,
    seconds,
    somebody,
    standing,
    wanted,
)

LATER = NINE + MINUTE


def ahead_of(floor: Floor, since: datetime) -> int:
    [ahead] = floor.board.before([Before(FRANCE, Need.PROCEDURES, since)])
    return ahead


def test_somebody_taken_from_the_line_is_before_nobody_any_more(floor: Floor) -> None:
    floor.has(somebody(1), somebody(2))
    for number, caller in enumerate(["CA1", "CA2", "CA3"]):
        floor.board.wait(caller, wanted(), since=NINE + seconds(number), at=NINE)
    assert ahead_of(floor, LATER) == 3

    assert floor.take("CA2", wanted()) == 1
    assert floor.match(somebody(2)) == "CA1"

    assert ahead_of(floor, LATER) == 1


def test_only_those_who_came_earlier_for_the_same_need_are_ahead(floor: Floor) -> None:
    floor.board.wait("CA1", wanted(), since=NINE, at=NINE)
    floor.board.wait("CA2", wanted(Need.MEDIATION), since=NINE - MINUTE, at=NINE)

    assert ahead_of(floor, NINE) == 0
    assert ahead_of(floor, NINE + seconds(0.001)) == 1


def test_whoever_waits_again_keeps_their_place(floor: Floor) -> None:
    floor.board.wait("CA1", wanted(), since=NINE, at=NINE)
    floor.board.wait("CA2", wanted(), since=NINE + seconds(1), at=NINE)
    floor.board.wait("CA1", wanted(), since=NINE, at=LATER)
    floor.has(somebody())

    assert floor.match(somebody(), at=LATER) == "CA1"


def test_of_two_who_count_as_having_waited_as_long_the_first_to_come_is_served(
    floor: Floor,
) -> None:
    agent = somebody(places=(ORCIERES, HAUTES_ALPES))
    near = Waiting("CA1", NINE, plan(AROUNDS[0], Need.PROCEDURES, offers_per_hour=9))
    far = Waiting("CA2", NINE - seconds(45), plan(AROUNDS[1], Need.PROCEDURES, offers_per_hour=9))
    floor.has(agent)
    for each in (near, far):
        floor.board.wait(each.id, each.plan, since=each.since, at=NINE)

    assert best_caller(agent, [near, far], at=NINE) is far
    assert floor.match(agent) == "CA2"


def test_an_agent_is_there_for_who_waits_before_they_are_for_everybody(floor: Floor) -> None:
    over = NINE + seconds(30)
    floor.has(somebody(free_at=over + FIRST_FOR_WHO_WAITS))

    assert floor.board.rested(at=over - seconds(0.001)) == []
    assert floor.match(somebody(), at=over - seconds(0.001)) is None
    assert floor.board.rested(at=over) == [(AgentId(1), Skillset.BOTH)]
    assert floor.board.rested(at=over) == []

    floor.board.wait("CA1", wanted(), since=NINE, at=over)
    assert floor.take("CA2", wanted(), at=over) is None
    assert floor.match(somebody(), at=over) == "CA1"


def test_somebody_off_duty_does_not_come_out_of_their_wrap_up(floor: Floor) -> None:
    floor.has(somebody())
    floor.board.off(AgentId(1))

    assert floor.board.rested(at=LATER) == []
    assert floor.take("CA1", wanted()) is None
    assert set(floor.redis.scan_iter()) == {keys.EPOCH.encode()}


def test_an_agent_with_a_caller_keeps_them_when_what_they_serve_changes(floor: Floor) -> None:
    floor.has(somebody())
    floor.take("CA1", wanted())

    floor.board.duty(standing(somebody(places=(GAP, FRANCE)), at=NINE), at=NINE)

    assert floor.take("CA2", wanted()) is None
    assert floor.board.free(AgentId(1), at=LATER, holder="CA1")
    found = floor.board.assign("CA2", wanted(), lease=LATER + MINUTE, at=LATER)
    assert (found.agent, found.basket) == (1, wanted().baskets.index(Basket(FRANCE, Skillset.BOTH)))


def test_duty_said_again_counts_nothing_anew(floor: Floor) -> None:
    agent = somebody(offers_this_hour=2)
    floor.has(agent)
    floor.take("CA1", wanted(cap=3))

    floor.has(agent, replace(agent, offers_this_hour=0))
    floor.board.free(AgentId(1), at=NINE)

    assert floor.take("CA2", wanted(cap=3)) is None
    assert floor.take("CA2", wanted(cap=4)) == 1


def test_offers_of_an_hour_ago_count_no_more(floor: Floor) -> None:
    floor.has(somebody(offers_this_hour=9))

    assert floor.take("CA1", wanted(cap=9)) is None
    assert floor.take("CA1", wanted(cap=9), at=NINE.replace(hour=10, minute=0)) == 1


def test_whoever_was_matched_is_looked_for_no_more_until_the_lease_is_over(floor: Floor) -> None:
    floor.has(somebody(1), somebody(2), somebody(3))
    floor.board.wait("CA1", wanted(), since=NINE, at=NINE)
    assert floor.match(somebody(1)) == "CA1"

    assert floor.take("CA1", wanted()) is None
    assert floor.match(somebody(2)) is None
    assert not floor.board.wait("CA1", wanted(), since=NINE, at=NINE)

    assert floor.board.wait("CA1", wanted(), since=NINE, at=NINE + MINUTE)
    assert floor.take("CA1", wanted(), at=NINE + MINUTE) == 2


def test_the_shape_tells_apart_places_that_others_serve_or_refuse(floor: Floor) -> None:
    floor.has(somebody(places=(ORCIERES, FRANCE), excluded=frozenset({GAP})))

    shape = floor.board.shape([ORCIERES, GAP, HAUTES_ALPES])

    assert shape[ORCIERES] == (False, False, True, False)
    assert shape[GAP] == (False, False, False, True)
    assert shape[HAUTES_ALPES] == (False,) * 4


def test_a_near_caller_has_a_head_start_and_no_more_than_that(floor: Floor) -> None:
    def first_served(earlier: float) -> str | None:
        """Who gets the agent when somebody far came so many seconds earlier."""
        empty = Floor.empty(floor.redis)
        empty.has(somebody())
        far = plan((FRANCE,), Need.PROCEDURES, offers_per_hour=9)
        empty.board.wait("CAnear", wanted(), since=NINE, at=NINE)
        empty.board.wait("CAfar", far, since=NINE - seconds(earlier), at=NINE)
        return empty.match(somebody())

    assert first_served(89) == "CAnear"
    assert first_served(91) == "CAfar"


def test_a_walk_misses_nobody_behind_those_who_were_taken(floor: Floor) -> None:
    """Old entries are cleared on the way, and what is behind them moves up."""
    everybody = [somebody(id, free_at=NINE - MINUTE + seconds(id / 10)) for id in range(1, 51)]
    floor.has(*everybody)
    for taken in range(1, 21):
        assert (
            floor.take(f"CA{taken}", plan((ORCIERES,), Need.PROCEDURES, offers_per_hour=9)) == taken
        )
    tried = frozenset(AgentId(id) for id in range(21, 50))

    far = plan((FRANCE,), Need.PROCEDURES, tried=tried, offers_per_hour=9)

    assert floor.take("CAfar", far) == 50


OLD_HOUSE, NEW_HOUSE = Territory.house("gap"), Territory.house("guillestre")


def wants(house: Territory) -> Plan:
    return plan((house,), Need.PROCEDURES, offers_per_hour=100)


def test_an_agent_freed_stands_in_their_house_again(floor: Floor) -> None:
    floor.has(somebody(1, places=(OLD_HOUSE, FRANCE)))
    assert floor.take("CA1", wants(OLD_HOUSE)) == 1

    floor.board.free(AgentId(1), at=NINE + seconds(1), holder="CA1")

    assert floor.take("CA2", wants(OLD_HOUSE), at=NINE + MINUTE) == 1


def test_an_agent_who_changes_house_stands_in_the_new_one_alone(floor: Floor) -> None:
    floor.has(somebody(1, places=(OLD_HOUSE, FRANCE)))

    floor.has(somebody(1, places=(NEW_HOUSE, FRANCE)))

    assert floor.take("CA1", wants(OLD_HOUSE)) is None
    assert floor.take("CA2", wants(NEW_HOUSE)) == 1


def test_an_agent_off_duty_is_no_helper_any_more(floor: Floor) -> None:
    floor.has(somebody(1))
    mine = plan((FRANCE,), Need.PROCEDURES, offers_per_hour=100, helper=AgentId(1))

    floor.board.off(AgentId(1))

    assert floor.take("CA1", mine) is None


@pytest.mark.parametrize("many", [3, 4, 5, 40])
def test_a_freed_agent_finds_who_they_may_have_behind_many_they_may_not(
    floor: Floor, many: int
) -> None:
    """Beyond what the script glances at, and beyond a page."""
    floor.has(somebody(1))
    for number in range(many):
        since = NINE - seconds(100 - number)
        floor.board.wait(
            f"CA{number:03}", wanted(tried=frozenset({AgentId(1)})), since=since, at=NINE
        )
    floor.board.wait("CA999", wanted(), since=NINE, at=NINE)

    assert floor.match(somebody(1)) == "CA999"


def test_who_is_held_for_somebody_near_is_left_by_whoever_is_freed_far_away(floor: Floor) -> None:
    far, near = somebody(1, places=(ISERE, FRANCE)), somebody(2)
    wide = somebody(3, places=(FRANCE,))
    floor.has(far, near, wide)
    until = NINE + seconds(5)
    held = replace(wanted(), reserve=reserved(AROUNDS[0], 0, until))
    for caller in ("CA1", "CA2", "CA3"):
        floor.board.wait(caller, held, since=NINE, at=NINE)

    assert floor.match(far, at=until - seconds(0.001)) is None
    assert floor.match(near) == "CA1"
    assert floor.match(wide) == "CA2", "who stands in no département is kept for nobody"
    assert floor.match(far, at=until) == "CA3"


def test_who_was_held_long_enough_is_told_once(floor: Floor) -> None:
    until = NINE + seconds(5)
    held = replace(wanted(), reserve=reserved(AROUNDS[0], 0, until))
    for caller in ("CA1", "CA2"):
        floor.board.wait(caller, held, since=NINE, at=NINE)
    floor.board.wait("CA3", held, since=NINE, at=until)
    floor.board.gone("CA2")

    assert floor.board.no_longer_held(at=until - seconds(0.001)) == []
    assert floor.board.no_longer_held(at=until) == ["CA1"]
    assert floor.board.no_longer_held(at=until) == []


def test_a_house_may_have_the_name_of_a_wide_place(floor: Floor) -> None:
    house = Territory.house("france")
    floor.has(somebody(places=(house, FRANCE)))
    kept = reserved((FRANCE,), 0)

    for around in ((house,), (FRANCE,)):
        wish = plan(around, Need.PROCEDURES, offers_per_hour=9, reserve=kept)
        assert floor.take("CA1", wish) == 1
        floor.board.free(AgentId(1), at=NINE, holder="CA1")
        floor.board.gone("CA1")
