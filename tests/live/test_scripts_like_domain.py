"""The scripts decide as the domain does, on any small board."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher.domain.agents import Need, Skillset
from dispatcher.domain.routing import Candidate, Plan, Waiting, best_caller, plan, route, urgency
from tests.live.boards import (
    AROUNDS,
    IDS,
    MINUTE,
    NINE,
    PLACES,
    Floor,
    boards,
    candidates,
    plans,
    seconds,
    somebody,
)

same_redis = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


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
        wish = plan(wish.around, wish.need, tried=wish.tried, offers_per_hour=cap)
        waiting.append(Waiting(f"CA{number}", NINE + seconds(since), wish))
        assert floor.board.wait(f"CA{number}", wish, since=waiting[-1].since, at=NINE)

    urgent = floor.board.urgency(agent.id, agent.skillset, cap=cap, at=NINE)
    found = floor.match(agent, cap=cap)

    free = agent.free_at is not None
    best = best_caller(agent, waiting, at=NINE) if free else None
    assert found == (best.id if best else None)
    assert urgent == (urgency(agent, waiting, at=NINE) if free else None)


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
