"""A board in the middle of a day: half of the agents are with somebody, and calls come and go.

Time is the board's own, so a shift of any size is as busy as a real one: calls of twelve minutes,
then the pause after them.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from itertools import count

from redis import Redis

from bench.country import OFFERS_PER_HOUR, Country
from bench.stopwatch import Stopwatch
from dispatcher.domain.agents import AgentId, Skillset
from dispatcher.domain.routing import FIRST_FOR_WHO_WAITS
from dispatcher.live.board import Board, Standing

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
A_CALL_LASTS = timedelta(minutes=12)
WRAP_UP = timedelta(seconds=30)
LEASE = timedelta(minutes=1)
TICK = timedelta(seconds=1)
"""How often the clock looks for those whose wrap-up is over."""
DAY = timedelta(days=1)


class Shift:
    """So many agents on duty. What is done through ``watch`` is timed, and nothing else is."""

    def __init__(self, redis: Redis, country: Country, agents: int) -> None:
        self.board = Board(redis)
        self.size = agents
        self._country = country
        self._now = self._ticked = NINE
        self._between_calls = A_CALL_LASTS * 2 / agents
        self._with_somebody: deque[tuple[AgentId, str]] = deque()
        self._skillsets: dict[AgentId, Skillset] = {}
        self._numbers = count(1)

    def begin(self) -> None:
        """Bring everybody on an empty board, free or with somebody in turn."""
        self.board.begin_rebuild("bench")
        self.board.end_rebuild("bench", at=NINE)
        for number in range(1, self.size + 1):
            agent, skillset = AgentId(number), self._country.skillset()
            self._skillsets[agent] = skillset
            caller = self._new_caller() if number % 2 else None
            if caller is not None:
                self._with_somebody.append((agent, caller))
            standing = Standing(
                id=agent,
                skillset=skillset,
                places=self._country.places(),
                excluded=frozenset(),
                until=NINE + DAY,
                free_at=NINE - timedelta(seconds=number % 3600) if caller is None else None,
                holder=caller or "",
                lease=None if caller is None else NINE + LEASE,
            )
            self.board.duty(standing, at=NINE)
        while self.board.rested(at=NINE):
            pass  # as the clock does

    def assign(self, watch: Stopwatch) -> None:
        """Somebody rings, and an agent is taken for them."""
        caller, plan, at = self._new_caller(), self._country.plan(), self._now
        self._pass_time()
        routed = watch.lap(
            "assign", lambda: self.board.assign(caller, plan, lease=at + LEASE, at=at)
        )
        assert routed.agent is not None, "half of them are free"
        self._with_somebody.append((routed.agent, caller))

    def release(self, watch: Stopwatch) -> None:
        """The oldest conversation ends; its agent is free after their wrap-up."""
        agent, caller = self._with_somebody.popleft()
        free_at = self._now + WRAP_UP + FIRST_FOR_WHO_WAITS

        def end() -> None:
            self.board.gone(caller)
            self.board.free(agent, at=free_at, holder=caller)

        watch.lap("release", end)

    def wait(self, watch: Stopwatch) -> None:
        """Somebody joins those who wait."""
        caller, plan, at = self._new_caller(), self._country.plan(), self._now
        watch.lap("wait", lambda: self.board.wait(caller, plan, since=at, at=at))

    def match(self, watch: Stopwatch) -> None:
        """The oldest conversation ends, and who waits for its agent is taken at once."""
        agent, caller = self._with_somebody.popleft()
        self.board.gone(caller)
        self.board.free(agent, at=self._now + FIRST_FOR_WHO_WAITS, holder=caller)
        skillset, at = self._skillsets[agent], self._now
        found = watch.lap(
            "match",
            lambda: self.board.match(agent, skillset, cap=OFFERS_PER_HOUR, lease=at + LEASE, at=at),
        )
        assert found is not None, "somebody waits for everybody"
        self._with_somebody.append((agent, found[0]))

    def _pass_time(self) -> None:
        self._now += self._between_calls
        if self._now - self._ticked >= TICK:
            self.board.rested(at=self._now)
            self._ticked = self._now

    def _new_caller(self) -> str:
        return f"CA{next(self._numbers):032x}"
