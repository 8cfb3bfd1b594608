"""A day of calls on a fake clock: the production scripts decide, in a real Redis.

A discrete-event simulation on a heap. Walks, waiting and matches are those of production: a freed
agent is there at once for who waits and three seconds later for everybody, and whoever waits is
looked after again at each fetch of their wait document.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from redis import Redis

from bench.policies import NO_CAP, Policy
from bench.scenario import Arrival, Post, Scenario
from bench.tally import Tally
from dispatcher.domain.agents import AgentId
from dispatcher.domain.routing import FIRST_FOR_WHO_WAITS
from dispatcher.live.board import Board, Standing

OPENING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LONG = timedelta(days=30)


class Day:
    """One scenario under one policy. ``rest``: when a freed agent is there for everybody."""

    def __init__(
        self,
        redis: Redis,
        scenario: Scenario,
        policy: Policy,
        *,
        rest: timedelta = FIRST_FOR_WHO_WAITS,
    ) -> None:
        self._redis, self._board = redis, Board(redis)
        self._policy, self._scenario = policy, scenario
        self._rest = rest
        self._posts = {post.id: post for post in scenario.posts}
        self._events: list[tuple[int, int, Callable[..., None], tuple[object, ...]]] = []
        self._order = count()
        self._now = 0
        self._waiting: dict[str, Arrival] = {}
        self._tally = Tally(scenario)

    def lived(self) -> Tally:
        """What became of everybody."""
        self._open()
        for number, caller in enumerate(self._scenario.arrivals):
            self._at(caller.at, self._rings, f"CA{number}", caller)
        while self._events and self._events[0][0] < self._scenario.ends:
            self._now, _, happens, to = heappop(self._events)
            happens(*to)
        return self._tally

    def _open(self) -> None:
        """Everybody comes on an empty board, free."""
        self._redis.flushdb()
        self._board.begin_rebuild("bench")
        self._board.end_rebuild("bench", at=OPENING)
        for post in self._scenario.posts:
            self._board.duty(_standing(post), at=OPENING)

    def _at(self, when: int, happens: Callable[..., None], *to: object) -> None:
        heappush(self._events, (when, next(self._order), happens, to))

    @property
    def _moment(self) -> datetime:
        return OPENING + timedelta(milliseconds=self._now)

    def _rings(self, id: str, caller: Arrival) -> None:
        self._waiting[id] = caller
        self._looks(id)
        if id in self._waiting:
            self._at(caller.at + caller.patience, self._leaves, id)

    def _looks(self, id: str) -> None:
        if id not in self._waiting:
            return
        caller, at = self._waiting[id], self._moment
        waited = self._now - caller.at
        plan = self._policy.plan(caller, waited, opening=OPENING)
        agent = self._board.assign(id, plan, lease=at + LONG, at=at).agent
        if agent is not None:
            self._serves(agent, id)
        elif self._policy.waits:
            since = OPENING + timedelta(milliseconds=caller.at)
            self._board.wait(id, plan, since=since, at=at)
            self._at(caller.at + self._policy.next_look(caller, waited), self._looks, id)
        else:
            self._leaves(id)

    def _serves(self, agent: AgentId, id: str) -> None:
        caller = self._waiting.pop(id)
        self._tally.served(caller, self._posts[agent], at=self._now)
        self._at(self._now + caller.talk, self._ends, agent, id)

    def _ends(self, agent: AgentId, id: str) -> None:
        at = self._moment
        self._board.gone(id)
        self._board.free(agent, at=at + self._rest, holder=id)
        skillset = self._posts[agent].skillset
        found = self._board.match(agent, skillset, cap=NO_CAP, lease=at + LONG, at=at)
        if found is not None:
            self._serves(agent, found[0])

    def _leaves(self, id: str) -> None:
        if id in self._waiting:
            self._board.gone(id)
            self._tally.lost(self._waiting.pop(id))


def _standing(post: Post) -> Standing:
    until = OPENING + LONG
    return Standing(post.id, post.skillset, post.places, frozenset(), until, free_at=OPENING)
