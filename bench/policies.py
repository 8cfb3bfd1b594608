"""Ways to bring callers to agents, as plans over the same board.

Those that are no policy of ours (the pool, the strictly local, the rings by waiting time) are plans
that name fewer places; the walk and the match are the production scripts for every one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.scenario import SECOND, Arrival
from dispatcher.domain.reserves import PERCENT, Reserve
from dispatcher.domain.routing import Plan, plan
from dispatcher.domain.territories import Level

NO_CAP = 1_000_000
TICK = SECOND
FETCH = 10 * SECOND
"""Between two fetches of the wait document, at each of which the plan is walked again."""


@dataclass(frozen=True, slots=True)
class Stage:
    """From so many milliseconds of waiting on, look in the places between two levels."""

    after: int
    narrowest: Level
    widest: Level


@dataclass(frozen=True, slots=True)
class Lends:
    """Départements lend up to this price, and for a caller who was held so long at any."""

    percent: int
    hold: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Where to look for a caller's agent, by how long they have waited."""

    name: str
    stages: tuple[Stage, ...]
    lends: Lends | None = None
    waits: bool = True
    """False: who finds nobody at once has gone (a loss system)."""

    def plan(self, caller: Arrival, waited: int, *, opening: datetime) -> Plan:
        """Where to look now."""
        stage = [each for each in self.stages if each.after <= waited][-1]
        within = range(stage.narrowest, stage.widest + 1)
        around = tuple(place for place in caller.around if place.level in within)
        return plan(
            around,
            caller.need,
            offers_per_hour=NO_CAP,
            reserve=self._reserve(caller, self.lends, opening) if self.lends else None,
        )

    def next_look(self, caller: Arrival, waited: int) -> int:
        """How long somebody will have waited when the plan is walked for them again."""
        looks = [waited + FETCH, *(stage.after for stage in self.stages)]
        if self.lends is not None:  # the clock looks for who is no longer held, every second
            looks.append(-(-(caller.at + self.lends.hold) // TICK) * TICK - caller.at)
        return min(after for after in looks if after > waited)

    def _reserve(self, caller: Arrival, lends: Lends, opening: datetime) -> Reserve:
        until = opening + timedelta(milliseconds=caller.at + lends.hold)
        return Reserve(caller.beyond, lends.percent * PERCENT, until)


POOL = Policy("national pool", (Stage(0, Level.NATION, Level.NATION),))
STRICT = Policy("strictly local", (Stage(0, Level.COMMUNE, Level.DEPARTEMENT),))
CEILING = Policy("Erlang-B ceiling", STRICT.stages, waits=False)
RINGS = Policy(
    "rings by waiting time",
    (
        Stage(0, Level.COMMUNE, Level.EPCI),
        Stage(15 * SECOND, Level.COMMUNE, Level.DEPARTEMENT),
        Stage(30 * SECOND, Level.COMMUNE, Level.REGION),
        Stage(45 * SECOND, Level.COMMUNE, Level.NATION),
    ),
)
NEAREST = Policy("nearest at once", (Stage(0, Level.COMMUNE, Level.NATION),))
LENDING = Policy("cheapest first, the last kept", NEAREST.stages, Lends(55, 5 * SECOND))
"""What a line does unless its settings say otherwise."""
PATIENT = Policy("cheapest first, 50 % and 18 s", NEAREST.stages, Lends(50, 18 * SECOND))
