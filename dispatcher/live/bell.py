"""The bell: jobs asked for through RQ. It makes things prompt; the sweep is what makes them
certain.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from redis.exceptions import RedisError
from rq import Queue, Retry

log = logging.getLogger(__name__)

RETRIES: Final = Retry(max=2)
"""Without a Retry, RQ gives up a job whose worker is killed (measured: faults.md F2).

With an interval, RQ would put the job aside for a scheduler, and no worker of ours runs one.
"""
FAILED_FOR: Final = 7 * 24 * 3600
"""Seconds a failed job is kept to be looked at; RQ's own default is a year."""


class QueueBell:
    """Rings jobs of the form ``workers.<module>.<function>`` in the queue that the job
    belongs to.
    """

    def __init__(self, queues: Mapping[str, Queue], queue_of: Mapping[str, str]) -> None:
        self._queues = queues
        self._queue_of = queue_of

    def ring(self, job: str, id: str) -> None:
        """Ask for a job about an id, soon; a Redis that is away only makes it later."""
        try:
            queue = self._queues[self._queue_of[job]]
            queue.enqueue_call(
                f"workers.{job}", args=(id,), retry=RETRIES, result_ttl=0, failure_ttl=FAILED_FOR
            )
        except RedisError:
            log.warning("no bell for %s: Redis is away", job)
