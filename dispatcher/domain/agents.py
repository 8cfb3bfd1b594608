"""The people who answer: what they can do, and what an offer's end says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.zones import Zones

AgentId = NewType("AgentId", int)

MISSES_BEFORE_PAUSE = 2
PAUSE_AFTER_MISSES = timedelta(minutes=30)
"""A pause that nobody ends ends by itself: an agent once missed is not lost for ever."""
DENIALS_BEFORE_ASIDE = 2
LOOK_AGAIN = timedelta(days=2)
"""How far ahead somebody whose slots never end is taken to be on."""


class Need(StrEnum):
    """What a caller asked for; EITHER is "I do not know"."""

    PROCEDURES = "procedures"
    MEDIATION = "mediation"
    EITHER = "either"


class Skillset(StrEnum):
    """What an agent can do. Somebody with one skill is rung before somebody with both."""

    PROCEDURES = "procedures"
    MEDIATION = "mediation"
    BOTH = "both"

    @classmethod
    def of(cls, needs: Iterable[Need]) -> Skillset | None:
        """The skillset of somebody skilled for ``needs``; None when there is none."""
        known = set(needs)
        if known >= {Need.PROCEDURES, Need.MEDIATION}:
            return cls.BOTH
        if Need.PROCEDURES in known:
            return cls.PROCEDURES
        return cls.MEDIATION if Need.MEDIATION in known else None


class Pause(StrEnum):
    """Why an agent is not rung for a while."""

    MISSED = "missed"
    BREAK = "break"
    MEAL = "meal"
    DAY_OVER = "day_over"


class Aside(StrEnum):
    """Why an agent's number is not rung until somebody mends it."""

    NO_SUCH_NUMBER = "no_such_number"
    FORWARDED_TO_US = "forwarded_to_us"


@dataclass(frozen=True, slots=True)
class Past:
    """How one offer to an agent ended, as far as it says something of the agent."""

    missed: bool
    no_such_number: bool


def pause_due(latest: Sequence[Past], *, at: datetime) -> datetime | None:
    """Until when to pause somebody whose latest offers ended so (newest first), if at all."""
    recent = latest[:MISSES_BEFORE_PAUSE]
    if len(recent) == MISSES_BEFORE_PAUSE and all(past.missed for past in recent):
        return at + PAUSE_AFTER_MISSES
    return None


def aside_due(latest: Sequence[Past]) -> bool:
    """Whether the carrier has said often enough that the number does not exist (newest first)."""
    recent = latest[:DENIALS_BEFORE_ASIDE]
    return len(recent) == DENIALS_BEFORE_ASIDE and all(past.no_such_number for past in recent)


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers, as the directory and their own doings leave them.

    ``skills`` are levels 1 or 2; ``zones`` those that really hold (their own or their structure's);
    ``timezone`` is where their slots' hours are meant.
    """

    id: AgentId
    name: str
    structure: str
    skills: Mapping[Need, int]
    zones: Zones
    slots: WeeklySlots
    timezone: str
    automatic: bool
    reachable: bool
    paused_until: datetime | None = None
    aside: Aside | None = None

    @property
    def skillset(self) -> Skillset | None:
        """What they can do."""
        return Skillset.of(self.skills)

    def on_until(self, at: datetime) -> datetime | None:
        """Until when they may be rung from ``at`` on without looking again; None when they may not.

        On: automatic, in a slot, with a telephone that is not put aside, and not paused.
        """
        paused = self.paused_until is not None and self.paused_until > at
        if paused or self.aside is not None or not self.automatic or not self.reachable:
            return None
        if not self.slots.covers(at, self.timezone) or self.skillset is None:
            return None
        endless = at.replace(hour=0, minute=0, second=0, microsecond=0) + LOOK_AGAIN
        return self.slots.until(at, self.timezone) or endless
