"""Regulars: people who asked to be rung from time to time, for a purpose and until a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import LineId, RegularId, Why
from dispatcher.domain.floods import Allowance
from dispatcher.domain.lines import Line
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import OpeningHours

RHYTHMS: Final = range(7, 93)
"""Days from the end of one call to the next."""
LONGEST: Final = timedelta(days=366)
"""How long after they consented somebody is rung at most (rules.md C12: asked again each year)."""
CONSENT_HOLDS: Final = timedelta(days=90)
"""How old a consent may be that puts somebody on the list: an old file brings nobody back."""
ASKED_BEFORE: Final = timedelta(days=30)
"""How long before their last day they are asked whether to go on."""
_LOOKS: Final = 100


class Purpose(StrEnum):
    """What the calls are for: nothing about anybody's health, and nothing in free words."""

    NEWS = "news"
    LEARNING = "learning"
    DECLARATIONS = "declarations"


class Consent(StrEnum):
    """How somebody said that they want to be rung."""

    TELEPHONE = "telephone"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Regular:
    """Somebody on the list. ``next_at``: when it is looked at whether they are due.

    ``asked_again_at``: since when their calls carry the question whether to go on. ``agent``: who
    rings them if they can.
    """

    id: RegularId
    line: LineId
    number: PhoneNumber
    first_name: str
    commune: str
    need: Need
    purpose: Purpose
    agent: AgentId | None
    every_days: int
    next_at: datetime
    until: datetime
    consented_at: datetime
    consent: Consent
    asked_again_at: datetime | None = None
    stopped_at: datetime | None = None

    def goes_on(self, at: datetime) -> bool:
        """Whether they may still be rung."""
        return self.stopped_at is None and at < self.until

    def is_asked(self, at: datetime) -> bool:
        """Whether a call now asks them if they want to go on."""
        return self.until - ASKED_BEFORE <= at

    def said_anew(self, known: Regular) -> Regular:
        """What is said here of somebody known. An older consent than theirs changes neither until
        when they are rung nor what they were asked.
        """
        said = replace(self, id=known.id)
        if self.consented_at > known.consented_at:
            return said
        return replace(
            said,
            until=self.until if self.consented_at == known.consented_at else known.until,
            consent=known.consent,
            consented_at=known.consented_at,
            asked_again_at=known.asked_again_at,
        )

    def due_from(self, last_end: datetime | None) -> datetime:
        """From when they are to be rung: a rhythm after their last call ended, however it did; the
        first time, after they consented.
        """
        return (last_end or self.consented_at) + timedelta(days=self.every_days)


def call_of(regular: Regular, id: CallbackId, *, at: datetime) -> Callback:
    """The callback that one of their calls is: behind all who wait or have asked by now."""
    return Callback(
        id=id,
        call=None,
        line=regular.line,
        number=regular.number,
        commune=regular.commune,
        need=regular.need,
        why=Why.REGULAR,
        asked_at=at,
        place_since=at,
        due_at=at,
        helper=regular.agent,
        first_name=regular.first_name,
        regular=regular.id,
    )


def open_to_both(one: OpeningHours, other: OpeningHours, *, at: datetime) -> datetime | None:
    """The first moment from ``at`` on that is in both; None when none is in sight."""
    for _ in range(_LOOKS):
        first = one.next_opening(at)
        both = other.next_opening(first) if first is not None else None
        if both is None or both == first:
            return both
        at = both
    return None


def quota_of_line(line: Line) -> Allowance:
    """How many regulars a line rings in a day."""
    return Allowance("regulars", line.regulars_per_day, timedelta(days=1))


def quota_of_structure(line: Line) -> Allowance:
    """How many of them have their agent in the same structure."""
    return Allowance("regulars of a structure", line.regulars_per_structure, timedelta(days=1))
