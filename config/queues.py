"""The queues of jobs. A worker serves one of them and no other (several: rq/rq issue 1716)."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rq is slow to import, and most commands only need the names
    from redis import Redis
    from rq import Queue
    from rq.worker import SimpleWorker

CALLS = "calls"
TEXTS = "texts"
LOGS = "logs"  # what leaves slowly, to servers that may not answer
NAMES = (CALLS, TEXTS, LOGS)
QUEUE_OF = {
    "calls.hasten": CALLS,
    "calls.let_go": CALLS,
    "calls.hang_up": CALLS,
    "calls.verify": CALLS,
    "calls.reconcile": CALLS,
    "transfers.move": CALLS,
    "callbacks.place": CALLS,
    "callbacks.verify": CALLS,
    "texts.send": TEXTS,
    "texts.verify": TEXTS,
    "mails.send": TEXTS,
    "messages.fetch": TEXTS,
    "journal.seal": LOGS,
    "mandate_logs.write": LOGS,
    "retention.run": TEXTS,  # some seconds once a day: nobody on the line waits for this queue
}
"""Every job, as ``workers.<job>``, and the queue it belongs to."""

JOB_TIMEOUT = 60  # seconds; a request to the carrier fails after ten, and then its job ends
RESULT_TTL = 60  # seconds; nobody reads results, and `unique` blocks for as long as one is kept
FAILURE_TTL = 7 * 24 * 3600
MAINTENANCE = 5  # seconds; at RQ's own 600 an abandoned job waits for 13 minutes
WORKER_TTL = 20  # seconds; RQ wakes an idle worker 15 seconds before its end


def open_queue(name: str, connection: Redis) -> Queue:
    """The queue of this name; its jobs are JSON, never pickles."""
    from rq import Queue
    from rq.serializers import JSONSerializer

    return Queue(
        name, connection=connection, serializer=JSONSerializer, default_timeout=JOB_TIMEOUT
    )


def worker_for(name: str, connection: Redis) -> SimpleWorker:
    """A worker that does this queue's jobs in its own process, one after the other.

    Every start has a name of its own: RQ refuses one that a killed worker has left behind.
    """
    from rq.serializers import JSONSerializer
    from rq.worker import SimpleWorker

    return SimpleWorker(
        [open_queue(name, connection)],
        name=f"{name}-{token_hex(3)}",
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE,
        job_monitoring_interval=MAINTENANCE,
        default_result_ttl=RESULT_TTL,
        log_job_description=False,
    )
