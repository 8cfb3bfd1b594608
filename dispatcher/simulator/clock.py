"""The two clocks a network can run on: one that jumps to what is due next, one that runs fast.

Every timer of the simulator (speech, ringing, pauses) is an ordinary asyncio timer, so the same
code lives ten minutes in milliseconds under a test, or at any speed in front of people.
"""

from __future__ import annotations

import asyncio
import selectors
import time

STEPS_WITHOUT_TIME = 200_000


class Stuck(RuntimeError):
    """Nothing will ever happen again, or everything happens for ever; see the message."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock starts at zero and jumps to the next timer when all is idle.

    Raises ``Stuck`` when somebody waits and nothing is due, when ``hours`` virtual hours are used
    up, or when the loop turns for ever without time passing.
    """

    def __init__(self, *, hours: float = 48.0) -> None:
        self._now = 0.0
        self._last = hours * 3600.0
        self._steps = 0
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        """Give the virtual seconds since the loop was made."""
        return self._now

    def pass_time(self, seconds: float | None) -> None:
        """Be idle for ``seconds``; for the selector alone."""
        if seconds is None:
            raise Stuck("nothing is due: everybody waits for somebody else")
        self._steps += 1
        if seconds > 0:
            self._steps = 0
            self._now += seconds
            if self._now > self._last:
                raise Stuck(f"{self._now / 3600:.1f} virtual hours have passed")
        if self._steps > STEPS_WITHOUT_TIME:
            raise Stuck(f"time stands still at {self._now:.3f} s")


class _JumpingSelector(selectors.DefaultSelector):
    """Looks at the sockets without waiting, then lets the loop's clock jump."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            self._loop.pass_time(timeout)
        return ready


class FastLoop(asyncio.SelectorEventLoop):
    """An event loop on the wall's clock, ``speed`` times faster; it starts at zero."""

    def __init__(self, speed: float = 1.0) -> None:
        self._pace = _FastSelector(speed)
        self._since, self._passed = time.monotonic(), 0.0
        super().__init__(self._pace)

    def time(self) -> float:
        """Give the carrier's seconds since the loop was made."""
        return self._passed + (time.monotonic() - self._since) * self._pace.speed

    def goes_at(self, speed: float) -> None:
        """Go on at another speed from now on; for what runs on the loop alone."""
        self._passed, self._since = self.time(), time.monotonic()
        self._pace.speed = speed


class _FastSelector(selectors.DefaultSelector):
    """Waits for a ``speed``-th of what the loop asks."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self.speed = speed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / self.speed)
