"""What became of everybody who rang in the measured hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles, stdev

from bench.scenario import SECOND, Arrival, Post, Scenario
from dispatcher.domain.agents import AgentId
from dispatcher.domain.territories import Level

SOON = 20 * SECOND


@dataclass(frozen=True, slots=True)
class Shares:
    """Of who rang: answered within 20 s, lost; of who was answered: locally; waits in seconds.

    ``spread`` is the ninetieth less the tenth percentile of the agents' occupancy.
    """

    local: float
    soon: float
    wait: float
    lost: float
    spread: float


class Tally:
    """Counts; of a day's end nothing is counted that was not decided then."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._waits: list[int] = []
        self._local = self._lost = 0
        self._busy: dict[AgentId, int] = defaultdict(int)

    def served(self, caller: Arrival, post: Post, *, at: int) -> None:
        """An agent answers."""
        begins = max(at, self._scenario.measured_from)
        ends = min(at + caller.talk, self._scenario.ends)
        self._busy[post.id] += max(0, ends - begins)
        if caller.at >= self._scenario.measured_from:
            self._waits.append(at - caller.at)
            near = (place for place in caller.around if place.level <= Level.DEPARTEMENT)
            self._local += any(place in post.places for place in near)

    def lost(self, caller: Arrival) -> None:
        """Somebody leaves."""
        self._lost += caller.at >= self._scenario.measured_from

    @property
    def shares(self) -> Shares:
        """The day in five figures."""
        offered = len(self._waits) + self._lost
        hours = self._scenario.ends - self._scenario.measured_from
        tenths = quantiles([self._busy[p.id] / hours for p in self._scenario.posts], n=10)
        return Shares(
            local=self._local / max(1, len(self._waits)),
            soon=sum(wait <= SOON for wait in self._waits) / max(1, offered),
            wait=fmean(self._waits) / SECOND if self._waits else 0.0,
            lost=self._lost / max(1, offered),
            spread=tenths[-1] - tenths[0],
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds, and its standard error (None of a single one)."""

    mean: float
    error: float | None

    @classmethod
    def of(cls, values: Sequence[float]) -> Estimate:
        """Of what each seed showed."""
        error = stdev(values) / len(values) ** 0.5 if len(values) > 1 else None
        return cls(fmean(values), error)
