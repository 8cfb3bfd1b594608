"""Mandates: a house may act for a citizen, for named procedures, until a day, since they said so.

How a mandate stands is derived from what happened to it, and kept nowhere (rules.md M1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from dispatcher.domain.agents import AgentId
from dispatcher.domain.consents import Answer, Consent
from dispatcher.domain.grants import End, Grant
from dispatcher.domain.holders import Holder, Refusal
from dispatcher.domain.matters import Topic
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.stops import words_in

MandateId = NewType("MandateId", str)
"""Twenty-four hexadecimal digits."""
Reference = NewType("Reference", str)
"""What a mandate is looked up by in public: twelve letters that nobody guesses."""

MOST_GRANTS: Final = 3
"""Procedures of one mandate: as many as somebody keeps in mind, and as texts have room for."""
LONGEST_NAME: Final = 80
LONGEST_RESULT: Final = 200


class State(StrEnum):
    """Where a mandate stands."""

    DRAFT = "draft"
    RECAPPED = "recapped"  # they heard or read what it is about
    ASKED = "asked"
    UNCLEAR = "unclear"  # neither yes nor no: may be asked again
    UNANSWERED = "unanswered"  # nor was silence: likewise
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # given up before anybody answered
    ACTIVE = "active"
    PARTLY_REVOKED = "partly_revoked"
    REVOKED = "revoked"
    EXPIRED = "expired"
    RENOUNCED = "renounced"
    FINISHED = "finished"
    REPLACED = "replaced"
    LAPSED = "lapsed"

    @property
    def holds(self) -> bool:
        """Whether something may be done by it."""
        return self in {State.ACTIVE, State.PARTLY_REVOKED}

    @property
    def may_be_asked(self) -> bool:
        """Whether consent may be asked for: anew, which ends what was asked before."""
        return self in _MAY_BE_ASKED


_MAY_BE_ASKED: Final = frozenset(
    {State.DRAFT, State.RECAPPED, State.ASKED, State.UNCLEAR, State.UNANSWERED}
)


class Standing(StrEnum):
    """All that the public is told."""

    VALID = "valid"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Event(StrEnum):
    """What the journal says happened to a mandate."""

    PREPARED = "mandate.prepared"
    ASKED = "mandate.asked"
    SENT_AGAIN = "mandate.sent_again"
    RECAPPED = "mandate.recapped"
    ASKED_AGAIN = "mandate.asked_again"
    WRONG_CODE = "mandate.wrong_code"
    ANSWERED = "mandate.answered"
    USED = "mandate.used"
    ENDED = "mandate.ended"
    WITHDRAWN = "mandate.withdrawn"
    ISSUED = "mandate.issued"  # a paper of it


_ENDS: Final = (
    (End.LAPSED, State.LAPSED),
    (End.REVOKED, State.REVOKED),
    (End.RENOUNCED, State.RENOUNCED),
    (End.REPLACED, State.REPLACED),
    (End.FINISHED, State.FINISHED),
)
"""What a mandate of which nothing is left is called, the gravest of its ends first."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose a mandate is. Two who share a telephone are told apart by their names."""

    number: PhoneNumber
    name: str

    @property
    def folded(self) -> str:
        """Their name as it is compared."""
        return " ".join(words_in(self.name))


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate, and what happened to it. Whose it is stands in ``person``: None once erased."""

    id: MandateId
    reference: Reference
    structure: str
    prepared_by: AgentId
    prepared_at: datetime
    grants: tuple[Grant, ...]
    person: Person | None = None
    consents: tuple[Consent, ...] = ()
    consented_at: datetime | None = None
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def state(self, at: datetime) -> State:
        """Where it stands at this moment."""
        if self.consented_at is not None and self.consented_at <= at:
            return self._after(at)
        if self.refused_at is not None:
            return State.REFUSED
        return State.WITHDRAWN if self.withdrawn_at is not None else self._before(at)

    def standing(self, at: datetime) -> Standing | None:
        """What the public is told; None: nobody agreed to anything, and there is no mandate."""
        if self.consented_at is None:
            return None
        state = self.state(at)
        if state.holds:
            return Standing.VALID
        return Standing.EXPIRED if state is State.EXPIRED else Standing.REVOKED

    @property
    def until(self) -> datetime | None:
        """Where the last day of the last of its grants ends."""
        return max((each.until for each in self.grants if each.until), default=None)

    def grant(self, procedure: Topic) -> Grant | None:
        """What it says of a procedure."""
        return next((each for each in self.grants if each.procedure is procedure), None)

    def _before(self, at: datetime) -> State:
        if not self.consents:
            return State.DRAFT
        last = max(self.consents, key=lambda each: each.asked_at)
        if last.is_open(at):
            return State.ASKED if last.questioned_at is not None else State.RECAPPED
        return State.UNCLEAR if last.answer is Answer.UNCLEAR else State.UNANSWERED

    def _after(self, at: datetime) -> State:
        if any(each.holds(at) for each in self.grants):
            revoked = any(each.end is End.REVOKED and each.over(at) for each in self.grants)
            return State.PARTLY_REVOKED if revoked else State.ACTIVE
        ends = {each.end for each in self.grants if each.over(at)}
        if any(not each.over(at) for each in self.grants):
            return State.EXPIRED
        return next(state for end, state in _ENDS if end in ends)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done in somebody's place, by whom and with what result."""

    id: str
    mandate: MandateId
    procedure: Topic
    agent: AgentId | None
    at: datetime
    result: str


def may_use(mandate: Mandate, procedure: Topic, holder: Holder, *, at: datetime) -> Refusal | None:
    """Why this agent may not do this in the person's place now; None: they may."""
    refused = holder.refusal
    if refused is not None:
        return refused
    if holder.structure != mandate.structure:
        return Refusal.UNKNOWN
    if not mandate.state(at).holds:
        return Refusal.NOT_NOW
    grant = mandate.grant(procedure)
    return None if grant is not None and grant.holds(at) else Refusal.OUT_OF_SCOPE
