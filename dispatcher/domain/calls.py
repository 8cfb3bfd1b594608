"""A citizen's call: where it stands, and how it moves.

Every move makes a new value whose ``turn`` is one more. The store saves a move only over the turn
it was made from, so a webhook that comes twice, late or out of order finds that its turn has passed
and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType, Self

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.numbers import PhoneNumber

CallSid = NewType("CallSid", str)
OfferId = NewType("OfferId", str)
LineId = NewType("LineId", str)
RegularId = NewType("RegularId", str)


class Step(StrEnum):
    """Where a call stands."""

    AGENT_PIN = "agent_pin"
    AGENT_MENU = "agent_menu"
    AGENT_PAUSE = "agent_pause"
    AGENT_SLOTS = "agent_slots"
    AGENT_SLOT_DROP = "agent_slot_drop"
    AGENT_SLOT_WEEK = "agent_slot_week"
    AGENT_SLOT_DAY = "agent_slot_day"
    AGENT_SLOT_START = "agent_slot_start"
    AGENT_SLOT_END = "agent_slot_end"
    AGENT_SLOT_CONFIRM = "agent_slot_confirm"
    AGENT_SLOT_DATE = "agent_slot_date"
    AGENT_SLOT_THERE = "agent_slot_there"
    AGENT_SLOT_RHYTHM = "agent_slot_rhythm"
    AGENT_SLOT_WEEKS = "agent_slot_weeks"
    AGENT_SLOT_EVERY = "agent_slot_every"
    AGENT_SLOT_NTH = "agent_slot_nth"
    AGENT_SLOT_HOLIDAYS = "agent_slot_holidays"
    AGENT_SLOT_ENDS = "agent_slot_ends"
    AGENT_SLOT_UNTIL = "agent_slot_until"
    AGENT_CHANGE = "agent_change"
    AGENT_MOVE = "agent_move"
    AGENT_MOVE_DATE = "agent_move_date"
    AGENT_MOVE_START = "agent_move_start"
    AGENT_MOVE_END = "agent_move_end"
    AGENT_MOVE_CONFIRM = "agent_move_confirm"
    AGENT_BREAKS = "agent_breaks"
    AGENT_BREAK_START = "agent_break_start"
    AGENT_BREAK_END = "agent_break_end"
    AGENT_BREAK_CONFIRM = "agent_break_confirm"
    AGENT_SERIES = "agent_series"
    AGENT_SERIES_DATE = "agent_series_date"
    AGENT_SERIES_CONFIRM = "agent_series_confirm"
    AGENT_AWAY = "agent_away"
    AGENT_AWAY_BACK = "agent_away_back"
    AGENT_AWAY_FIRST = "agent_away_first"
    AGENT_AWAY_LAST = "agent_away_last"
    AGENT_AWAY_CONFIRM = "agent_away_confirm"
    AGENT_AFTER = "agent_after"
    AGENT_WHEN = "agent_when"
    AGENT_STAND_IN = "agent_stand_in"
    SAME_PLACE = "same_place"
    POSTAL_CODE = "postal_code"
    CASE = "case"
    COMMUNE = "commune"
    NEED = "need"
    MANDATE = "mandate"
    WAITING = "waiting"
    OFFERED = "offered"
    TALKING = "talking"
    KEEP_NUMBER = "keep_number"
    KEEP_CONFIRM = "keep_confirm"
    KEPT = "kept"
    MESSAGE = "message"
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of a call, once and for all."""

    ANSWERED = "answered"
    CALLBACK = "callback"
    ABANDONED = "abandoned"
    CLOSED = "closed"
    REJECTED = "rejected"
    AGENT = "agent"


class Why(StrEnum):
    """Why a callback is kept rather than the caller put through."""

    CLOSED = "closed"
    NOBODY_ON = "nobody_on"
    ASKED = "asked"
    OFTEN = "often"  # rang very often in a short time
    MISSED = "missed"  # the carrier knows a call that never reached us
    CUT_OFF = "cut_off"  # it reached us, and then nothing of ours answered
    FORM = "form"  # there was no call: they filled in a form
    TEXT = "text"  # nor here: they wrote RAPPEL
    PARTNER = "partner"  # nor here: a service that they see asked for them
    FOLLOW_UP = "follow_up"  # the agent who helped them booked another
    REGULAR = "regular"  # they are on the list of those whom we ring from time to time


class Placed(StrEnum):
    """How we know the commune of a caller who did not key it."""

    HOUSE = "house"  # the usual line of a house was forwarded to us
    SAID = "said"
    REMEMBERED = "remembered"
    CASE = "case"  # they gave the code of a case


