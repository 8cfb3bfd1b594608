"""Alterations: what somebody else did to an agent's slots, for whoever runs their house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Change, Pattern, Slot
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from dispatcher.domain.users import UserId

AlterationId = NewType("AlterationId", str)

SETTLES_FOR: Final = timedelta(minutes=5)
"""So long after the last one the agent is told, once, of all that were made till then."""
SHOWN_FOR: Final = timedelta(days=60)
"""On the agent's own page."""


class What(StrEnum):
    """What was done."""

    POSTED = "posted"
    EDITED = "edited"
    STOPPED = "stopped"
    MOVED = "moved"
    CANCELLED = "cancelled"
    AWAY = "away"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to which days and hours; ``first`` None: to every day of a slot's rule."""

    what: What
    first: date | None = None
    last: date | None = None
    span: Span | None = None

    @classmethod
    def of_slot(cls, what: What, pattern: Pattern) -> Done:
        """All of a slot was posted, edited or stopped; what is kept is how it is afterwards."""
        only = pattern.rule.first if pattern.rule.once else None
        return cls(what, only, only, pattern.span)

    @classmethod
    def of_day(cls, slot: Slot, change: Change) -> Done:
        """One day of a slot was moved or cancelled."""
        if change.to is None:
            return cls(What.CANCELLED, change.day, change.day, slot.pattern.span)
        return cls(What.MOVED, change.day, change.to.day, change.to.span)

    @classmethod
    def of_absence(cls, what: What, absence: Absence) -> Done:
        """Days of being away were noted or taken back."""
        return cls(what, absence.first, absence.last)


@dataclass(frozen=True, slots=True)
class Alteration:
    """``by`` None: an account that was erased since. ``told_at``: when its agent was written to."""

    id: AlterationId
    agent: AgentId
    by: UserId | None
    done: Done
    at: datetime
    told_at: datetime | None = None
