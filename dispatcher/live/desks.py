"""The desks: which agents have a page open that can ring, right now.

A page says so every few seconds, and is asleep as soon as it has not for ``LIVES_FOR``: the scripts
that take an agent look themselves, so nobody is rung behind a dead page even before it is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

from dispatcher.domain.agents import AgentId
from dispatcher.live import keys
from dispatcher.live.sight import BoardLost, milliseconds, text

LIVES_FOR: Final = timedelta(seconds=15)
"""A page beats every five seconds: it may miss two beats, and is known to be dead within 20."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What a page's beat changed: whether its agent's desk could ring before, and can now."""

    could: bool
    can: bool


class Desks:
    """Redis, asked which desks can ring. Raises BoardLost, and no other error of Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        folder = files("dispatcher.live") / "scripts"
        self._beat = redis.register_script((folder / "beat.lua").read_text())

    def beat(self, agent: AgentId, page: str, *, can_ring: bool, at: datetime) -> Beat:
        """This page of the agent's shows life."""
        until = milliseconds(at + LIVES_FOR) if can_ring else ""
        told: list[str | int] = [
            keys.TAG,
            agent,
            page,
            milliseconds(at),
            until,
            keys.DESK_MILLISECONDS,
        ]
        try:
            answer = self._beat(args=told)
        except RedisError as error:
            raise BoardLost from error
        if answer == -1:
            raise BoardLost
        could, can = answer
        return Beat(bool(could), bool(can))

    def awake(self, *, at: datetime) -> frozenset[AgentId]:
        """The agents whose desks can ring."""
        try:
            found = self._redis.zrangebyscore(keys.DESKS, f"({milliseconds(at)}", "+inf")
        except RedisError as error:
            raise BoardLost from error
        return frozenset(AgentId(int(text(id))) for id in found)

    def fallen_asleep(self, *, at: datetime) -> frozenset[AgentId]:
        """The agents whose desks could ring until a moment ago, each told of once."""
        now = milliseconds(at)
        try:
            found = self._redis.zrangebyscore(keys.DESKS, "-inf", now)
            if found:
                self._redis.zremrangebyscore(keys.DESKS, "-inf", now)  # not who beats meanwhile
        except RedisError as error:
            raise BoardLost from error
        return frozenset(AgentId(int(text(id))) for id in found)
