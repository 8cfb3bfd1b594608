"""Ways to bring callers to agents, as plans over the same board.

Those that are no policy of ours (the pool, the strictly local, the rings by waiting time) are plans
that name fewer places; the walk and the match are the production scripts for every one.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.scenario import SECOND, Arrival
from dispatcher.domain.routing import Plan, plan
from dispatcher.domain.territories import Level

NO_CAP = 1_000_000
FETCH = 10 * SECOND
"""Between two fetches of the wait document, at each of which the plan is walked again."""


@dataclass(frozen=True, slots=True)
class Stage:
    """From so many milliseconds of waiting on, look in the places between two levels."""

    after: int
    narrowest: Level
    widest: Level


@dataclass(frozen=True, slots=True)
class Policy:
    """Where to look for a caller's agent, by how long they have waited."""

    name: str
    stages: tuple[Stage, ...]
    waits: bool = True
    """False: who finds nobody at once has gone (a loss system)."""

    def plan(self, caller: Arrival, waited: int) -> Plan:
        """Where to look now."""
        stage = [each for each in self.stages if each.after <= waited][-1]
        within = range(stage.narrowest, stage.widest + 1)
        around = tuple(place for place in caller.around if place.level in within)
        return plan(around, caller.need, offers_per_hour=NO_CAP)

    def next_look(self, waited: int) -> int:
        """How long somebody has waited when the plan is walked for them again."""
        return min([waited + FETCH, *(s.after for s in self.stages if s.after > waited)])


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
