"""An agent's desk: what they see of the moment, of their day, and of whom they may ring back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain.agents import Agent, AgentId, Need
from dispatcher.domain.callbacks import HALF_HOUR, CallbackId
from dispatcher.domain.territories import Level

CALLBACKS_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Day:
    """What somebody did today: conversations that are over, and how long they were in them."""

    answered: int
    talked_for: timedelta


@dataclass(frozen=True, slots=True)
class Earlier:
    """Calls before this one that showed the same number; whether it is theirs nobody knows."""

    count: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Owed:
    """Somebody to be rung back. ``agent``: who was promised to them, or helped them before."""

    id: CallbackId
    commune: str | None
    need: Need
    due_at: datetime
    booked_at: datetime | None = None
    house: str | None = None
    agent: AgentId | None = None

    @property
    def booked_until(self) -> datetime | None:
        """The end of the half-hour they chose."""
        return None if self.booked_at is None else self.booked_at + HALF_HOUR


@dataclass(frozen=True, slots=True)
class Duty:
    """A time of duty, the one they are in or their next; ``end`` None: it has none in sight."""

    start: datetime
    end: datetime | None

    @classmethod
    def of(cls, agent: Agent, at: datetime) -> Duty | None:
        """This agent's; None when they have no slot to come."""
        start = at if agent.slots.covers(at) else agent.slots.next_start(at)
        return None if start is None else cls(start, agent.slots.until(start))


Nearness = Callable[[str], Level | None]
"""How near an agent is to a commune; None: they do not serve it."""


def theirs(owed: Iterable[Owed], agent: Agent, near: Nearness) -> tuple[Owed, ...]:
    """Whom this agent may be rung for today: first those to whom they were promised or known, then
    those of their house and those near them, nearer than the whole country. Not those who were
    promised somebody else.
    """
    ranked = [(_rank(each, agent, near), each) for each in owed]
    kept = [(rank, each) for rank, each in ranked if rank is not None]
    kept.sort(key=lambda pair: pair[0])  # within a rank, as they are rung
    return tuple(each for _, each in kept[:CALLBACKS_SHOWN])


def _rank(owed: Owed, agent: Agent, near: Nearness) -> int | None:
    if owed.agent == agent.id:
        return 0
    if (owed.agent is not None and owed.booked_at is not None) or not _skilled(agent, owed.need):
        return None
    if owed.house == agent.structure:
        return 1
    level = near(owed.commune) if owed.commune else None
    return None if level is None or level >= Level.NATION else 1 + level


def _skilled(agent: Agent, need: Need) -> bool:
    return need is Need.EITHER or need in agent.skills
