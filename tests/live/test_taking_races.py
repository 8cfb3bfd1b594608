"""Many hands reach at once: nobody is taken twice. Real threads, a real Redis, a connection each."""

from datetime import timedelta
from functools import partial
from itertools import count

from redis import Redis

from dispatcher.domain.agents import AgentId
from dispatcher.live import keys
from tests.hands import hands
from tests.live.boards import AROUNDS, MINUTE, NINE, Floor, seconds, somebody, wanted

ROUNDS = 60
HANDS = 6


def test_six_callers_at_once_take_three_agents_once_each(floor: Floor) -> None:
    with hands() as together:
        for _ in range(ROUNDS):
            Floor.empty(floor.redis).has(*map(somebody, (1, 2, 3)))

            taken = together(partial(floor.take, f"CA{n}", wanted()) for n in range(HANDS))

            assert sorted(agent for agent in taken if agent) == [1, 2, 3]


def test_the_same_request_twice_at_once_takes_one_agent(floor: Floor) -> None:
    with hands() as together:
        for _ in range(ROUNDS):
            Floor.empty(floor.redis).has(*map(somebody, (1, 2, 3)))

            taken = together([partial(floor.take, "CA1", wanted())] * HANDS)

            assert len([agent for agent in taken if agent]) == 1


def test_callers_and_freed_agents_looking_for_each_other_at_once_make_pairs(floor: Floor) -> None:
    with hands() as together:
        for _ in range(ROUNDS):
            agents = [somebody(id) for id in (1, 2, 3, 4)]
            Floor.empty(floor.redis).has(*agents)
            callers = [f"CA{n}" for n in range(5)]
            for number, caller in enumerate(callers):
                floor.board.wait(caller, wanted(), since=NINE - seconds(number), at=NINE)

            found = together(
                [*(partial(floor.take, caller, wanted()) for caller in callers)]
                + [*(partial(floor.match, agent) for agent in agents)]
            )

            held = floor.board.holders(agent.id for agent in agents)
            holders = [holder for holder, _ in held.values()]
            assert len(set(holders)) == len(holders) == 4, "one caller has two agents"
            by_caller = {c: a for c, a in zip(callers, found, strict=False) if a}
            by_agent = {c: a.id for c, a in zip(found[len(callers) :], agents, strict=True) if c}
            assert not by_caller.keys() & by_agent.keys()
            assert {**by_caller, **by_agent} == {held[id][0]: id for id in held}


def test_a_late_word_frees_nobody_whom_somebody_else_holds_by_then(floor: Floor) -> None:
    with hands() as together:
        for _ in range(ROUNDS):
            Floor.empty(floor.redis).has(somebody(1))
            assert floor.take("CA1", wanted()) == 1
            end = partial(floor.board.free, AgentId(1), at=NINE, holder="CA1")

            freed = together([end, end, partial(floor.take, "CA2", wanted())])

            assert [done is True for done in freed[:2]].count(True) == 1
            (holder, _), *_ = floor.board.holders([AgentId(1)]).values()
            assert holder == ("CA2" if freed[2] else "")


def test_these_hands_do_catch_somebody_who_reads_first_and_writes_after(floor: Floor) -> None:
    """Without this, the tests above could be green because nothing ever met."""

    def read_then_write(caller: str) -> AgentId | None:
        for id in floor.redis.zrange(f"{keys.TAG}idle:{AROUNDS[0][0]}:both", 0, -1):
            key = keys.agent(int(id))  # type: ignore[arg-type]
            if floor.redis.hget(key, "free"):
                floor.redis.hset(key, mapping={"free": "", "holder": caller})
                return AgentId(int(id))  # type: ignore[arg-type]
        return None

    with hands() as together:
        for attempt in count():
            Floor.empty(floor.redis).has(*map(somebody, (1, 2, 3)))
            taken = together(partial(read_then_write, f"CA{n}") for n in range(HANDS))
            agents = [agent for agent in taken if agent]
            if len(set(agents)) < len(agents):
                break
            assert attempt < 1000


def test_a_line_starts_no_more_calls_at_once_than_the_carrier_allows(floor: Floor) -> None:
    with hands() as together:
        for second in range(ROUNDS):
            start = partial(floor.board.may_start, "principale", per_second=2)
            at = NINE + seconds(second)
            halves = [at, at + timedelta(milliseconds=500)]

            allowed = [together([partial(start, at=half)] * HANDS) for half in halves]

            assert [answers.count(True) for answers in allowed] == [1, 1]


def test_the_bucket_of_one_line_is_not_that_of_another(redis_client: Redis, floor: Floor) -> None:
    assert floor.board.may_start("principale", per_second=1, at=NINE)
    assert floor.board.may_start("annexe", per_second=1, at=NINE)
    assert not floor.board.may_start("annexe", per_second=1, at=NINE + seconds(0.999))
    assert floor.board.may_start("annexe", per_second=1, at=NINE + MINUTE)
    assert 0 < redis_client.pttl(keys.bucket("annexe")) <= keys.BUCKET_MILLISECONDS
