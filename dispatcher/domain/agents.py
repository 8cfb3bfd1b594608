"""The people who answer: what they can do, and what an offer's end says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from dispatcher.domain.channels import Channel
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import Cover, midnight_after
from dispatcher.domain.timetables import Timetable
from dispatcher.domain.zones import Zones

AgentId = NewType("AgentId", int)

MISSES_BEFORE_PAUSE = 2
PAUSE_AFTER_MISSES = timedelta(minutes=30)
"""A pause that nobody ends ends by itself: an agent once missed is not lost for ever."""
DENIALS_BEFORE_ASIDE = 2
LOOK_AGAIN = timedelta(days=2)
"""How far ahead somebody whose slots never end is taken to be on."""
ON_OUTSIDE_SLOTS = timedelta(hours=2)
"""For how long somebody is on who comes on by telephone outside any slot of theirs."""
ON_THE_LINE = timedelta(minutes=2)
"""How long an agent who rang us is taken to be on their telephone after their last key there."""
PIN_TRIES = 3
PIN_LOCKED = timedelta(minutes=15)
"""For how long nobody may try the PIN of an agent after so many wrong ones in a row."""


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
    VISITOR = "visitor"  # somebody is before them
    MEETING = "meeting"
    DAY_OVER = "day_over"


PAUSES = {
    Pause.BREAK: timedelta(minutes=15),
    Pause.MEAL: timedelta(hours=1),
    Pause.VISITOR: timedelta(minutes=30),
    Pause.MEETING: timedelta(hours=1),
}
"""How long a pause lasts that somebody took themselves; it ends by itself."""


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


class Refused(StrEnum):
    """Why somebody who keyed a PIN is not let in."""

    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class ComesOn:
    """An agent says that they may be rung until then, whatever their slots say."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Rests:
    """An agent says that they are not to be rung until then, and why."""

    why: Pause
    until: datetime


Word = ComesOn | Rests
"""What an agent says of themselves; it goes before everything said or judged of them earlier."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How an agent is written to, as far as the directory knows."""

    email: str | None
    telephone: PhoneNumber | None


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers, as the directory and their own doings leave them.

    ``skills`` are levels 1 or 2; ``zones`` those that really hold (their own or their structure's);
    ``timezone`` is where they work; ``channel`` is what they are rung on. ``came_on_until``: until
    when they are on by their own word. ``judged_since``: what came before says nothing more of
    them, neither misses nor a wrap-up.
    """

    id: AgentId
    name: str
    structure: str
    skills: Mapping[Need, int]
    zones: Zones
    slots: Timetable
    timezone: str
    automatic: bool
    reachable: bool
    paused_until: datetime | None = None
    pause: Pause | None = None
    came_on_until: datetime | None = None
    judged_since: datetime | None = None
    aside: Aside | None = None
    channel: Channel = Channel.TELEPHONE

    @property
    def skillset(self) -> Skillset | None:
        """What they can do."""
        return Skillset.of(self.skills)

    @property
    def ringable(self) -> bool:
        """Whether they could be rung at all: with a skill, on a telephone or in a browser."""
        browser = self.channel is not Channel.TELEPHONE
        return self.skillset is not None and (self.has_telephone or browser)

    @property
    def has_telephone(self) -> bool:
        """Whether a telephone of theirs may be rung: one that they want to be, not put aside."""
        wanted = self.channel is not Channel.BROWSER
        return wanted and self.reachable and self.aside is None

    @property
    def on_a_page(self) -> bool:
        """Whether they can be rung in a browser alone: so only while a page of theirs is alive."""
        return self.ringable and not self.has_telephone

    def paused(self, at: datetime) -> bool:
        """Whether they are in a pause, taken or judged."""
        return self.paused_until is not None and self.paused_until > at

    def on_until(self, at: datetime) -> datetime | None:
        """Until when they may be rung from ``at`` on without looking again; None when they may not.

        On: not paused, and in a slot of somebody automatic, or by their own word.
        """
        if not self.ringable or self.paused(at):
            return None
        slot_end = self._slot_end(at) if self.automatic else None
        ends = (end for end in (slot_end, self.came_on_until) if end is not None and end > at)
        return max(ends, default=None)

    def on_duty(self, since: datetime, until: datetime) -> tuple[Cover, ...]:
        """When they mean to answer between these moments: their slots, absences left out."""
        return self.slots.on_duty(since, until)

    def comes_on(self, at: datetime) -> ComesOn:
        """They come on: until their slot ends, or for a while outside any.

        A slot that begins meanwhile is theirs to its end; a word already given is not cut short.
        """
        end = at + ON_OUTSIDE_SLOTS
        covered = next((m for m in (at, end) if self.slots.covers(m)), None)
        if covered is not None:  # a slot without an end is left at the day's
            midnight = max(end, midnight_after(at, self.timezone))
            end = self.slots.until(covered) or midnight
        return ComesOn(max(end, self.came_on_until or end))

    def rests(self, why: Pause, at: datetime) -> Rests:
        """They take a pause; the day is over until the next midnight where they are."""
        lasts = PAUSES.get(why)
        return Rests(why, at + lasts if lasts else midnight_after(at, self.timezone))

    def rested_at(
        self, talked_until: datetime, rest: timedelta, *, said: datetime | None = None
    ) -> datetime:
        """When the rest after a conversation, or a ring, ends: when they ``said``, if they did.
        Their own word since of whether they are there has cut it short.
        """
        cut = self.judged_since is not None and self.judged_since >= talked_until
        return talked_until if cut else said or talked_until + rest

    def _slot_end(self, at: datetime) -> datetime | None:
        """The end of the slot they are in."""
        if not self.slots.covers(at):
            return None
        endless = at.replace(hour=0, minute=0, second=0, microsecond=0) + LOOK_AGAIN
        return self.slots.until(at) or endless
