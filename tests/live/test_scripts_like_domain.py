"""The scripts decide as the domain does, on any small board."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.matches import Waiting, best_caller, urgency
from dispatcher.domain.reserves import price
from dispatcher.domain.routing import Candidate, Plan, plan, route
from dispatcher.domain.territories import FRANCE
from tests.live.boards import (
    AROUNDS,
    BOUCHES_DU_RHONE,
    IDS,
    ISERE,
    MINUTE,
    NINE,
    PACA,
    PLACES,
    Floor,
    boards,
    candidates,
    plans,
    reserved,
    seconds,
    somebody,
)

same_redis = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])

FARTHER = (
    (BOUCHES_DU_RHONE, PACA, FRANCE),
    (ISERE, FRANCE),
    (BOUCHES_DU_RHONE,),
    (BOUCHES_DU_RHONE, ISERE, PACA, FRANCE),
    (PACA, FRANCE),
)


def beyond(id: AgentId) -> st.SearchStrategy[Candidate]:
    """Somebody on in another département, or in none."""
    free = st.none() | st.just(NINE) | st.just(NINE + seconds(1)) | st.just(NINE - seconds(1))
    return st.builds(
        Candidate,
        id=st.just(id),
        skillset=st.sampled_from(Skillset),
        places=st.sampled_from(FARTHER),
        free_at=free,
        until=st.just(NINE + MINUTE),
    )


held_plans = st.builds(
    lambda need, percent, until: plan(
        AROUNDS[0], need, offers_per_hour=9, reserve=reserved(AROUNDS[0], percent, until)
    ),
    st.sampled_from(Need),
    st.sampled_from([0, 35, 45, 60, 100]),
    st.sampled_from([NINE, NINE + MINUTE]),
)


@same_redis
@given(board=boards, plan=plans)
def test_the_script_takes_whom_the_domain_would_and_for_the_same_reasons(
    floor: Floor, board: tuple[Candidate, ...], plan: Plan
) -> None:
    floor = Floor.empty(floor.redis)
    floor.has(*board)

    taken = floor.board.assign("CA1", plan, lease=NINE + MINUTE, at=NINE)

    assert taken == route(plan, board, at=NINE)


@same_redis
@given(
    agent=candidates(IDS[0]) | st.just(somebody(places=PLACES)),
    callers=st.lists(
        st.tuples(plans, st.integers(-24, 0).map(lambda fives: 5 * fives)), max_size=6
    ),
)
def test_a_freed_agent_gets_the_caller_whom_the_domain_would_give_them(
    floor: Floor, agent: Candidate, callers: list[tuple[Plan, int]]
) -> None:
    floor, cap = Floor.empty(floor.redis), 3
    floor.has(agent)
    waiting = []
    for number, (wish, since) in enumerate(callers):
        wish = replace(wish, offers_per_hour=cap)
        waiting.append(Waiting(f"CA{number}", NINE + seconds(since), wish))
        assert floor.board.wait(f"CA{number}", wish, since=waiting[-1].since, at=NINE)

    urgent = floor.board.urgency(agent.id, agent.skillset, cap=cap, at=NINE)
    found = floor.match(agent, cap=cap)

    free = agent.free_at is not None
    best = best_caller(agent, waiting, at=NINE) if free else None
    assert found == (best.id if best else None)
    assert urgent == (urgency(agent, waiting, at=NINE) if free else None)


@same_redis
@given(board=st.tuples(*(beyond(id) for id in IDS)), plan=held_plans)
def test_the_cheapest_departement_lends_to_script_and_domain_alike(
    floor: Floor, board: tuple[Candidate, ...], plan: Plan
) -> None:
    """Nobody near: all hangs on what départements may spare."""
    floor = Floor.empty(floor.redis)
    floor.has(*board)

    for number in range(len(board)):
        expected = route(plan, board, at=NINE)
        assert floor.board.assign(f"CA{number}", plan, lease=NINE + MINUTE, at=NINE) == expected
        board = tuple(
            replace(each, free_at=None, offers_this_hour=each.offers_this_hour + 1)
            if each.id == expected.agent
            else each
            for each in board
        )


def test_a_large_departement_has_the_same_price_in_both(floor: Floor) -> None:
    """Larger than any that is priced exactly, and some idle agents on either side of the limit."""
    board = [
        somebody(id, places=(BOUCHES_DU_RHONE, PACA, FRANCE), free_at=NINE if id <= 4 else None)
        for id in range(1, 121)
    ]
    floor.has(*board)
    cost = price(120, 4)

    for limit, expected in ((cost, 1), (cost - 1, None)):
        kept = replace(reserved(AROUNDS[0], 0), limit=limit)
        wish = plan(AROUNDS[0], Need.MEDIATION, offers_per_hour=9, reserve=kept)
        assert floor.board.assign("CA1", wish, lease=NINE, at=NINE).agent == expected
        floor.board.free(AgentId(1), at=NINE)


def test_both_walk_past_more_agents_than_one_page_holds(floor: Floor) -> None:
    board = [
        Candidate(
            id=IDS[0].__class__(number),
            skillset=Skillset.BOTH,
            places=AROUNDS[0],
            free_at=NINE - seconds(number % 7),
            offers_this_hour=0 if number == 90 else 9,
        )
        for number in range(1, 100)
    ]
    floor.has(*board)
    wish = plan(AROUNDS[0], Need.PROCEDURES, offers_per_hour=9)

    taken = floor.board.assign("CA1", wish, lease=NINE + MINUTE, at=NINE)

    expected = route(wish, board, at=NINE)
    assert expected.agent == 90
    assert taken == expected
    assert len(taken.named) == 12


def test_many_who_rest_are_all_named_up_to_a_score(floor: Floor) -> None:
    """More than the script glances at first."""
    board = [somebody(id, free_at=NINE + seconds(id)) for id in range(1, 31)]
    floor.has(*board)
    wish = plan(board[0].places[:1], Need.PROCEDURES, offers_per_hour=9)

    assert floor.board.assign("CA1", wish, lease=NINE + MINUTE, at=NINE) == route(
        wish, board, at=NINE
    )
