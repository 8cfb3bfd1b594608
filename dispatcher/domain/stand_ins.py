"""Stand-ins: somebody else answers in one slot of an agent's, if anybody takes it.

Whoever asks goes on having the slot until somebody takes it, unless they took it away themselves
(``released``). What became of the slot since is looked at whenever something depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, NewType

from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.coverage import Posted, Row
from dispatcher.domain.occurrences import Occurrence, Pattern, SlotId
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.schedule import instant, local
from dispatcher.domain.slots import Span
from dispatcher.domain.territories import Atlas, Level
from dispatcher.domain.zones import places

StandInId = NewType("StandInId", str)
"""Sixteen hexadecimal digits."""

MOST_ASKED: Final = 5
"""So many colleagues are told of one request."""
MOST_AT_ONCE: Final = 4
"""So many occurrences of one removal are asked for, the soonest; more are a coordinator's."""
DAYTIME: Final = (time(8), time(21, 30))
"""Texts of these go out between these hours of somebody's clock."""
_HOUSE: Final = int(Level.HOUSE)


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class StandIn:
    """A request: ``agent`` looks for somebody for one occurrence, which is ``day`` of its rule."""

    id: StandInId
    agent: AgentId
    slot: SlotId
    day: date
    on: date
    span: Span
    zone: str
    starts_at: datetime
    ends_at: datetime
    released: bool
    asked_at: datetime
    state: State = State.OPEN
    taken_by: AgentId | None = None
    closed_at: datetime | None = None

    @classmethod
    def of(
        cls, id: StandInId, agent: AgentId, each: Occurrence, *, released: bool, at: datetime
    ) -> StandIn:
        """A request for this occurrence."""
        where = (each.on, each.span, each.zone)
        return cls(
            id, agent, each.slot, each.day, *where, each.start, each.end, released, asked_at=at
        )

    @property
    def occurrence(self) -> Occurrence:
        """What is asked for."""
        return Occurrence(self.slot, self.day, self.on, self.span, self.zone)

    @property
    def pattern(self) -> Pattern:
        """The slot of one day that whoever takes it has."""
        return Pattern(Rule(self.on), self.span, self.zone, holidays=True)

    def is_moot(self, asker: Agent | None) -> bool:
        """Whether nobody is looked for any more: the slot was moved or taken away since, or whoever
        had taken it away is there again.
        """
        if asker is None:
            return True
        near = asker.slots.occurrences(self.on - timedelta(days=1), self.on + timedelta(days=1))
        if self.released:
            return any(each.start <= self.starts_at and self.ends_at <= each.end for each in near)
        return self.occurrence not in near


def may_take(wanted: StandIn, colleague: Agent, rows: Sequence[Row], atlas: Atlas) -> bool:
    """Whether somebody serves one of these territories and needs, and is free then."""
    since, until = wanted.starts_at, wanted.ends_at
    posted = Posted.of(colleague, atlas, since=since, until=until)
    if posted is None or colleague.id == wanted.agent or not any(map(posted.counts_for, rows)):
        return False
    days = {local(each, colleague.timezone).date() for each in (since, until)}
    away = any(a.first <= day <= a.last for a in colleague.slots.absences for day in days)
    return not (posted.on_duty or away or colleague.paused(since))


def colleagues(
    wanted: StandIn, asker: Agent, roster: Iterable[Agent], rows: Sequence[Row], atlas: Atlas
) -> tuple[AgentId, ...]:
    """Who is told of it: those who may take it, of their house first and then the nearest."""
    may = [each for each in roster if may_take(wanted, each, rows, atlas)]
    may.sort(key=lambda each: (_apart(asker, each, atlas), each.id))
    return tuple(each.id for each in may[:MOST_ASKED])


def send_at(wanted: StandIn, zone: str, *, at: datetime) -> datetime:
    """When somebody is texted of it: not at night, unless it begins before the morning."""
    morning = daytime(zone, at=at)
    return morning if morning < wanted.starts_at else at


def daytime(zone: str, *, at: datetime) -> datetime:
    """The moment itself, or the next morning's when it is night on somebody's clock."""
    there = local(at, zone)
    if DAYTIME[0] <= there.time() < DAYTIME[1]:
        return at
    day = there.date() + timedelta(days=there.time() >= DAYTIME[1])
    return instant(datetime.combine(day, DAYTIME[0]), zone)


def link_id(id: StandInId, colleague: AgentId) -> str:
    """What the link of one colleague is signed over: the request, and who may take it with it."""
    return f"{id}{colleague:08x}"


def read_link(id: str) -> tuple[StandInId, AgentId]:
    """The request and the colleague of such a link."""
    return StandInId(id[:16]), AgentId(int(id[16:], 16))


def _apart(asker: Agent, other: Agent, atlas: Atlas) -> int:
    """How far two agents are from each other: one house, then the narrowest place they share."""
    if asker.structure == other.structure:
        return _HOUSE
    shared = set(places(asker.zones, atlas)) & set(places(other.zones, atlas))
    return min((int(each.level) for each in shared), default=int(Level.NATION) + 1)
