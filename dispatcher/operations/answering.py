"""Who would answer a caller, and why: the same walk as a real call's, which takes nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatcher.domain.agents import Agent, AgentId, Need, Skillset
from dispatcher.domain.lines import Line
from dispatcher.domain.reserves import PERCENT, Reserve
from dispatcher.domain.routing import Candidate, plan
from dispatcher.domain.territories import Commune, Territory
from dispatcher.domain.walks import Nobody, PassedOver, Walk, walked
from dispatcher.domain.zones import places
from dispatcher.operations import agents
from dispatcher.operations.services import Services


@dataclass(frozen=True, slots=True)
class Answerer:
    """Somebody who would be rung. ``ring``: the narrowest place that joins them to the caller."""

    id: AgentId
    name: str
    structure: str
    ring: Territory
    skillset: Skillset


@dataclass(frozen=True, slots=True)
class Answer:
    """What callers of some communes would get: the first to be rung in order, or nobody and why."""

    communes: tuple[Commune, ...]
    rung: tuple[Answerer, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    nobody: Nobody | None = None


def who_answers(
    communes: Sequence[Commune],
    need: Need,
    line: Line,
    services: Services,
    *,
    at: datetime | None = None,
) -> list[Answer]:
    """What callers of these communes would get now, those who get the same together.

    With ``at``, from the directory and its slots alone: everybody on is taken to be free. Without,
    from the live board, as it stands: raises BoardLost. Far ones are told as for somebody who is no
    longer held for somebody near.
    """
    if not line.hours.is_open(at or services.now()):
        return [Answer(tuple(communes), nobody=Nobody.CLOSED)]
    board = _standing_now(services) if at is None else _standing_at(at, services)
    walks: dict[Walk, list[Commune]] = {}
    for alike in _alike(communes, board, services):
        around = services.atlas.around(alike[0])
        now = at or services.now()
        far = Reserve(services.atlas.beyond(around), line.lend_up_to * PERCENT, until=now)
        looked_in = plan(around, need, offers_per_hour=line.offers_per_hour, reserve=far)
        walk = walked(looked_in, board, at=now)
        walks.setdefault(walk, []).extend(alike)
    return _told(walks, services)


def _standing_now(services: Services) -> list[Candidate]:
    services.board.check_stands()
    return services.board.candidates(at=services.now())


def _standing_at(at: datetime, services: Services) -> list[Candidate]:
    with services.store.reading() as tx:
        roster = tx.agents.roster(agents.calendar(services))
    return list(_as_if_free(roster, at, services))


def _as_if_free(roster: Iterable[Agent], at: datetime, services: Services) -> Iterator[Candidate]:
    for agent in roster:
        until, skillset = agent.on_until(at), agent.skillset
        if until is not None and skillset is not None:
            stands_in = places(agent.zones, services.atlas)
            excluded = agent.zones.excluded
            yield Candidate(agent.id, skillset, stands_in, excluded, free_at=at, until=until)


def _alike(
    communes: Iterable[Commune], board: Iterable[Candidate], services: Services
) -> list[list[Commune]]:
    """The communes, together when no agent stands in, or refuses, a place of one of them alone."""
    told_apart = {place for each in board for place in (*each.places, *each.excluded)}
    groups: dict[tuple[Territory, ...], list[Commune]] = {}
    for commune in communes:
        around = services.atlas.around(commune)
        groups.setdefault(tuple(p for p in around if p in told_apart), []).append(commune)
    return list(groups.values())


def _told(walks: dict[Walk, list[Commune]], services: Services) -> list[Answer]:
    """The walks with names in them."""
    named = {agent for walk in walks for agent, _, _ in walk.rung}
    with services.store.reading() as tx:
        found = {a.id: a for a in tx.agents.roster(agents.calendar(services), only=named)}
        houses = tx.structures.names()
    return [
        Answer(
            tuple(communes),
            tuple(
                Answerer(id, found[id].name, houses[found[id].structure], ring, skillset)
                for id, ring, skillset in walk.rung
            ),
            walk.passed_over,
            walk.nobody,
        )
        for walk, communes in walks.items()
    ]
