"""Webhooks against bare Flask routes in the same server process, over the same store.

One client goes from door to door, request by request, and its rates are those of the median lap.
Sixteen drive each door for a moment in turn, and the figure is the median of those moments. All
post the same form; the bare routes read none of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median

from bench import load, service
from bench.doors import NAMES, Doors
from bench.figures import Figure, at_least, over
from bench.scale import Scale
from bench.yardsticks import EMPTY, HERE
from tests.servers import NoPostgres, postgres_server

MANY = 16
MOST_A_SECOND = {"incoming": 900, "routing": 500}
"""More than are answered in a second: what is sent once has to be made before."""
OTHERWISE_A_SECOND = 12_000
IN_TURN = 20
"""Rounds from door to door for which requests are made at a time."""

Rates = Mapping[str, float]
COMMITTING = (
    ("incoming", "webhook that commits (incoming)"),
    ("routing", "webhook that commits (routing)"),
)
READING = "webhook without writes (answer, doubled)"


def figures(scale: Scale, folder: Path, driver: Executor) -> Iterator[Figure]:
    """Everything about webhooks, on SQLite with targets, on PostgreSQL without."""
    by_one, by_many = _driven(scale, folder / "sqlite", driver, "")
    for rates, by, committing, reading in (
        (by_one, "1 client", at_least(0.45), at_least(0.35)),
        (by_many, f"{MANY} clients", at_least(0.35), at_least(0.25)),
    ):
        for name, says in COMMITTING:
            yield Figure(
                f"{says} / route that commits, {by}",
                _ratio(rates, name, "commit"),
                target=committing,
            )
        yield Figure(
            f"{READING} / empty route, {by}", _ratio(rates, "doubled", "empty"), target=reading
        )
        for name, says in COMMITTING:
            yield Figure(f"{says} / empty route, {by}", _ratio(rates, name, "empty"))
        for name in NAMES:
            yield Figure(f"rate of {name}, {by}", rates.get(name), "1/s")
    by_one, by_many = _on_postgres(scale, folder / "postgresql", driver)
    for rates, by in ((by_one, "1 client"), (by_many, f"{MANY} clients")):
        for name, says in COMMITTING:
            yield Figure(
                f"{says} / route that commits, {by}, PostgreSQL", _ratio(rates, name, "commit")
            )


def _on_postgres(scale: Scale, folder: Path, driver: Executor) -> tuple[Rates, Rates]:
    if not scale.postgres:
        return {}, {}
    try:
        with postgres_server() as server:
            return _driven(scale, folder, driver, server.create())
    except NoPostgres:
        return {}, {}


def _driven(scale: Scale, folder: Path, driver: Executor, database_url: str) -> tuple[Rates, Rates]:
    """The rate of each door, with one client and with many."""
    environ = service.environment(folder, DATABASE_URL=database_url)
    with ExitStack() as stack:
        redis = stack.enter_context(service.redis(environ))
        doors = stack.enter_context(closing(Doors(environ, redis, scale.agents)))
        web = stack.enter_context(service.web(environ, HERE))
        service.wait_until(lambda: service.post(environ, EMPTY, b"", {}) == b"", web)
        port = int(environ["PORT"])
        _by_one(doors, port, 1, driver)  # to warm up
        return (
            _by_one(doors, port, scale.in_turn // IN_TURN, driver),
            _by_many(doors, port, scale, driver),
        )


def _by_one(doors: Doors, port: int, times: int, driver: Executor) -> Rates:
    laps: dict[str, list[float]] = defaultdict(list)
    for _ in range(times):
        each = [doors.take(name, IN_TURN) for name in NAMES]
        mixed = [request for turn in zip(*each, strict=True) for request in turn]
        asked = driver.submit(load.drive, port, mixed, at_once=1, seconds=load.PATIENCE)
        for request, lap in zip(mixed, asked.result().laps, strict=False):
            laps[request.door].append(lap)
    return {name: 1 / median(found) for name, found in laps.items()}


def _by_many(doors: Doors, port: int, scale: Scale, driver: Executor) -> Rates:
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in range(scale.moments):
        for name in NAMES:
            most = MOST_A_SECOND.get(name, OTHERWISE_A_SECOND)
            requests = doors.take(name, MANY + round(most * scale.moment_seconds))
            asked = driver.submit(
                load.drive, port, requests, at_once=MANY, seconds=scale.moment_seconds
            )
            rates[name].append(asked.result().rate)
    return {name: median(found) for name, found in rates.items()}


def _ratio(rates: Rates, one: str, other: str) -> float | None:
    return over(rates.get(one), rates.get(other))
