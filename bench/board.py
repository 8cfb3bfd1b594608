"""The board: how long taking somebody lasts, how it grows, and what it costs in memory.

Round trips are whole calls of ``dispatcher.live.board.Board``, its Python included, against an
empty script run by the same client; server time is Redis's own account of its scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from redis import Redis

from bench import service
from bench.country import Country
from bench.figures import Figure, at_most, middle, over
from bench.scale import Scale
from bench.shift import Shift
from bench.stopwatch import Stopwatch, no_collection

BYTES_IN_KB = 1000
IN_A_BATCH = 10


def figures(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Everything about the board."""
    country = Country()
    with ExitStack() as stack:
        small, usual, large = (
            stack.enter_context(service.redis(service.environment(folder / f"board-{name}")))
            for name in ("small", "usual", "large")
        )
        yield from _round_trips(scale, usual, country)
        yield from _growth(scale, small, large, country)


def _round_trips(scale: Scale, redis: Redis, country: Country) -> Iterator[Figure]:
    shift = Shift(redis, country, scale.agents)
    per_agent = _bytes_of(redis, shift.begin) / scale.agents
    per_caller = _bytes_of(redis, lambda: _queue(shift, scale.waiting)) / scale.waiting
    watch = _lived(scale, shift, redis)
    yield Figure(
        "assign / empty script, round trip", watch.ratio("assign", "empty"), target=at_most(1.6)
    )
    yield Figure("assign / empty script, p99", watch.slowest_ratio("assign", "empty"))
    yield Figure(
        "match on release / empty script, round trip",
        watch.ratio("match", "empty"),
        target=at_most(2.5),
    )
    yield Figure("release, two scripts / empty script, round trip", watch.ratio("release", "empty"))
    yield Figure("wait / empty script, round trip", watch.ratio("wait", "empty"))
    for name in ("empty", "assign", "match"):
        yield Figure(f"{name}, round trip", watch.microseconds(name), "µs")
    yield Figure("memory per agent, 10,000 on duty", per_agent / BYTES_IN_KB, "kB", at_most(0.6))
    yield Figure("memory per waiting caller", per_caller / BYTES_IN_KB, "kB", at_most(0.6))


def _lived(scale: Scale, shift: Shift, redis: Redis) -> Stopwatch:
    """Everything done in turn, in one loop."""
    watch, empty = Stopwatch(), redis.register_script("return 1")
    for each in (Stopwatch(), watch):  # once to warm up
        with no_collection():
            for _ in range(scale.rounds if each is watch else scale.rounds // 10):
                each.lap("empty", empty)
                shift.assign(each)
                shift.release(each)
                shift.match(each)
                shift.wait(each)
    return watch


def _growth(scale: Scale, one: Redis, other: Redis, country: Country) -> Iterator[Figure]:
    """Two boards in turn, batch by batch; the median batch."""
    small, large = Shift(one, country, scale.few_agents), Shift(other, country, scale.many_agents)
    small.begin()
    per_agent = _bytes_of(other, large.begin) / scale.many_agents
    few, many = [], []
    for _ in range(scale.batches):
        few.append(_script_time(small, one))
        many.append(_script_time(large, other))
    ratio = over(middle(many), middle(few))
    name = "server time per assign and release"
    yield Figure(f"{name}, 100,000 agents / 1,000", ratio, target=at_most(1.3))
    yield Figure(f"{name}, 1,000 agents", median(few) / IN_A_BATCH, "µs")
    yield Figure("memory per agent, 100,000 on duty", per_agent / BYTES_IN_KB, "kB", at_most(0.6))


def _script_time(shift: Shift, redis: Redis) -> float:
    """Microseconds that the server spent in scripts during one batch."""
    before, watch = _spent(redis), Stopwatch()
    for _ in range(IN_A_BATCH):
        shift.assign(watch)
        shift.release(watch)
    return _spent(redis) - before


def _spent(redis: Redis) -> float:
    told: dict[str, Any] = redis.info("commandstats")
    return float(told.get("cmdstat_evalsha", {"usec": 0})["usec"])


def _bytes_of(redis: Redis, act: Any) -> float:
    before = _used(redis)
    act()
    return _used(redis) - before


def _used(redis: Redis) -> float:
    """What the data takes: not what the append-only file holds back to write."""
    told: dict[str, Any] = redis.info("memory")
    return float(told["used_memory"] - told.get("mem_aof_buffer", 0))


def _queue(shift: Shift, many: int) -> None:
    for _ in range(many):
        shift.wait(Stopwatch())
