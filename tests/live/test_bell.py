"""The bell asks RQ for jobs: an id and nothing else, done again when they fail, forgotten in time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.registry import FailedJobRegistry, ScheduledJobRegistry
from rq.serializers import JSONSerializer

from config import queues
from dispatcher.live.bell import QueueBell

failures: list[str] = []


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as redis:
        yield redis


def bell(redis: Redis) -> QueueBell:
    opened = {name: queues.open_queue(name, redis) for name in queues.NAMES}
    return QueueBell(opened, queues.QUEUE_OF)


def only_job(redis: Redis, name: str) -> Job:
    [id] = Queue(name, connection=redis).job_ids
    return Job.fetch(id, connection=redis, serializer=JSONSerializer)


def test_a_job_carries_an_id_and_nothing_else(redis: Redis) -> None:
    bell(redis).ring("callbacks.place", "0f0f")

    job = only_job(redis, queues.CALLS)
    assert (job.func_name, job.args, job.kwargs) == ("workers.callbacks.place", ["0f0f"], {})


def test_a_job_is_not_kept_once_it_is_done_and_a_failed_one_not_for_a_year(redis: Redis) -> None:
    bell(redis).ring("callbacks.place", "0f0f")

    job = only_job(redis, queues.CALLS)
    assert job.result_ttl == 0
    assert job.failure_ttl is not None
    assert 0 < job.failure_ttl <= 7 * 24 * 3600


def fails(id: str) -> None:
    failures.append(id)
    raise OSError("on purpose")


def test_a_job_that_fails_is_done_again_by_our_worker(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RQ puts a retry with an interval aside for a scheduler, and no worker of ours runs one."""
    monkeypatch.setattr("workers.callbacks.place", fails)
    failures.clear()
    bell(redis).ring("callbacks.place", "0f0f")

    queues.worker_for(queues.CALLS, redis).work(burst=True, logging_level="CRITICAL")

    assert failures == ["0f0f"] * 3
    assert ScheduledJobRegistry(queues.CALLS, connection=redis).count == 0  # type: ignore[no-untyped-call]
    assert FailedJobRegistry(queues.CALLS, connection=redis).count == 1


def test_a_redis_that_is_away_makes_the_job_later_and_breaks_nothing(tmp_path: Path) -> None:
    bell(Redis.from_url(f"unix://{tmp_path}/nobody.sock")).ring("callbacks.place", "0f0f")
