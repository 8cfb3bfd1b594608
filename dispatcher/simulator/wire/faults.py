"""Knobs for what may go wrong between the carrier and the application, each drawn by a seed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from random import Random


class Fate(Enum):
    """What becomes of a request for TwiML."""

    ONCE = "once"
    RETRIED = "retried"
    """The application answered, the answer was lost: asked again, the second answer counts."""
    DOUBLED = "doubled"
    """A late copy arrives after the first, and its answer is ignored."""


@dataclass(slots=True)
class Faults:
    """Chances from 0 to 1, and spans of seconds from which delays are drawn evenly.

    ``duplicate`` holds for every webhook; ``delay`` and ``reorder`` for status callbacks, where a
    reordered one is held back for ``held_for`` so that later ones overtake it; ``voice_delay``
    for requests for TwiML, during which the caller waits.
    """

    seed: int = 1
    duplicate: float = 0.0
    delay: tuple[float, float] = (0.0, 0.0)
    reorder: float = 0.0
    held_for: tuple[float, float] = (3.0, 12.0)
    voice_delay: tuple[float, float] = (0.0, 0.0)
    _dice: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._dice = Random(self.seed)  # noqa: S311 a repeatable fault, not a secret

    def callback_moments(self) -> list[float]:
        """Draw after how many seconds the copies of one status callback leave."""
        moment = self._dice.uniform(*self.delay)
        if self._happens(self.reorder):
            moment += self._dice.uniform(*self.held_for)
        copies = [moment]
        if self._happens(self.duplicate):
            copies.append(moment + self._dice.uniform(0.0, self.held_for[1]))
        return copies

    def voice_fate(self) -> tuple[float, Fate]:
        """Draw how long a request for TwiML is delayed, and what becomes of it."""
        delay = self._dice.uniform(*self.voice_delay)
        if not self._happens(self.duplicate):
            return delay, Fate.ONCE
        return delay, self._dice.choice((Fate.RETRIED, Fate.DOUBLED))

    def late(self) -> float:
        """Draw after how many seconds a late copy arrives."""
        return self._dice.uniform(*self.held_for)

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self._dice.random() < chance


@dataclass(frozen=True, slots=True)
class RestFault:
    """How one REST request fails: with ``status``, before or after its effect, or by silence."""

    status: int = 503
    after_effect: bool = False
    hang: bool = False
    path: str = ""


class RestHungError(TimeoutError):
    """The carrier's REST server never answered."""


class RestFaults:
    """The REST requests that are going to fail, in order; others pass."""

    def __init__(self) -> None:
        self._planned: deque[RestFault] = deque()

    def fail_next(
        self,
        times: int = 1,
        *,
        status: int = 503,
        after_effect: bool = False,
        hang: bool = False,
        path: str = "",
    ) -> None:
        """Let the next requests whose path holds ``path`` fail so (429 and 5xx are Twilio's)."""
        self._planned.extend([RestFault(status, after_effect, hang, path)] * times)

    def draw(self, path: str) -> RestFault | None:
        """Take the fault meant for this request, if one is."""
        for fault in self._planned:
            if fault.path in path:
                self._planned.remove(fault)
                return fault
        return None
