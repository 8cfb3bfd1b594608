"""One pair of eyes for all who watch: however many they are, the load is counted once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final

from dispatcher.operations import load
from dispatcher.operations.load import Load
from dispatcher.operations.services import Services

FRESH_FOR: Final = 1.0
"""Seconds for which one count serves everybody."""
SHARE: Final = 10
"""And ten times as long as counting took: a large desk takes a tenth of a process at most."""
PATIENCE: Final = 3.0
"""Seconds for which the first count of all is waited for."""


class NothingSeen(Exception):
    """Nobody could count the load, or the first who does is not done."""


class Lookout:
    """Counts the load for one web process. ``clock`` tells seconds that only grow."""

    def __init__(self, services: Services, clock: Callable[[], float] = monotonic) -> None:
        self._services = services
        self._clock = clock
        self._counting = Lock()
        self._seen: Load | None = None
        self._until = 0.0  # nobody has counted yet

    def look(self) -> Load:
        """The load as it was a moment ago; its ``at`` says when.

        While somebody counts, others are given what was counted before rather than wait: a slow
        database must not hold every thread that telephone calls need. Raises NothingSeen, and
        whatever counting raises.
        """
        if not self._counting.acquire(timeout=0 if self._until else PATIENCE):
            return self._before()
        try:
            if self._clock() >= self._until:
                self._count()
            return self._before()
        finally:
            self._counting.release()

    def _count(self) -> None:
        began, seen = self._clock(), None
        try:
            seen = load.look(self._services)
        finally:
            now = self._clock()
            self._seen, self._until = seen, now + max(FRESH_FOR, SHARE * (now - began))

    def _before(self) -> Load:
        if self._seen is None:
            raise NothingSeen
        return self._seen
