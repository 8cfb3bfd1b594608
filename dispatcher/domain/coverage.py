"""Who serves what, and when: slots posted against opening hours, by territory and need.

An agent counts for a territory when they stand in its basket (``zones.places``), as when a caller
from there is routed; for a need when they are rung for it first. Somebody who stands for all of
France counts for France: that a call may go far away is no coverage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from dispatcher.domain.agents import Agent, Need, Skillset
from dispatcher.domain.covers import less
from dispatcher.domain.schedule import Cover, local, midnight_after
from dispatcher.domain.slots import DAY, Span
from dispatcher.domain.territories import Atlas, Level, Territory
from dispatcher.domain.zones import Zones, places

SERVED_BY: Final[Mapping[Need, frozenset[Skillset]]] = {
    Need.PROCEDURES: frozenset({Skillset.PROCEDURES, Skillset.BOTH}),
    Need.MEDIATION: frozenset({Skillset.MEDIATION, Skillset.BOTH}),
}
"""Whose slots count for a need; mediators who stand in for procedures as a last resort do not."""

Row = tuple[Territory, Need]
NAMED: Final = frozenset({Level.EPCI, Level.DEPARTEMENT})
"""Where somebody is missed: around a commune or an EPCI these are told, wider zones as they are."""


@dataclass(frozen=True, slots=True)
class Posted:
    """When one agent means to answer, and for whom."""

    places: frozenset[Territory]
    skillset: Skillset
    on_duty: tuple[Cover, ...]

    def counts_for(self, row: Row) -> bool:
        """Whether this agent is there for a territory and need."""
        territory, need = row
        return territory in self.places and self.skillset in SERVED_BY[need]

    @classmethod
    def of(cls, agent: Agent, atlas: Atlas, *, since: datetime, until: datetime) -> Posted | None:
        """When an agent means to answer between two moments; None for whoever cannot be rung."""
        if not agent.ringable or agent.skillset is None:
            return None
        served = frozenset(places(agent.zones, atlas)) - agent.zones.excluded
        return cls(served, agent.skillset, agent.on_duty(since, until))


def own_rows(agent: Agent, atlas: Atlas) -> tuple[Row, ...]:
    """The territories and needs that are an agent's own: the départements of their zones, and the
    EPCI where zones are that fine; a zone as it is where they stand in neither.
    """
    return rows_of(agent.skillset, agent.zones, atlas)


def rows_of(skillset: Skillset | None, zones: Zones, atlas: Atlas) -> tuple[Row, ...]:
    """The same, of whoever has these skills and zones."""
    served = frozenset(places(zones, atlas)) - zones.excluded
    found: set[Territory] = set()
    for zone in map(atlas.present, zones.inside):
        found |= {each for each in atlas.above(zone) & served if each.level in NAMED} or {zone}
    needs = [need for need, by in SERVED_BY.items() if skillset in by]
    return tuple((territory, need) for territory in sorted(found) for need in needs)


def serves(rows: Iterable[Row], skillset: Skillset, zones: Zones, atlas: Atlas) -> bool:
    """Whether somebody with these skills and zones counts for one of these."""
    served = frozenset(places(zones, atlas)) - zones.excluded
    return any(place in served and skillset in SERVED_BY[need] for place, need in rows)


def widest(found: Iterable[Territory], atlas: Atlas) -> set[Territory]:
    """Those territories of which no département is there too."""
    found = set(found)
    return {each for each in found if not (_departements(each, atlas) & found) - {each}}


def within(departement: Territory, found: Iterable[Territory], atlas: Atlas) -> set[Territory]:
    """A département and the narrower territories in it, of those that are there."""
    return {each for each in found if departement in _departements(each, atlas)}


def _departements(territory: Territory, atlas: Atlas) -> set[Territory]:
    return {each for each in atlas.above(territory) if each.level is Level.DEPARTEMENT}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of opening hours in which the same number of agents have a slot."""

    start: datetime
    end: datetime
    agents: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Opening hours in which nobody has a slot for a territory and need."""

    territory: Territory
    need: Need
    start: datetime
    end: datetime

    def on_clock(self, zone: str) -> tuple[date, Span]:
        """The local day on which it begins, and what clocks show at its start and end."""
        start, end = local(self.start, zone), local(self.end, zone)
        return start.date(), Span(*(each.hour * 60 + each.minute for each in (start, end)))


def stretches(opening: Sequence[Cover], slots: Iterable[Cover]) -> list[Stretch]:
    """Opening hours cut wherever the number of agents changes, in order.

    ``opening`` are stretches that do not touch, earliest first; ``slots`` those of all agents.
    """
    steps: Counter[datetime] = Counter()
    for slot in slots:
        steps[slot.start] += 1
        steps[slot.end] -= 1
    changes = sorted(steps)
    found, agents, at = [], 0, 0
    for hours in opening:
        start = hours.start
        while at < len(changes) and changes[at] <= start:
            agents += steps[changes[at]]
            at += 1
        while at < len(changes) and changes[at] < hours.end:
            if steps[changes[at]]:
                found.append(Stretch(start, changes[at], agents))
                start = changes[at]
            agents += steps[changes[at]]
            at += 1
        found.append(Stretch(start, hours.end, agents))
    return found


def covered(
    rows: Iterable[Row], posted: Sequence[Posted], opening: Sequence[Cover]
) -> dict[Row, list[Stretch]]:
    """For each territory and need, how many agents have a slot, all through the opening hours."""
    return {
        row: stretches(
            opening, [slot for each in posted if each.counts_for(row) for slot in each.on_duty]
        )
        for row in rows
    }


def share(found: Sequence[Stretch]) -> float:
    """How much of these opening hours has somebody, 0 to 1; 1 where there are none."""
    hours = sum((each.end - each.start for each in found), timedelta())
    there = sum((each.end - each.start for each in found if each.agents), timedelta())
    return there / hours if hours else 1.0


def alone(found: Iterable[Stretch], zone: str) -> dict[date, list[Span]]:
    """When nobody is there, by local day; what runs past a midnight is parted there."""
    days: dict[date, list[Span]] = {}
    for each in found:
        start = each.start
        while each.agents == 0 and start < each.end:
            end = min(each.end, midnight_after(start, zone))
            begins, ends = local(start, zone), local(end, zone)
            until = ends.hour * 60 + ends.minute or DAY
            span = Span(begins.hour * 60 + begins.minute, until)
            days.setdefault(begins.date(), []).append(span)
            start = end
    return days


def gaps(found: Mapping[Row, Iterable[Stretch]]) -> Iterator[Gap]:
    """Where nobody is: by territory and need, in order of time."""
    for (territory, need), all_of_row in found.items():
        for each in all_of_row:
            if each.agents == 0:
                yield Gap(territory, need, each.start, each.end)


def opened(before: Iterable[Gap], after: Iterable[Gap]) -> list[Gap]:
    """What is a gap after a change and was none before; of one that has grown, the new part."""
    known: dict[Row, list[Cover]] = {}
    for gap in before:
        known.setdefault((gap.territory, gap.need), []).append(Cover(gap.start, gap.end))
    return [
        Gap(gap.territory, gap.need, new.start, new.end)
        for gap in after
        for new in less([Cover(gap.start, gap.end)], known.get((gap.territory, gap.need), ()))
    ]
