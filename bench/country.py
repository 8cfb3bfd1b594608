"""Agents and callers of the whole country, drawn over its real communes by population."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate
from random import Random

from dispatcher.assembly import TERRITORIES
from dispatcher.domain.agents import Need, Skillset
from dispatcher.domain.reserves import Reserve
from dispatcher.domain.routing import Plan, plan
from dispatcher.domain.territories import Commune, Level, Territory, load_atlas
from dispatcher.domain.zones import Zones, places

SKILLSETS = {Skillset.PROCEDURES: 40, Skillset.MEDIATION: 20, Skillset.BOTH: 40}
NEEDS = {Need.PROCEDURES: 65, Need.MEDIATION: 35}
"""Of a hundred callers."""
OFFERS_PER_HOUR = 12
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Country:
    """Draws; the same seed draws the same people."""

    def __init__(self, seed: int = 1) -> None:
        self.atlas = load_atlas(TERRITORIES)
        self._dice = Random(seed)

    def commune(self) -> Commune:
        """Where somebody lives, or works."""
        communes, weights = self._inhabited
        return self._dice.choices(communes, cum_weights=weights)[0]

    def skillset(self) -> Skillset:
        """What an agent can do."""
        return self._dice.choices(list(SKILLSETS), list(SKILLSETS.values()))[0]

    def places(self) -> tuple[Territory, ...]:
        """Where an agent stands whose zone is the commune of their house."""
        commune = self.commune()
        zones = Zones(frozenset({Territory(Level.COMMUNE, commune.code)}))
        return (Territory.house(house_in(commune)), *places(zones, self.atlas))

    def need(self) -> Need:
        """What somebody rings for."""
        return self._dice.choices(list(NEEDS), list(NEEDS.values()))[0]

    def plan(self) -> Plan:
        """Where to look for a caller's agent who is not held for somebody near."""
        around = self.atlas.around(self.commune())
        anybody = Reserve(self.atlas.beyond(around), 0, LONG_AGO)
        return plan(around, self.need(), offers_per_hour=OFFERS_PER_HOUR, reserve=anybody)

    @cached_property
    def _inhabited(self) -> tuple[list[Commune], list[int]]:
        communes = [commune for commune in self.atlas.communes() if commune.population]
        return communes, list(accumulate(commune.population for commune in communes))


def house_in(commune: Commune) -> str:
    """The id of the house of a commune."""
    return f"maison-{commune.code}"
