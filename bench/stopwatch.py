"""Timing things that are done in turn in one loop, so that noise hits them all alike."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from time import perf_counter_ns
from typing import TypeVar

Found = TypeVar("Found")


class Stopwatch:
    """Laps, by name."""

    def __init__(self) -> None:
        self._laps: dict[str, list[int]] = defaultdict(list)

    def lap(self, name: str, act: Callable[[], Found]) -> Found:
        """Do it, and note how long it took."""
        start = perf_counter_ns()
        found = act()
        self._laps[name].append(perf_counter_ns() - start)
        return found

    def microseconds(self, name: str) -> float:
        """The median lap."""
        return median(self._laps[name]) / 1000

    def ratio(self, name: str, other: str) -> float:
        """The median lap of one over that of another."""
        return median(self._laps[name]) / median(self._laps[other])

    def slowest_ratio(self, name: str, other: str) -> float:
        """The 99th percentile of one over that of another."""
        return _p99(self._laps[name]) / _p99(self._laps[other])


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep Python's garbage collector out of the laps."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _p99(laps: list[int]) -> float:
    return quantiles(laps, n=100)[98]
