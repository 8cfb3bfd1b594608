"""Who is rung for a caller, and which caller a freed agent serves best.

A caller becomes a *plan*: the ordered baskets to look in. The live script walks the plan and takes
the first agent along it; ``route`` here is the reference on a small board, and a property test
holds the script to it. Every ring is open at once, nearest first: widening by waiting time is
dominated (measured: shared reference ``performance.md`` 1.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.territories import Level, Territory

HEAD_START = {
    Level.HELPER: timedelta(seconds=90),
    Level.HOUSE: timedelta(seconds=90),
    Level.COMMUNE: timedelta(seconds=90),
    Level.EPCI: timedelta(seconds=60),
    Level.DEPARTEMENT: timedelta(seconds=45),
    Level.REGION: timedelta(seconds=20),
    Level.NATION: timedelta(0),
}
"""How much longer a near caller counts as having waited when an agent is freed.

Bounded on purpose: nobody is passed by somebody who came more than 90 seconds after them.
"""

FIRST_FOR_WHO_WAITS = timedelta(seconds=3)
"""How long before an agent is free for everybody they are there for those who already wait.

Else whoever rings in the second between an agent's wrap-up and the next look at the line would pass
everybody on it.
"""

NAMED_AT_MOST = 20

_FIRST_CHOICE = {
    Need.PROCEDURES: (Skillset.PROCEDURES, Skillset.BOTH),
    Need.MEDIATION: (Skillset.MEDIATION, Skillset.BOTH),
    # Mediators first: only procedures agents can fully stand in for procedures.
    Need.EITHER: (Skillset.MEDIATION, Skillset.PROCEDURES, Skillset.BOTH),
}
_LAST_RESORT: dict[Need, tuple[Skillset, ...]] = {Need.PROCEDURES: (Skillset.MEDIATION,)}


class Cause(StrEnum):
    """Why somebody in a basket was passed over."""

    EXCLUDED = "excluded"  # they do not serve this place
    TRIED = "tried"  # this caller was just offered to them
    CAP = "cap"  # offered enough calls this hour
    RESTING = "resting"  # still in their wrap-up
    OFF = "off"  # their slot is over


@dataclass(frozen=True, slots=True)
class Basket:
    """Agents of one skillset who stand in one place."""

    place: Territory
    skillset: Skillset


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to look for a caller's agent, in order, and whom to pass over."""

    around: tuple[Territory, ...]
    need: Need
    baskets: tuple[Basket, ...]
    tried: frozenset[AgentId]
    offers_per_hour: int


def plan(
    around: tuple[Territory, ...],
    need: Need,
    *,
    tried: Iterable[AgentId] = (),
    offers_per_hour: int,
    house: str | None = None,
    helper: AgentId | None = None,
) -> Plan:
    """The baskets for a caller who lives ``around`` these places, narrowest first.

    Before them all: the agent who helped this caller before, and the house whose line they rang.
    """
    if house is not None:
        around = (Territory.house(house), *around)
    if helper is not None:
        around = (Territory.helper(helper), *around)
    baskets = [Basket(place, skills) for place in around for skills in _FIRST_CHOICE[need]]
    baskets += [Basket(place, skills) for skills in _LAST_RESORT.get(need, ()) for place in around]
    return Plan(around, need, tuple(baskets), frozenset(tried), offers_per_hour)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent as the board sees them. ``free_at`` None: with a caller now.

    Everybody stands in a place of their own besides ``places``: for those they helped before.
    """

    id: AgentId
    skillset: Skillset
    places: tuple[Territory, ...]
    excluded: frozenset[Territory] = frozenset()
    free_at: datetime | None = None
    until: datetime | None = None
    offers_this_hour: int = 0

    def stands_in(self, place: Territory) -> bool:
        """Whether callers of this place come to them."""
        return place in self.places or place == Territory.helper(self.id)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody the walk met before the one it took, and why they were not taken."""

    basket: int
    cause: Cause
    agent: AgentId


