"""A disposition: what an agent writes of a conversation they had, and until when they may.

Of each conversation (an offer that was answered) there is one, its agent's. Codes say what it was
about and what came of it, and are counted; the note and the service's name are words, sealed, and
are erased in their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, LineId, OfferId
from dispatcher.domain.matters import Matter
from dispatcher.domain.offers import End, Offer
from dispatcher.domain.schedule import midnight_after

LONGEST_NOTE: Final = 1000
LONGEST_SERVICE: Final = 80


class Outcome(StrEnum):
    """What came of a conversation."""

    SETTLED = "settled"
    CONTINUED = "continued"
    SENT_ON = "sent_on"  # to another service, which is named
    COULD_NOT = "could_not"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Writing:
    """What an agent wrote so far."""

    matter: Matter | None = None
    outcome: Outcome | None = None
    service: str = ""
    note: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing that is asked for is missing; a note is not asked for."""
        named = self.outcome is not Outcome.SENT_ON or bool(self.service)
        return self.matter is not None and self.outcome is not None and named


@dataclass(frozen=True, slots=True)
class Edition:
    """Which version somebody read before they wrote (``over``; 0: nothing was written), in which
    form (``tab``, random), and how often that form was sent before (``turn``).
    """

    over: int
    tab: str
    turn: int


class Saved(StrEnum):
    """What came of what was sent to be kept."""

    KEPT = "kept"  # also when it was kept before: it is what stands
    LATE = "late"  # the same form has sent something newer
    CONFLICT = "conflict"  # somebody else, or another tab of theirs, has written meanwhile
    GONE = "gone"  # it is no conversation of theirs, or not any more to be written of


@dataclass(frozen=True, slots=True)
class Disposition:
    """What was written of one conversation, and what was done with it, each once.

    ``day``: that of the line's clock on which they talked. ``agent`` None: forgotten with how calls
    went.
    """

    offer: OfferId
    agent: AgentId | None
    call: CallSid | None
    callback: CallbackId | None
    line: LineId
    day: date
    commune: str | None
    need: Need | None
    saved_at: datetime
    writing: Writing = Writing()
    version: int = 0
    followed_up_at: datetime | None = None
    recapped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """So many conversations of a day and a commune were about this, and came to that."""

    day: date
    commune: str | None
    matter: Matter | None
    outcome: Outcome | None
    count: int


def talked(offer: Offer) -> bool:
    """Whether agent and citizen talk, or did: of a callback once the citizen was reached."""
    if offer.open:
        began = offer.accepted_at if offer.callback is None else offer.reached_at
        return began is not None
    return offer.end is End.ANSWERED


def writable_until(ended_at: datetime, *, days: int, zone: str) -> datetime:
    """Until when somebody may write of a conversation: the end of the line's follow-up days; with
    none, of its own day.
    """
    return midnight_after(ended_at + timedelta(days=days), zone)


def is_writable(offer: Offer, *, days: int, zone: str, at: datetime) -> bool:
    """Whether its agent may write of it now: during it, after it, and not for ever."""
    if not talked(offer):
        return False
    return offer.closed_at is None or at < writable_until(offer.closed_at, days=days, zone=zone)
