"""Wake-ups: an agent's desk should look again. Only who, never what: SQL and the board say that."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Event
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

from dispatcher.domain.agents import AgentId
from dispatcher.live import keys

log = logging.getLogger(__name__)

CHANNEL: Final = keys.WAKES
LISTENS: Final = 0.5
"""Seconds; less than a request to Redis may take."""
AGAIN: Final = 1.0
"""Seconds until a Redis that was away is asked again."""


class RedisWakes:
    """Wakes desks in other processes, through a channel of Redis that keeps nothing."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def wake(self, agent: AgentId) -> None:
        """Something of this agent may be another; a Redis that is away only makes it later."""
        try:
            self._redis.publish(CHANNEL, str(agent))
        except RedisError:
            log.warning("nobody is woken: Redis is away")


def hear(redis: Redis, stopped: Event) -> Iterator[AgentId | None]:
    """Whose desk is to look again, until ``stopped``; None: everybody's, since some words may have
    been missed. Waits for as long as Redis is away.
    """
    while not stopped.is_set():
        try:
            with redis.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
                channel.subscribe(CHANNEL)
                yield None
                while not stopped.is_set():
                    message = channel.get_message(timeout=LISTENS)
                    if message is not None and (agent := agent_of(message["data"])) is not None:
                        yield agent
        except RedisError:
            stopped.wait(AGAIN)


def agent_of(message: bytes) -> AgentId | None:
    """Whose desk a message wakes; None when it is none of ours."""
    text = message.decode("ascii", "replace")
    return AgentId(int(text)) if text.isascii() and text.isdigit() else None