@dataclass(frozen=True, slots=True)
class Routed:
    """What a walk found: the agent and the basket's place in the plan, or nobody; and why."""

    agent: AgentId | None
    basket: int | None
    counts: dict[tuple[int, Cause], int] = field(default_factory=dict)
    named: tuple[PassedOver, ...] = ()


def route(plan: Plan, board: Iterable[Candidate], *, at: datetime) -> Routed:
    """The agent this plan finds on this board: the reference for the live script."""
    idle = sorted((c for c in board if c.free_at is not None), key=_longest_idle)
    counts: dict[tuple[int, Cause], int] = {}
    named: list[PassedOver] = []
    for index, basket in enumerate(plan.baskets):
        for candidate in idle:
            if candidate.skillset is not basket.skillset or not candidate.stands_in(basket.place):
                continue
            cause = refused(candidate, plan, at=at)
            if cause is None:
                return Routed(candidate.id, index, counts, tuple(named))
            counts[index, cause] = counts.get((index, cause), 0) + 1
            if len(named) < NAMED_AT_MOST:
                named.append(PassedOver(index, cause, candidate.id))
    return Routed(None, None, counts, tuple(named))


def refused(candidate: Candidate, plan: Plan, *, at: datetime) -> Cause | None:
    """Why this idle candidate may not be taken for this plan now; None when they may."""
    if candidate.free_at is not None and candidate.free_at > at:
        return Cause.RESTING
    if candidate.until is not None and candidate.until <= at:
        return Cause.OFF
    if candidate.id in plan.tried:
        return Cause.TRIED
    if candidate.offers_this_hour >= plan.offers_per_hour:
        return Cause.CAP
    return Cause.EXCLUDED if candidate.excluded & set(plan.around) else None


def _longest_idle(candidate: Candidate) -> tuple[datetime, str]:
    # Redis orders equal scores by the member's text.
    assert candidate.free_at is not None
    return candidate.free_at, str(candidate.id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits, on the line or for a callback."""

    id: str
    since: datetime
    plan: Plan


def skillsets_for(need: Need) -> tuple[Skillset, ...]:
    """Who may take this need, those of the last resort included."""
    return _FIRST_CHOICE[need] + _LAST_RESORT.get(need, ())


def needs_served(skillset: Skillset) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
    """The needs this skillset looks at first when freed, and those it takes when no other waits."""
    first = tuple(need for need in Need if skillset in _FIRST_CHOICE[need])
    last = tuple(need for need in Need if skillset in _LAST_RESORT.get(need, ()))
    return first, last


def best_caller(agent: Candidate, waiting: Iterable[Waiting], *, at: datetime) -> Waiting | None:
    """The caller a free agent serves best: nearest first with a bounded head start, then oldest.

    An agent is there for who waits a moment before they are free for everybody.
    """
    found = _most_urgent(agent, waiting, at=at)
    return found[-1] if found else None


def urgency(
    agent: Candidate, waiting: Iterable[Waiting], *, at: datetime
) -> tuple[int, datetime] | None:
    """How urgent a free agent's best caller is, the least first; None when they have none.

    Of agents freed together the one with the most urgent caller looks first: so near ones meet, and
    nobody is passed by more than the head start, however many agents are freed.
    """
    found = _most_urgent(agent, waiting, at=at)
    return found[:2] if found else None


def _most_urgent(
    agent: Candidate, waiting: Iterable[Waiting], *, at: datetime
) -> tuple[int, datetime, datetime, str, Waiting] | None:
    callers = list(waiting)
    if agent.free_at is not None:
        agent = replace(agent, free_at=agent.free_at - FIRST_FOR_WHO_WAITS)
    ranked = [
        (turn, caller.since - HEAD_START[place.level], caller.since, caller.id, caller)
        for turn, needs in enumerate(needs_served(agent.skillset))
        for caller in callers
        if caller.plan.need in needs and refused(agent, caller.plan, at=at) is None
        for place in caller.plan.around
        if agent.stands_in(place)
    ]
    return min(ranked, key=lambda entry: entry[:4], default=None)
