"""The simulated day agrees with what is known in closed form, and counts what it says."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from statistics import fmean, stdev

import pytest
from redis import Redis

from bench.erlang import abandoned, blocked
from bench.policies import CEILING, LENDING, NEAREST, POOL, Lends, Policy
from bench.scenario import HOUR, PATIENCE, SECOND, TALK, Arrival, Post, Scenario, drawn
from bench.simulation import Day
from bench.tally import Shares, Tally
from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.territories import FRANCE, Level, Territory
from tests import office

AGENTS, LOAD = 6, 6.0
LOST = replace(POOL, waits=False)
HAUTES_ALPES = Territory(Level.DEPARTEMENT, "05")
ISERE = Territory(Level.DEPARTEMENT, "38")


def memoryless(seed: int, *, hours: int = 60) -> Scenario:
    """A desk of one skill where talk is exponential too: the models of the closed forms."""
    dice, at, arrivals = Random(seed), 0.0, []
    while (at := at + dice.expovariate(LOAD / TALK)) < hours * HOUR:
        talk, patience = dice.expovariate(1 / TALK), dice.expovariate(1 / PATIENCE)
        arrivals.append(
            Arrival(round(at), (FRANCE,), Need.PROCEDURES, round(talk), round(patience))
        )
    posts = [Post(AgentId(n), Skillset.PROCEDURES, (FRANCE,)) for n in range(1, AGENTS + 1)]
    return Scenario(tuple(posts), tuple(arrivals), 2 * HOUR, hours * HOUR)


@pytest.mark.parametrize("policy", [LOST, POOL], ids=["Erlang B", "Erlang A"])
def test_who_is_lost_is_as_many_as_the_closed_form_says(redis_url: str, policy: Policy) -> None:
    erlang_b, erlang_a = blocked(AGENTS, LOAD), abandoned(AGENTS, LOAD, PATIENCE / TALK)
    expected = erlang_b if policy is LOST else erlang_a

    with Redis.from_url(redis_url) as redis:
        lost = [_lived(redis, memoryless(seed), policy).lost for seed in range(4)]

    assert abs(fmean(lost) - expected) <= 2 * stdev(lost) / len(lost) ** 0.5


def test_the_nearest_meet_more_often_and_nobody_waits_longer_for_it(redis_url: str) -> None:
    day = drawn(1, agents=300, load=0.7, warm_up=HOUR // 4, measured=HOUR // 4)

    with Redis.from_url(redis_url) as redis:
        pool, nearest, ceiling = (_lived(redis, day, each) for each in (POOL, NEAREST, CEILING))

    assert pool.local < 0.1
    assert 0.4 < nearest.local < 1 - ceiling.lost
    assert pool.soon == nearest.soon == 1


def test_what_is_measured_is_what_a_line_does_that_sets_nothing() -> None:
    line = office.line()

    assert LENDING.lends == Lends(line.lend_up_to, line.hold_seconds * SECOND)


def test_the_cheapest_first_and_the_last_kept_meet_more_often_than_the_nearest(
    redis_url: str,
) -> None:
    day = drawn(1, agents=300, load=0.8, warm_up=HOUR // 2, measured=HOUR // 2)

    with Redis.from_url(redis_url) as redis:
        nearest, lending = (_lived(redis, day, each) for each in (NEAREST, LENDING))

    assert lending.local > nearest.local + 0.03
    assert lending.lost < 0.01


def test_a_day_is_drawn_alike_by_the_same_seed_alone() -> None:
    one, same, other = (drawn(seed, agents=3, load=0.5, measured=0) for seed in (1, 1, 2))

    assert one == same != other


def test_only_who_rang_in_the_measured_hours_counts_and_only_what_was_talked_in_them() -> None:
    first, second = (Post(AgentId(n), Skillset.BOTH, (HAUTES_ALPES, FRANCE)) for n in (1, 2))
    tally = Tally(Scenario((first, second), (), measured_from=HOUR, ends=2 * HOUR))

    tally.served(_from(ISERE, at=0, talk=HOUR + HOUR // 2), first, at=0)
    tally.served(_from(HAUTES_ALPES, at=HOUR, talk=2 * HOUR), second, at=HOUR + 20 * SECOND)
    tally.served(_from(ISERE, at=HOUR, talk=0), second, at=HOUR + 21 * SECOND)
    tally.lost(_from(ISERE, at=HOUR))
    tally.lost(_from(ISERE, at=HOUR - 1))

    shares = tally.shares
    assert (shares.local, shares.soon, shares.lost) == (1 / 2, 1 / 3, 1 / 3)
    assert shares.wait == pytest.approx(20.5)


def _from(place: Territory, *, at: int, talk: int = 0) -> Arrival:
    return Arrival(at, (place, FRANCE), Need.PROCEDURES, talk, 0)


def _lived(redis: Redis, scenario: Scenario, policy: Policy) -> Shares:
    return Day(redis, scenario, policy, rest=timedelta(0)).lived().shares
