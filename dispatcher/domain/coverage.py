"""Who serves what, and when: slots posted against opening hours, by territory and need.

An agent counts for a territory when they stand in its basket (``zones.places``), as when a caller
from there is routed; for a need when they are rung for it first. Somebody who stands for all of
France counts for France: that a call may go far away is no coverage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatcher.domain.agents import Need, Skillset
from dispatcher.domain.schedule import Cover
from dispatcher.domain.territories import Territory

SERVED_BY: Final[Mapping[Need, frozenset[Skillset]]] = {
    Need.PROCEDURES: frozenset({Skillset.PROCEDURES, Skillset.BOTH}),
    Need.MEDIATION: frozenset({Skillset.MEDIATION, Skillset.BOTH}),
}
"""Whose slots count for a need; mediators who stand in for procedures as a last resort do not."""

Row = tuple[Territory, Need]


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


def gaps(found: Mapping[Row, Iterable[Stretch]]) -> Iterator[Gap]:
    """Where nobody is: by territory and need, in order of time."""
    for (territory, need), all_of_row in found.items():
        for each in all_of_row:
            if each.agents == 0:
                yield Gap(territory, need, each.start, each.end)


def opened(before: Iterable[Gap], after: Iterable[Gap]) -> list[Gap]:
    """The gaps that are there after a change and were not, or not all of them, before."""
    known: dict[Row, list[Gap]] = {}
    for gap in before:
        known.setdefault((gap.territory, gap.need), []).append(gap)
    return [
        gap
        for gap in after
        if not any(
            each.start <= gap.start and gap.end <= each.end
            for each in known.get((gap.territory, gap.need), ())
        )
    ]
