"""A day in figures: how many calls came to what, how long people waited, how busy agents were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles

from dispatcher.day.fates import Fate, Told
from dispatcher.day.office import Office
from dispatcher.day.plan import Plan
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.operations import agents

SOON = 60.0
"""Seconds within which a call is answered soon."""


@dataclass(frozen=True, slots=True)
class Helped:
    """One agent's day: seconds in conversation, and seconds in which they meant to answer.

    ``structure`` is the name of their house.
    """

    id: AgentId
    name: str
    structure: str
    talks: int
    talked: float
    on: float

    @property
    def occupied(self) -> float | None:
        """What part of their time they were in conversation; None of somebody never on."""
        return self.talked / self.on if self.on else None


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one day; waits in seconds, of those who were answered; None: nobody was."""

    calls: int
    counts: dict[Fate, int]
    odd: int
    median: float | None
    ninetieth: float | None
    soon: int

    @property
    def soon_share(self) -> float | None:
        """What part of all calls was answered soon; None of a day without calls."""
        return self.soon / self.calls if self.calls else None


def sum_up(told: Sequence[Told]) -> Summary:
    """The figures of these calls."""
    counted = Counter(each.fate for each in told)
    waits = [t.after for t in told if t.fate is Fate.ANSWERED and t.after is not None]
    return Summary(
        calls=len(told),
        counts={fate: counted[fate] for fate in Fate},
        odd=sum(each.odd is not None for each in told),
        median=median(waits) if waits else None,
        ninetieth=_ninetieth(waits),
        soon=sum(wait <= SOON for wait in waits),
    )


def _ninetieth(waits: Sequence[float]) -> float | None:
    if len(waits) < 2:
        return waits[0] if waits else None
    return quantiles(waits, n=10, method="inclusive")[-1]


def helped(plan: Plan, office: Office) -> tuple[Helped, ...]:
    """What every agent did: conversations by the network's ledger, hours by their slots."""
    services = office.services
    with services.store.reading() as tx:
        roster = tx.agents.roster(agents.calendar(services))
        houses = tx.structures.names()
        telephones = {agent.id: tx.agents.telephone(agent.id) for agent in roster}
    found = []
    for agent in roster:
        talks = office.network.ledger.bridges(telephones[agent.id] or "-")
        ends = [t.until if t.until is not None else office.network.seconds() for t in talks]
        talked = sum(end - talk.since for end, talk in zip(ends, talks, strict=True))
        on = _on(agent, plan.begins, plan.ends)
        found.append(Helped(agent.id, agent.name, houses[agent.structure], len(talks), talked, on))
    return tuple(found)


def _on(agent: Agent, begins: datetime, ends: datetime) -> float:
    """Seconds of the day in their slots."""
    covers = agent.on_duty(begins, ends)
    return sum((cover.end - cover.start).total_seconds() for cover in covers)
