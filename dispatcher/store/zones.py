"""Zones: whom each agent serves who can be rung, without anything else of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.zones import Zones, effective
from dispatcher.store.schema import agents, structures

_SERVED: Final = (
    sa.select(
        *(agents.c.id, agents.c.skills, agents.c.zones),
        *(structures.c.zones.label("house_zones"), structures.c.commune),
    )
    .join(structures, structures.c.id == agents.c.structure)
    .where(agents.c.telephone.is_not(None), agents.c.aside.is_(None), agents.c.skills != "")
)


class AgentZones:
    """The zones of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def served(self) -> dict[AgentId, tuple[Skillset, Zones]]:
        """Whoever could be rung, for what, and the zones that really hold; in one statement."""
        found = {}
        for id, skills, zones, house, commune in self._connection.execute(_SERVED):
            skillset = Skillset.of(Need(pair.split(":")[0]) for pair in skills.split())
            if skillset is not None:
                found[AgentId(id)] = skillset, _zones(zones, house, commune)
        return found


@lru_cache(maxsize=8192)  # a directory of thousands has as many houses at most
def _zones(own: str, house: str, commune: str) -> Zones:
    return effective(Zones.parse(own), Zones.parse(house), commune)
