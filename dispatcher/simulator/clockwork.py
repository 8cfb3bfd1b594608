"""Running scripts, timers and everything in the background on one loop, and stopping it all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

from dispatcher.simulator.wire.webhooks import CarrierError

POLL_SECONDS = 0.25
SETTLE_SECONDS = 120.0

Until = float | Callable[[], bool] | None


class Clockwork:
    """The network's loop: seconds since it began, background tasks, and runs to completion."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.failures: list[BaseException] = []
        self._began = loop.time()
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._timer_numbers = count()

    def seconds(self) -> float:
        """Give the network's seconds."""
        return self.loop.time() - self._began

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something in the background; what it raises ends the run it happens in."""
        task = self.loop.create_task(work)
        self._tasks[task] = None
        task.add_done_callback(self._finished)
        return task

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act`` once, so many seconds from now."""
        number = next(self._timer_numbers)
        self._timers[number] = self.loop.call_later(seconds, self._ring, number, act)

    def every(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act`` again and again while runs go on, first so many seconds from now."""

        def again() -> None:
            act()
            self.after(seconds, again)

        self.after(seconds, again)

    def run(
        self,
        scripts: tuple[Coroutine[Any, Any, Any], ...],
        until: Until,
        settle: float,
        busy: Callable[[], bool],
    ) -> None:
        """Live all scripts to their ends, go on until a moment or a fact, then let all settle.

        Raises what a script or anything in the background raised.
        """
        try:
            self.loop.run_until_complete(self._run(scripts, until, settle, busy))
        except BaseException as failure:
            for other in self._take_failures():
                failure.add_note(f"and in the background: {other!r}")
            raise
        left = self._take_failures()
        if left:
            raise left[0]

    def close(self) -> None:
        """Cancel all that is left and close the loop."""
        for timer in self._timers.values():
            timer.cancel()
        self.loop.run_until_complete(self._stop())
        self.loop.close()

    def _take_failures(self) -> list[BaseException]:
        failures, self.failures = self.failures, []
        return failures

    async def _stop(self) -> None:
        while self._tasks:
            left = list(self._tasks)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _run(
        self,
        scripts: tuple[Coroutine[Any, Any, Any], ...],
        until: Until,
        settle: float,
        busy: Callable[[], bool],
    ) -> None:
        tasks = [self.loop.create_task(script) for script in scripts]
        try:
            await self._live(tasks)
            await self._wait_for(until)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        last = self.seconds() + settle
        while (busy() or self._tasks) and self.seconds() < last and not self.failures:
            await asyncio.sleep(POLL_SECONDS)

    async def _live(self, scripts: list[asyncio.Task[Any]]) -> None:
        while scripts and not self.failures:
            await asyncio.wait(scripts, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
            for script in [task for task in scripts if task.done()]:
                scripts.remove(script)
                script.result()

    async def _wait_for(self, until: Until) -> None:
        while not self.failures:
            left = _seconds_left(until, self.seconds())
            if left <= 0:
                return
            await asyncio.sleep(min(left, POLL_SECONDS))

    def _ring(self, number: int, act: Callable[[], object]) -> None:
        del self._timers[number]
        try:
            act()
        except Exception as failure:  # noqa: BLE001 shown at the end of the run
            self.failures.append(failure)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)
        if task.cancelled():
            return
        failure = task.exception()
        if failure is not None and not isinstance(failure, CarrierError):
            self.failures.append(failure)


def _seconds_left(until: Until, now: float) -> float:
    if callable(until):
        return 0.0 if until() else POLL_SECONDS
    return 0.0 if until is None else until - now
