"""Jobs: how many a second, against an empty one, and how soon a callback's agent is rung.

One worker of ours does batches of empty jobs and of our own in turn; each batch waits behind a gate
until it is all there, so that what is measured is the worker. Ours does the least that a job of
ours does: it looks up what it is about, in SQL, and finds that there is nothing to do.

Callbacks are kept one after the other, at a steady load, with agents free: from the moment one is
kept until the carrier is asked to ring its agent, and of that the part from the offer's commit,
when the job is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from redis import Redis
from rq import Queue, get_current_job

from bench import dialling, service
from bench.figures import Figure, middle, over
from bench.scale import Scale
from config import queues
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, CallSid, LineId, Step, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import callbacks
from dispatcher.operations.services import Services
from dispatcher.simulator import Kind, Network, answers

GATE, DONE = "bench:gate", "bench:done"
OURS, EMPTY = "workers.calls.hasten", "bench.jobs.nothing"
PATIENCE = 60
LOOK_EVERY = 0.001
"""Seconds."""
EVERY = 1.5
"""Seconds between two callbacks: a carrier starts one call a second."""
TALKS_FOR = 2.0
CITIZENS_FROM = 33199000500


def nothing(_id: str) -> None:
    """The empty job."""


def waits(_id: str) -> None:
    """Keeps the worker until the batch behind it is there."""
    _taken(_connection(), GATE)


def is_last(_id: str) -> None:
    """Says that the batch before it is done."""
    _connection().rpush(DONE, "1")


def _connection() -> Redis:
    job = get_current_job()
    assert job is not None
    return job.connection


def figures(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Everything about jobs."""
    environ = service.environment(folder / "jobs")
    service.migrated(environ)
    with (
        service.redis(environ) as redis,
        service.running(["dispatcher", "worker", queues.CALLS], environ),
    ):
        queue = queues.open_queue(queues.CALLS, redis)
        for name in (EMPTY, OURS):
            _batch(queue, redis, name, scale.jobs)  # to warm up
        empty, ours = [], []
        for _ in range(scale.moments):
            empty.append(_batch(queue, redis, EMPTY, scale.jobs))
            ours.append(_batch(queue, redis, OURS, scale.jobs))
    yield Figure("job of ours / empty job, jobs a second", over(median(empty), median(ours)))
    yield Figure("jobs of ours, one worker", scale.jobs / median(ours), "1/s")
    kept, offered = _callbacks(scale, folder / "callbacks")
    load = f"{1 / EVERY:.2g} callbacks a second"
    yield Figure(f"from callback kept to its agent's ring requested, {load}", middle(kept), "s")
    yield Figure(
        f"from its job asked for to its agent's ring requested, {load}", middle(offered), "s"
    )
    yield Figure(
        f"from its job asked for to its agent's ring requested, {load}, slowest",
        max(offered, default=None),
        "s",
    )


def _batch(queue: Queue, redis: Redis, name: str, many: int) -> float:
    """Seconds that a worker takes for so many jobs."""
    for job in ("bench.jobs.waits", *[name] * many, "bench.jobs.is_last"):
        queue.enqueue_call(job, args=("nothing",), result_ttl=0)
    begun = perf_counter()
    redis.rpush(GATE, "1")
    _taken(redis, DONE)
    return perf_counter() - begun


def _taken(redis: Redis, name: str) -> None:
    """Wait until there is something in this list, and take it."""
    give_up_at = perf_counter() + PATIENCE
    while redis.lpop(name) is None:
        if perf_counter() > give_up_at:
            raise service.NotReady("the worker did not do its jobs")
        sleep(LOOK_EVERY)


def _callbacks(scale: Scale, folder: Path) -> tuple[list[float], list[float]]:
    with ExitStack() as stack:
        services, network, _ = dialling.evening(scale, folder, stack)
        many = max(2, int(scale.load_seconds * scale.speed / EVERY))
        for number in range(many):
            phone = network.phone(f"+{CITIZENS_FROM + number}")
            phone.when_rung(answers(after=0.5, at="tapez 1", talks_for=None))
        asked: dict[str, datetime] = {}
        network.run(_keeps(services, many, asked), settle=0)
        return _told(services, network, asked)


async def _keeps(services: Services, many: int, asked: dict[str, datetime]) -> None:
    for number in range(many):
        at = services.now()
        sid = CallSid(f"CA{number:032x}")
        call = Call(
            sid,
            LineId(services.lines[0].id),
            at,
            number=PhoneNumber(f"+{CITIZENS_FROM + number}"),
            step=Step.KEPT,
            commune="05096",
            need=Need.PROCEDURES,
            why=Why.ASKED,
            waiting_since=at,
        )
        with services.store.writing() as tx:
            tx.calls.add(call.hung_up(at=at, kept=True))
            callbacks.keep(call, tx, services)
        asked[sid] = at
        await asyncio.sleep(EVERY)
    await asyncio.sleep(10 * TALKS_FOR)


def _told(
    services: Services, network: Network, asked: dict[str, datetime]
) -> tuple[list[float], list[float]]:
    """Seconds from kept, and from offered, until the ring of its agent was created."""
    rung = {entry.call: network.date(entry.at) for entry in network.ledger.of(Kind.CREATED)}
    kept, offered = [], []
    for sid, at in asked.items():
        with services.store.reading() as tx:
            callback = tx.callbacks.of(CallSid(sid))
            made = tx.offers.of(callback=callback.id) if callback else []
        first = next((offer for offer in made if offer.leg in rung), None)
        if first is not None:
            ring = rung[first.leg or ""]
            kept.append((ring - at).total_seconds())
            offered.append((ring - first.opened_at).total_seconds())
    return kept, offered
