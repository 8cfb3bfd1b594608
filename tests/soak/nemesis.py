"""Kills the processes of a service, one at a time, for as long as it is let."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from tests.soak.profile import Profile

KINDS: Final = {
    "web": "gunicorn",
    "calls": "worker\0calls",
    "texts": "worker\0texts",
    "clock": "dispatcher\0clock",
    "redis": "redis-server",
    "older redis": "redis-server",
}
"""By what a process is known among those that the supervisor keeps. ``older redis``: it starts again
from what its files were when it was last killed, or before the first; and the clock is killed with
it, which would see that at once.
"""
ANSWERS_AGAIN_WITHIN: Final = 5.0
"""Real seconds in which the supervisor has a killed process running again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One process killed, at so many network seconds."""

    kind: str
    at: float


class Nemesis:
    """Kills every kind once in an order of its own, then again."""

    def __init__(
        self, supervisor: int, redis: Path, profile: Profile, seconds: Callable[[], float]
    ) -> None:
        self._redis, self._older = redis, redis.with_name("redis.older")
        self._supervisor, self._every, self._speed = supervisor, profile.every, profile.speed
        self._dice = Random(profile.seed)
        self._seconds = seconds
        self.faults: list[Fault] = []

    async def kills(self, until: float) -> None:
        """One process every few real seconds; the last early enough to be back by then."""
        shutil.copytree(self._redis, self._older)
        last = until - ANSWERS_AGAIN_WITHIN * self._speed
        for kind in self._kinds():
            await asyncio.sleep(self._dice.uniform(*self._every) * self._speed)
            if self._seconds() > last:
                return
            self._kill(kind)

    def _kinds(self) -> Iterator[str]:
        while True:
            yield from self._dice.sample(sorted(KINDS), len(KINDS))

    def _kill(self, kind: str) -> None:
        if kind == "older redis":
            self._end("clock")
        if self._end(kind):
            self.faults.append(Fault(kind, self._seconds()))
            if "redis" in kind:
                self._files_change(back=kind == "older redis")

    def _end(self, kind: str) -> bool:
        """Kill the processes of a kind; whether there was one."""
        found = [pid for pid in _children(self._supervisor) if KINDS[kind] in _command(pid)]
        for pid in found:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # the supervisor gives each a group of its own
        return bool(found)

    def _files_change(self, *, back: bool) -> None:
        """Before the supervisor starts Redis again, which takes it a quarter of a second at least."""
        newer = self._redis.with_name("redis.newer")
        self._redis.rename(newer)
        shutil.copytree(self._older if back else newer, self._redis)
        shutil.rmtree(self._older)
        newer.rename(self._older)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
