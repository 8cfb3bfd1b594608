"""Wake-ups carry an agent's id and nothing else, and are only ever a hint."""

from threading import Event

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dispatcher.domain.agents import AgentId
from dispatcher.live import wakes
from dispatcher.live.wakes import RedisWakes


def test_who_is_woken_is_heard_and_what_is_no_agent_is_not(redis_url: str) -> None:
    stopped = Event()
    with Redis.from_url(redis_url, socket_timeout=1) as redis:
        heard = wakes.hear(redis, stopped)
        assert next(heard) is None, "everybody looks, once we listen"

        redis.publish(wakes.CHANNEL, "Rose Martin")
        RedisWakes(redis).wake(AgentId(7))

        assert next(heard) == AgentId(7)
        assert redis.keys("*wakes*") == []
        stopped.set()
        assert list(heard) == []


def test_a_redis_that_is_away_wakes_nobody_and_breaks_nothing() -> None:
    away = Redis(port=1, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))

    RedisWakes(away).wake(AgentId(7))

    assert wakes.agent_of(b"\xff") is None
