"""Half-hours that people may choose: when there is somebody to ring them, and whose time it is.

A chosen half-hour takes a *seat*: one of the callbacks that one agent can make in it. Seats belong
to agents, not to places, so that somebody who serves three communes is promised once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from dispatcher.domain.agents import Agent, AgentId, Need
from dispatcher.domain.callbacks import HALF_HOUR, Callback
from dispatcher.domain.routing import needs_served
from dispatcher.domain.schedule import Cover, OpeningHours
from dispatcher.domain.territories import FRANCE, Atlas, Commune, Level
from dispatcher.domain.zones import ring

NOTICE: Final = timedelta(minutes=15)
"""How soon a half-hour may begin that somebody chooses: reading a page takes a while."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where and for what somebody wants to be rung. ``house`` and ``helper`` as a callback's."""

    line: str
    commune: str | None
    need: Need
    house: str | None = None
    helper: AgentId | None = None

    @classmethod
    def of(cls, callback: Callback) -> Wanted:
        """What this callback's person wants."""
        return cls(callback.line, callback.commune, callback.need, callback.house, callback.helper)


class Seat(NamedTuple):
    """One of the callbacks that an agent can make in the half-hour from ``at`` on."""

    agent: AgentId
    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Server:
    """An agent who serves somebody: how well (``turn`` 1: as a last resort), and when."""

    agent: AgentId
    turn: int
    level: Level
    on: tuple[Cover, ...]


def half_hours(
    hours: Iterable[OpeningHours], *, since: datetime, until: datetime
) -> tuple[datetime, ...]:
    """The starts of the half-hours of the clock that are wholly within all these hours."""
    covers = [each.open_between(since, until) for each in hours]
    begun = (since - datetime.fromtimestamp(0, since.tzinfo)) % HALF_HOUR
    start, found = since - begun, []  # every French clock is some half-hours from UTC
    while start + HALF_HOUR <= until:
        if all(_within(each, start) for each in covers):
            found.append(start)
        start += HALF_HOUR
    return tuple(found)


def servers(
    agents: Iterable[Agent],
    wanted: Wanted,
    commune: Commune,
    atlas: Atlas,
    *,
    since: datetime,
    until: datetime,
) -> tuple[Server, ...]:
    """Who may be promised to somebody of this commune, as the plan of ``routing`` has them, but
    no further away than their région: a promise is kept by somebody near. Who serves all of
    France by their zones is near everywhere.
    """
    return tuple(
        Server(agent.id, *found, _duty(agent, since, until))
        for agent in agents
        if agent.ringable and agent.automatic
        if (found := _rank(agent, wanted, commune, atlas)) is not None
    )


def seats(at: datetime, servers: Iterable[Server], *, per_agent: int) -> tuple[Seat, ...]:
    """Every seat of this half-hour, the one to be taken first in front: near before far, and
    nobody's second callback before the first of another as near.
    """
    on = [each for each in servers if _within(each.on, at)]
    ranked = sorted(
        (each.turn, each.level, number, each.agent) for each in on for number in range(per_agent)
    )
    return tuple(Seat(agent, at, number) for _, _, number, agent in ranked)


def free(
    starts: Iterable[datetime],
    servers: Collection[Server],
    taken: Collection[Seat],
    *,
    per_agent: int,
) -> tuple[datetime, ...]:
    """Those of these half-hours in which a seat is left."""
    return tuple(
        at
        for at in starts
        if any(seat not in taken for seat in seats(at, servers, per_agent=per_agent))
    )


def _rank(agent: Agent, wanted: Wanted, commune: Commune, atlas: Atlas) -> tuple[int, Level] | None:
    """Whether this agent's skills are those looked for first, and how near they are."""
    level = ring(agent.zones, commune, atlas)
    if level is None or agent.skillset is None:
        return None
    turn = next(
        (n for n, needs in enumerate(needs_served(agent.skillset)) if wanted.need in needs), None
    )
    if turn is None:
        return None
    if agent.id == wanted.helper:
        return turn, Level.HELPER
    if agent.structure == wanted.house:
        return turn, Level.HOUSE
    far = level is Level.NATION and FRANCE not in agent.zones.inside
    return None if far else (turn, level)


def _duty(agent: Agent, since: datetime, until: datetime) -> tuple[Cover, ...]:
    if agent.paused_until is not None:
        since = max(since, agent.paused_until)
    return agent.on_duty(since, until) if since < until else ()


def _within(covers: Iterable[Cover], at: datetime) -> bool:
    return any(each.start <= at and at + HALF_HOUR <= each.end for each in covers)
