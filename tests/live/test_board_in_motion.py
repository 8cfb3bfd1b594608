"""A board through a whole morning of takes, ends, arrivals and departures, beside a model of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from redis import Redis

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.matches import Waiting, best_caller
from dispatcher.domain.routing import Candidate, Plan, plan, route
from dispatcher.domain.territories import FRANCE
from dispatcher.live import keys
from dispatcher.live.sight import Before
from tests.live.boards import (
    AROUNDS,
    BOUCHES_DU_RHONE,
    HAUTES_ALPES,
    IDS,
    ISERE,
    MINUTE,
    NINE,
    Floor,
    candidates,
    documented,
    reserved,
    seconds,
)

CALLERS = ("CA1", "CA2", "CA3", "callback:1")
HOMES = dict(zip(CALLERS, (AROUNDS[0], AROUNDS[1], AROUNDS[0], AROUNDS[2]), strict=True))
NEEDS = dict(
    zip(CALLERS, (Need.PROCEDURES, Need.EITHER, Need.MEDIATION, Need.PROCEDURES), strict=True)
)
CAP = 3
ids = st.sampled_from(IDS[:4])
callers = st.sampled_from(CALLERS)
tried = st.frozensets(ids, max_size=1)


@dataclass
class Model:
    """What the board should hold."""

    agents: dict[AgentId, Candidate] = field(default_factory=dict)
    holders: dict[AgentId, str] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    taken_until: dict[str, datetime] = field(default_factory=dict)
    hour: int = 0

    def took(self, agent: AgentId, caller: str, *, until: datetime) -> None:
        was = self.agents[agent]
        self.agents[agent] = replace(was, free_at=None, offers_this_hour=was.offers_this_hour + 1)
        self.holders[agent] = caller
        self.taken_until[caller] = until
        self.waiting.pop(caller, None)

    def is_taken(self, caller: str, at: datetime) -> bool:
        return self.taken_until.get(caller, at) > at


class Morning(RuleBasedStateMachine):
    """Each step is done to the board and to the model, and both must say the same."""

    redis: Redis

    def __init__(self) -> None:
        super().__init__()
        self.floor = Floor.empty(self.redis)
        self.at = NINE
        self.model = Model()

    @rule(passed=st.sampled_from([0.001, 5, 59, 61, 1800]))
    def time_passes(self, passed: float) -> None:
        before, self.at = self.at, self.at + seconds(passed)
        if before.hour != self.at.hour:
            for id, agent in self.model.agents.items():
                self.model.agents[id] = replace(agent, offers_this_hour=0)

    @rule(id=ids, data=st.data())
    def comes_on_duty_or_serves_something_else(self, id: AgentId, data: st.DataObject) -> None:
        told = replace(
            data.draw(candidates(id)), free_at=self.at, until=self.at + timedelta(hours=2)
        )
        if told.awake_until is not None:
            told = replace(told, awake_until=self.at + (told.awake_until - NINE))
        was = self.model.agents.get(id)
        self.floor.has(told, at=self.at)
        kept = (
            told
            if was is None
            else replace(told, free_at=was.free_at, offers_this_hour=was.offers_this_hour)
        )
        self.model.agents[id] = kept

    @rule(id=ids)
    def goes_off_duty(self, id: AgentId) -> None:
        self.floor.board.off(id)
        self.model.agents.pop(id, None)
        self.model.holders.pop(id, None)

    @rule(caller=callers, tried=tried, held=st.booleans())
    def looks_for_somebody(self, caller: str, tried: frozenset[AgentId], held: bool) -> None:
        wish = self.wish(caller, tried, held)
        found = self.floor.board.assign(caller, wish, lease=self.at + MINUTE, at=self.at)
        if self.model.is_taken(caller, self.at):
            assert found.agent is None
            return
        assert found == route(wish, self.model.agents.values(), at=self.at)
        if found.agent is not None:
            self.model.took(found.agent, caller, until=self.at + MINUTE)

    @rule(caller=callers, tried=tried, earlier=st.sampled_from([0, 30, 90]), held=st.booleans())
    def waits(self, caller: str, tried: frozenset[AgentId], earlier: int, held: bool) -> None:
        known = self.model.waiting.get(caller)
        since = known.since if known else self.at - seconds(earlier)
        wish = self.wish(caller, tried, held)
        put = self.floor.board.wait(caller, wish, since=since, at=self.at)
        assert put is not self.model.is_taken(caller, self.at)
        if put:
            self.model.taken_until.pop(caller, None)
            self.model.waiting[caller] = Waiting(caller, since, wish)

    @rule(caller=callers)
    def leaves(self, caller: str) -> None:
        self.floor.board.gone(caller)
        self.model.waiting.pop(caller, None)
        self.model.taken_until.pop(caller, None)

    @precondition(lambda self: self.model.agents)
    @rule(data=st.data())
    def finds_a_caller(self, data: st.DataObject) -> None:
        agent = self.model.agents[data.draw(st.sampled_from(sorted(self.model.agents)))]
        found = self.floor.match(agent, at=self.at, cap=CAP)
        free = agent.free_at is not None
        best = best_caller(agent, self.model.waiting.values(), at=self.at) if free else None
        assert found == (best.id if best else None)
        if found is not None:
            self.model.took(agent.id, found, until=self.at + MINUTE)

    @precondition(lambda self: self.model.agents)
    @rule(data=st.data(), rest=st.sampled_from([0, 30]), late=st.booleans())
    def ends_with_a_caller(self, data: st.DataObject, rest: int, late: bool) -> None:
        id = data.draw(st.sampled_from(sorted(self.model.agents)))
        holder = self.model.holders.get(id, "nobody")
        by, free_at = "somebody else" if late else holder, self.at + seconds(rest)
        freed = self.floor.board.free(id, at=free_at, holder=by)
        assert freed is (id in self.model.holders and not late)
        if freed:
            del self.model.holders[id]
            self.model.agents[id] = replace(self.model.agents[id], free_at=free_at)

    @rule(caller=callers)
    def hears_their_place(self, caller: str) -> None:
        need = NEEDS[caller]
        earlier = [
            w for w in self.model.waiting.values() if w.plan.need is need and w.since < self.at
        ]
        assert self.floor.board.before([Before(FRANCE, need, self.at)]) == [len(earlier)]

    @invariant()
    def every_key_is_a_documented_one(self) -> None:
        assert not [key for key in self.redis.scan_iter() if not documented(key.decode())]

    @invariant()
    def who_is_idle_in_a_departement_can_be_counted(self) -> None:
        for place in (HAUTES_ALPES, BOUCHES_DU_RHONE, ISERE):
            for skillset in Skillset:
                listed: Any = self.redis.zrange(f"{keys.TAG}idle:{place}:{skillset}", 0, -1)
                idle = [
                    id
                    for id, agent in self.model.agents.items()
                    if agent.free_at and agent.skillset is skillset and agent.stands_in(place)
                ]
                assert sorted(map(int, listed)) == sorted(idle)

    def wish(self, caller: str, tried: frozenset[AgentId], held: bool) -> Plan:
        kept = reserved(HOMES[caller], 45, self.at + seconds(10)) if held else None
        return plan(HOMES[caller], NEEDS[caller], tried=tried, offers_per_hour=CAP, reserve=kept)


def test_a_morning_of_calls_leaves_the_board_as_the_model_has_it(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        machine = type("OneMorning", (Morning,), {"redis": redis})
        case = machine.TestCase  # type: ignore[attr-defined]
        case.settings = settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        case("runTest").runTest()
