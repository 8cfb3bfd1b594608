"""Knobs for what may go wrong between the carrier and the application, each drawn by a seed."""

from __future__ import annotations

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
    TWINS = "twins"
    """A copy arrives at the very same moment, and its answer is ignored."""


@dataclass(slots=True)
class Faults:
    """Chances from 0 to 1, and spans of seconds from which delays are drawn evenly.

    ``duplicate`` holds for every webhook, ``twins`` for requests for TwiML; ``delay`` and
    ``reorder`` for status callbacks, where a reordered one is held back for ``held_for`` so that
    later ones overtake it; ``voice_delay`` for requests for TwiML, during which the caller waits.
    ``unheard`` is the chance that of what somebody says nothing is recognised; ``no_media`` holds
    parts of the addresses of sound files that cannot be had.
    """

    seed: int = 1
    duplicate: float = 0.0
    delay: tuple[float, float] = (0.0, 0.0)
    reorder: float = 0.0
    twins: float = 0.0
    held_for: tuple[float, float] = (3.0, 12.0)
    voice_delay: tuple[float, float] = (0.0, 0.0)
    unheard: float = 0.0
    no_media: tuple[str, ...] = ()
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
        if self._happens(self.twins):
            return delay, Fate.TWINS
        if not self._happens(self.duplicate):
            return delay, Fate.ONCE
        return delay, self._dice.choice((Fate.RETRIED, Fate.DOUBLED))

    def late(self) -> float:
        """Draw after how many seconds a late copy arrives."""
        return self._dice.uniform(*self.held_for)

    def is_unheard(self) -> bool:
        """Draw whether nothing is recognised of what somebody said."""
        return self._happens(self.unheard)

    def lacks(self, url: str) -> bool:
        """Say whether a sound file cannot be had."""
        return any(part in url for part in self.no_media)

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self._dice.random() < chance