UNBEGUN: Final = 0
"""The turn of a call before its first."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What was pressed, or said aloud. ``again``: the caller asked to hear it once more.
    ``sharp``: a ``#`` was among the keys, or what means the same was said.
    """

    digits: str
    again: bool = False
    spoken: str = ""
    sharp: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one citizen. ``number`` is None when it was masked or odd.

    ``house``: the structure whose usual line was forwarded to us. ``remembered``: this number asked
    us to keep its commune. ``helper``: the agent who helped it before. ``as_agent``: whose PIN was
    given on this call. ``case_code``: the code of a case given on it; empty: it led nowhere.
    """

    sid: CallSid
    line: LineId
    started_at: datetime
    number: PhoneNumber | None = None
    step: Step = Step.POSTAL_CODE
    turn: int = 1
    tries: int = 0
    page: int = 0
    postal_code: str | None = None
    commune: str | None = None
    need: Need | None = None
    why: Why | None = None
    keyed_number: PhoneNumber | None = None
    waiting_since: datetime | None = None
    seen_at: datetime | None = None
    queue: str | None = None
    offer: OfferId | None = None
    offers: int = 0
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    house: str | None = None
    placed: Placed | None = None
    remembered: bool = False
    helper: AgentId | None = None
    as_agent: AgentId | None = None
    case_code: str | None = None

    @classmethod
    def ended_unbegun(cls, sid: CallSid, line: LineId, *, at: datetime) -> Self:
        """A call of which we hear the end first: its beginning is late, or never reached us."""
        ended = cls(sid, line, at).ends(Outcome.ABANDONED, at=at)
        return replace(ended, turn=UNBEGUN)

    def begins_late(self, begun: Call) -> Self:
        """The beginning of a call whose end we heard first."""
        found = {"line": begun.line, "number": begun.number, "started_at": begun.started_at}
        return self.to(self.step, **found)

    @property
    def unbegun(self) -> bool:
        """Whether all we know of this call is that it ended."""
        return self.turn == UNBEGUN

    @property
    def over(self) -> bool:
        """Whether the call has ended for us."""
        return self.step is Step.ENDED

    def to(self, step: Step, **changes: Any) -> Self:
        """The call one turn later, at ``step``; tries start again when the step is another."""
        tries = changes.pop("tries", self.tries if step is self.step else 0)
        return replace(self, step=step, turn=self.turn + 1, tries=tries, **changes)

    def again(self) -> Self:
        """The same question once more, in the same words, counting nothing."""
        return self.to(self.step)

    def puzzled(self) -> Self:
        """The same question in other words, one try later."""
        return self.to(self.step, tries=self.tries + 1)

    def waits(self, *, at: datetime) -> Self:
        """The caller waits for an agent; a place once taken is kept."""
        return self.to(Step.WAITING, waiting_since=self.waiting_since or at, offer=None)

    def keeps(self, why: Why, *, callable_back: bool) -> Self:
        """A callback is kept for this caller; one who cannot be rung back is asked for a number."""
        return self.to(Step.KEPT if callable_back else Step.KEEP_NUMBER, why=why)

    def is_offered(self, offer: OfferId) -> Self:
        """An agent was taken for this caller."""
        return self.to(Step.OFFERED, offer=offer, offers=self.offers + 1)

    def talks(self) -> Self:
        """The agent took the call."""
        return self.to(Step.TALKING)

    def ends(self, outcome: Outcome, *, at: datetime) -> Self:
        """The call is over; the first outcome stays."""
        return self.to(
            Step.ENDED, ended_at=self.ended_at or at, outcome=self.outcome or outcome, offer=None
        )

    def remembers(self, yes: bool) -> Self:
        """The caller asked us to keep their commune for their next call, or to forget it."""
        return self.to(self.step, remembered=yes)

    @property
    def memorable(self) -> bool:
        """Whether there is something to remember, and a number to know it by."""
        return self.number is not None and self.commune is not None

    def hung_up(self, *, at: datetime, kept: bool = False) -> Self:
        """The caller hung up, or the carrier says the call has ended.

        ``kept``: a callback was kept for them on the way.
        """
        otherwise = Outcome.CALLBACK if kept else Outcome.ABANDONED
        return self.ends(_LEFT_AT.get(self.step, otherwise), at=at)


_LEFT_AT: Final[Mapping[Step, Outcome]] = {
    Step.TALKING: Outcome.ANSWERED,
    Step.KEPT: Outcome.CALLBACK,
    **{
        step: Outcome.AGENT
        for step in Step
        if step.startswith("agent_") and step is not Step.AGENT_PIN
    },
}
"""Whoever gave their PIN is an agent wherever they hang up."""
