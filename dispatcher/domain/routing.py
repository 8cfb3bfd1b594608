"""Who is rung for a caller (``matches.py``: which caller a freed agent serves best).

A caller becomes a *plan*: the ordered baskets to look in. The live script walks the plan and takes
the first agent along it; ``route`` here is the reference on a small board, and a property test
holds the script to it. Every ring is open at once, nearest first: widening by waiting time is
dominated (measured: shared reference ``performance.md`` 1.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.reserves import Reserve, price
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
_NEVER = datetime.max.replace(tzinfo=UTC)

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
    KEPT = "kept"  # the last idle ones of a département, kept for its own people
    ASLEEP = "asleep"  # rung in a browser alone, whose page shows no life


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
    reserve: Reserve | None = None
    """None: whoever is free for longest, in the wide places too."""


def plan(
    around: tuple[Territory, ...],
    need: Need,
    *,
    tried: Iterable[AgentId] = (),
    offers_per_hour: int,
    house: str | None = None,
    helper: AgentId | None = None,
    reserve: Reserve | None = None,
) -> Plan:
    """The baskets for a caller who lives ``around`` these places, narrowest first.

    Before them all: the agent who helped this caller before, and the house whose line they rang.
    With a ``reserve``, wide places are looked in département by département, the cheapest first.
    """
    if house is not None:
        around = (Territory.house(house), *around)
    if helper is not None:
        around = (Territory.helper(helper), *around)
    baskets = [Basket(place, skills) for place in around for skills in _FIRST_CHOICE[need]]
    baskets += [Basket(place, skills) for skills in _LAST_RESORT.get(need, ()) for place in around]
    return Plan(around, need, tuple(baskets), frozenset(tried), offers_per_hour, reserve)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent as the board sees them. ``free_at`` None: with a caller now.

    Everybody stands in a place of their own besides ``places``: for those they helped before.
    ``awake_until``: until when a page of theirs can ring; None: a telephone can.
    """

    id: AgentId
    skillset: Skillset
    places: tuple[Territory, ...]
    excluded: frozenset[Territory] = frozenset()
    free_at: datetime | None = None
    until: datetime | None = None
    offers_this_hour: int = 0
    awake_until: datetime | None = None

    @property
    def departements(self) -> tuple[Territory, ...]:
        """Those that count them as their own."""
        return tuple(place for place in self.places if place.level is Level.DEPARTEMENT)

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
    counts: dict[tuple[int, Cause], int] = {}
    named: list[PassedOver] = []
    for index, candidate, kept in _walk(plan, sorted(board, key=_longest_idle), at=at):
        cause = Cause.KEPT if kept else refused(candidate, plan, at=at)
        if cause is None:
            return Routed(candidate.id, index, counts, tuple(named))
        counts[index, cause] = counts.get((index, cause), 0) + 1
        if len(named) < NAMED_AT_MOST and not kept:
            named.append(PassedOver(index, cause, candidate.id))
    return Routed(None, None, counts, tuple(named))


def _walk(
    plan: Plan, board: list[Candidate], *, at: datetime
) -> Iterator[tuple[int, Candidate, bool]]:
    """Whom a walk meets, in order: in which basket, and whether they are kept for others.

    Before a wide place's own baskets come its départements, the cheapest first, and in each the
    skillsets in their order; in its baskets then only who stands in no département.
    """
    wide = dict(plan.reserve.beyond) if plan.reserve is not None else {}
    looked_in = set()
    for index, basket in enumerate(plan.baskets):
        place, alike = basket.place, together(plan.need, basket.skillset)
        if place in wide and (place, alike) not in looked_in:
            looked_in.add((place, alike))
            for step, candidate, kept in _lent(place, alike, plan, board, at=at):
                yield index + step, candidate, kept
        for candidate in board:
            if candidate.free_at is None or candidate.skillset is not basket.skillset:
                continue
            if candidate.stands_in(place) and not (place in wide and candidate.departements):
                yield index, candidate, False


def _lent(
    place: Territory,
    alike: tuple[Skillset, ...],
    plan: Plan,
    board: list[Candidate],
    *,
    at: datetime,
) -> Iterator[tuple[int, Candidate, bool]]:
    assert plan.reserve is not None
    codes = dict(plan.reserve.beyond)[place]
    for cost, lender in sorted(_lenders(codes, alike, board, at=at)):
        kept = plan.reserve.keeps(cost, at=at)
        for step, skillset in enumerate(alike):
            for each in board:
                if each.free_at is None or each.skillset is not skillset:
                    continue
                met = each.free_at <= at if kept else each.stands_in(place)
                if each.stands_in(lender) and met:
                    yield step, each, kept


def _lenders(
    codes: Iterable[str], alike: tuple[Skillset, ...], board: list[Candidate], *, at: datetime
) -> Iterator[tuple[int, Territory]]:
    """The départements with somebody idle among those alike, and what lending costs each."""
    for lender in (Territory(Level.DEPARTEMENT, code) for code in codes):
        on = [c for c in board if c.skillset in alike and c.stands_in(lender)]
        idle = [c for c in on if c.free_at is not None and c.free_at <= at]
        if idle:
            yield price(len(on), len(idle)), lender


def together(need: Need, skillset: Skillset) -> tuple[Skillset, ...]:
    """Who is priced as one group: all that a need looks at first, or its last resort."""
    first = skills_first(need)
    return first if skillset in first else (skillset,)


def skills_first(need: Need) -> tuple[Skillset, ...]:
    """Who is looked at first for a need, in that order."""
    return _FIRST_CHOICE[need]


def refused(candidate: Candidate, plan: Plan, *, at: datetime) -> Cause | None:
    """Why this idle candidate may not be taken for this plan now; None when they may."""
    if candidate.free_at is not None and candidate.free_at > at:
        return Cause.RESTING
    if candidate.until is not None and candidate.until <= at:
        return Cause.OFF
    if candidate.awake_until is not None and candidate.awake_until <= at:
        return Cause.ASLEEP
    if candidate.id in plan.tried:
        return Cause.TRIED
    if candidate.offers_this_hour >= plan.offers_per_hour:
        return Cause.CAP
    return Cause.EXCLUDED if candidate.excluded & set(plan.around) else None


def _longest_idle(candidate: Candidate) -> tuple[datetime, str]:
    # Redis orders equal scores by the member's text. Who is with a caller is met by no walk.
    return candidate.free_at or _NEVER, str(candidate.id)


def skillsets_for(need: Need) -> tuple[Skillset, ...]:
    """Who may take this need, those of the last resort included."""
    return _FIRST_CHOICE[need] + _LAST_RESORT.get(need, ())


def needs_served(skillset: Skillset) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
    """The needs this skillset looks at first when freed, and those it takes when no other waits."""
    first = tuple(need for need in Need if skillset in _FIRST_CHOICE[need])
    last = tuple(need for need in Need if skillset in _LAST_RESORT.get(need, ()))
    return first, last
