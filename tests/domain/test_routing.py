"""Who is rung for whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.matches import Waiting, best_caller, urgency
from dispatcher.domain.reserves import PERCENT, Reserve
from dispatcher.domain.routing import HEAD_START, Basket, Candidate, Cause, Plan, plan, route
from dispatcher.domain.territories import FRANCE, Level, Territory

ORCIERES = Territory(Level.COMMUNE, "05096")
CHAMPSAUR = Territory(Level.EPCI, "200068096")
HAUTES_ALPES = Territory(Level.DEPARTEMENT, "05")
BOUCHES_DU_RHONE = Territory(Level.DEPARTEMENT, "13")
VAR = Territory(Level.DEPARTEMENT, "83")
HELD = timedelta(seconds=5)
PACA = Territory(Level.REGION, "93")
AROUND = (ORCIERES, CHAMPSAUR, HAUTES_ALPES, PACA, FRANCE)
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def agent(
    id: int, skillset: Skillset = Skillset.BOTH, *, idle: int = 10, near: int = 0
) -> Candidate:
    """Somebody free for ``idle`` minutes, who stands in the places from ``near`` outwards."""
    free_at = NINE - timedelta(minutes=idle)
    return Candidate(AgentId(id), skillset, AROUND[near:], free_at=free_at)


def lent(id: int, departement: Territory, *, idle: int | None = 10) -> Candidate:
    """Somebody of a département of the région; with a caller now when ``idle`` is None."""
    free_at = None if idle is None else NINE - timedelta(minutes=idle)
    return Candidate(AgentId(id), Skillset.BOTH, (departement, PACA, FRANCE), free_at=free_at)


def far_plan(percent: int) -> Plan:
    """The plan of somebody from Orcières who is held for somebody near."""
    kept = Reserve(((PACA, ("13", "83")), (FRANCE, ())), percent * PERCENT, NINE + HELD)
    return plan(AROUND, Need.PROCEDURES, offers_per_hour=12, reserve=kept)


def rung(board: list[Candidate], need: Need = Need.PROCEDURES) -> int | None:
    return route(plan(AROUND, need, offers_per_hour=12), board, at=NINE).agent


def test_the_nearest_is_rung_however_long_others_are_free() -> None:
    assert rung([agent(1, near=2, idle=60), agent(2, near=0, idle=1)]) == 2


def test_of_two_as_near_the_one_free_longest_is_rung() -> None:
    assert rung([agent(1, idle=5), agent(2, idle=20)]) == 2


def test_somebody_with_one_skill_is_rung_before_somebody_with_both() -> None:
    one, both = agent(1, Skillset.PROCEDURES, idle=1), agent(2, idle=60)

    assert rung([both, one]) == 1


def test_a_nearer_agent_with_both_skills_comes_before_a_farther_one_with_one() -> None:
    assert rung([agent(1, Skillset.PROCEDURES, near=2), agent(2, near=0)]) == 2


def test_a_mediator_takes_procedures_when_nobody_else_can_be_had() -> None:
    mediator, far = agent(1, Skillset.MEDIATION), agent(2, Skillset.PROCEDURES, near=4)

    assert rung([mediator, far]) == 2
    assert rung([mediator]) == 1


def test_nobody_for_procedures_takes_mediation() -> None:
    assert rung([agent(1, Skillset.PROCEDURES)], Need.MEDIATION) is None


def test_who_does_not_know_goes_to_either_a_mediator_first() -> None:
    procedures, mediator = agent(1, Skillset.PROCEDURES, idle=60), agent(2, Skillset.MEDIATION)

    assert rung([procedures, mediator], Need.EITHER) == 2
    assert rung([procedures], Need.EITHER) == 1


def test_everybody_passed_over_is_counted_by_cause() -> None:
    until_now = replace(agent(1), until=NINE)
    tried, capped = agent(2), replace(agent(3), offers_this_hour=12)
    elsewhere = replace(agent(4), excluded=frozenset({CHAMPSAUR}))
    resting = replace(agent(5), free_at=NINE + timedelta(seconds=1))
    asleep = replace(agent(6), awake_until=NINE)

    found = route(
        plan(AROUND, Need.MEDIATION, tried=[AgentId(2)], offers_per_hour=12),
        [until_now, tried, capped, elsewhere, resting, asleep],
        at=NINE,
    )

    assert found.agent is None
    causes = {cause for (basket, cause) in found.counts if basket == 1}
    assert causes == set(Cause) - {Cause.KEPT}


def test_a_far_caller_gets_an_agent_of_the_departement_that_can_best_spare_one() -> None:
    """However long the last idle one of the other has been free: they are for their own people."""
    last, with_somebody = lent(1, BOUCHES_DU_RHONE), lent(2, BOUCHES_DU_RHONE, idle=None)
    of_two = [lent(3, VAR), lent(4, VAR)]
    near = [lent(5, HAUTES_ALPES, idle=None)]

    assert route(far_plan(60), [last, with_somebody, *of_two, *near], at=NINE).agent == 3


def test_the_last_idle_agent_of_a_departement_is_kept_while_the_caller_is_held() -> None:
    board = [lent(1, BOUCHES_DU_RHONE), lent(2, BOUCHES_DU_RHONE, idle=None)]

    held = route(far_plan(50), board, at=NINE)

    in_the_region = far_plan(50).baskets.index(Basket(PACA, Skillset.BOTH))
    assert (held.agent, held.named) == (None, ())
    assert held.counts == {(in_the_region, Cause.KEPT): 1}
    assert route(far_plan(60), board, at=NINE).agent == 1, "within the limit"
    assert route(far_plan(50), board, at=NINE + HELD).agent == 1, "held long enough"


def test_who_stands_in_no_departement_is_kept_for_nobody() -> None:
    assert route(far_plan(0), [agent(1, near=3)], at=NINE).agent == 1


def test_a_plan_looks_in_every_place_before_it_asks_a_mediator_for_procedures() -> None:
    baskets = plan(AROUND, Need.PROCEDURES, offers_per_hour=12).baskets

    assert baskets[0] == Basket(ORCIERES, Skillset.PROCEDURES)
    assert [basket.skillset for basket in baskets[10:]] == [Skillset.MEDIATION] * 5


def waiting(id: str, minutes: float, around: tuple[Territory, ...] = AROUND) -> Waiting:
    since = NINE - timedelta(minutes=minutes)
    return Waiting(id, since, plan(around, Need.PROCEDURES, offers_per_hour=12))


def test_a_freed_agent_takes_a_neighbour_before_a_stranger_who_waited_a_little_longer() -> None:
    neighbour, stranger = waiting("neighbour", 1), waiting("stranger", 2, (FRANCE,))

    assert best_caller(agent(1), [stranger, neighbour], at=NINE) is neighbour


def test_the_agent_who_helped_before_comes_first_and_then_their_house() -> None:
    near, of_the_house, helper = agent(1, near=0), agent(2, near=2), agent(3, near=2)
    of_the_house = replace(of_the_house, places=(Territory.house("gap"), *of_the_house.places))
    wanted = plan(AROUND, Need.PROCEDURES, offers_per_hour=9, house="gap", helper=helper.id)

    taken = [
        route(wanted, board, at=NINE).agent
        for board in ([near, of_the_house, helper], [near, of_the_house], [near])
    ]

    assert taken == [helper.id, of_the_house.id, near.id]


def test_nobody_is_passed_by_somebody_who_came_long_after_them() -> None:
    head_start = HEAD_START[Level.COMMUNE].total_seconds() / 60
    stranger = waiting("stranger", 1 + head_start + 0.1, (FRANCE,))

    assert best_caller(agent(1), [stranger, waiting("neighbour", 1)], at=NINE) is stranger


def test_of_agents_freed_together_the_one_with_the_most_urgent_caller_looks_first() -> None:
    stranger, neighbour = waiting("stranger", 0.5, (FRANCE,)), waiting("neighbour", 0.4)
    near, far = agent(1, near=0), agent(2, near=2)

    near_first = urgency(near, [stranger, neighbour], at=NINE)
    far_after = urgency(far, [stranger, neighbour], at=NINE)

    assert near_first is not None
    assert far_after is not None
    assert near_first < far_after
    assert urgency(near, [], at=NINE) is None
