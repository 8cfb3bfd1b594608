"""How much of everything a soak lives through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """``rate``: calls a network second; ``speed``: network seconds a real one; ``every``: real
    seconds between two kills; ``settles``: network seconds after the last fault
    by which nobody may be stuck; ``quiet``: network seconds at most for every promise to be kept;
    ``only_callbacks``: everybody asks to be rung back.
    """

    calls: int
    agents: int
    rate: float
    seed: int
    speed: float = 5.0
    every: tuple[float, float] = (3.0, 8.0)
    settles: float = 60.0
    quiet: float = 900.0
    only_callbacks: bool = False

    @property
    def lasts(self) -> float:
        """Network seconds in which people ring, and processes are killed."""
        return self.calls / self.rate


def whole(seed: int) -> Profile:
    """``make soak``: 2,000 calls over 40 agents, about nine minutes."""
    return Profile(calls=2000, agents=40, rate=0.8, seed=seed)


def callbacks(seed: int) -> Profile:
    """``make soak``: 500 people who all ask to be rung back."""
    return Profile(
        calls=500,
        agents=16,
        rate=0.7,
        seed=seed,
        every=(2.0, 5.0),
        quiet=3600.0,
        only_callbacks=True,
    )


def short(seed: int) -> Profile:
    """In ``make test``: every process is killed once or twice, within half a minute."""
    return Profile(calls=60, agents=10, rate=0.6, seed=seed, every=(1.5, 2.5))
