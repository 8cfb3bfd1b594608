"""Callers and agents drawn by a seed: the same seed draws the same day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log
from random import Random
from typing import Any

from dispatcher.day.plan import PlannedCall, Then
from dispatcher.domain.agents import Need
from dispatcher.domain.territories import Commune

SPREAD = 0.8
"""Of patience around its median: half of all people have between 0.6 and 1.7 times the median."""
LONGEST_PATIENCE = 3600.0
SKILLS = ("procedures:2", "mediation:2", "procedures:2 mediation:1")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long people wait: evenly within a span, or log-normal around a ``median``."""

    span: tuple[float, float] = (120.0, 120.0)
    median: float | None = None

    def draw(self, dice: Random) -> float:
        """One person's, in seconds."""
        if self.median is None:
            return dice.uniform(*self.span)
        return min(LONGEST_PATIENCE, dice.lognormvariate(log(self.median), SPREAD))


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is drawn: chances from 0 to 1, weights, and how many."""

    calls: int
    patience: Patience = Patience()
    needs: Mapping[Need, float] = field(
        default_factory=lambda: {Need.PROCEDURES: 6, Need.MEDIATION: 3, Need.EITHER: 1}
    )
    hours: Mapping[int, float] = field(default_factory=dict)
    callback: float = 0.3
    masked: float = 0.05
    stars: float = 0.05
    wrong_keys: float = 0.05
    unreachable: float = 0.1

    def call(
        self, dice: Random, at: datetime, from_: Commune, code: str, **who: Any
    ) -> PlannedCall:
        """One caller from this commune and postal code."""
        return PlannedCall(
            at=at,
            postal_code=code,
            commune=from_.name,
            need=dice.choices(list(self.needs), list(self.needs.values()))[0],
            patience=round(self.patience.draw(dice), 1),
            then=Then.CALLBACK if dice.random() < self.callback else Then.HANG_UP,
            masked=dice.random() < self.masked,
            stars=int(dice.random() < self.stars),
            wrong_keys=int(dice.random() < self.wrong_keys),
            reachable=dice.random() >= self.unreachable,
            **who,
        )


def moments(
    crowd: Crowd, begins: datetime, ends: datetime, zone: Any, dice: Random
) -> list[datetime]:
    """When they ring, earliest first: each hour as busy as its weight says, or all alike.

    An hour without a weight has no call; empty when no hour of the day has one.
    """
    quarter = timedelta(minutes=15)
    starts = [begins + quarter * n for n in range(max(1, int((ends - begins) / quarter)))]
    weights = [crowd.hours.get(at.astimezone(zone).hour, 0) for at in starts]
    if not crowd.hours:
        weights = [1.0] * len(starts)
    if not sum(weights):
        return []
    length = min(quarter, ends - begins).total_seconds()
    drawn = dice.choices(starts, weights, k=crowd.calls)
    return sorted(at + timedelta(seconds=round(dice.uniform(0, length), 1)) for at in drawn)


def places(
    communes: Sequence[Commune], codes: Sequence[str], count: int, dice: Random
) -> list[tuple[Commune, str]]:
    """Where they ring from: communes weighted by who lives there, and a postal code of each."""
    known = [each for each in communes if set(each.postal_codes) & set(codes or each.postal_codes)]
    drawn = dice.choices(known, [each.population + 1 for each in known], k=count)
    return [
        (each, dice.choice([c for c in each.postal_codes if not codes or c in codes]))
        for each in drawn
    ]
