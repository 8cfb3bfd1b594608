"""An offer: one agent taken for one caller, for a time.

An offer is open until something closes it, once; whatever comes after finds it closed. What each
end says of the agent (a miss, a number that does not exist, nothing at all) is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dispatcher.domain.agents import AgentId, Past
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, OfferId, Step
from dispatcher.domain.channels import Via

CARRIER_SLACK: Final = timedelta(seconds=10)
SCREENING: Final = timedelta(seconds=20)
WEBHOOK: Final = timedelta(seconds=15)
"""Twilio gives up on a webhook after 15 seconds in all (its error 11205)."""
NO_SUCH_NUMBER_SIP: Final = frozenset({404, 410, 484, 604})
NO_SUCH_NUMBER_ERROR: Final = 13224
OUTAGE_WITHIN: Final = timedelta(minutes=2)
OUTAGE_FROM: Final = 3
"""This many agents failing within two minutes is the carrier's trouble, not theirs."""
KEY_TRIES: Final = 3


class End(StrEnum):
    """How an offer ended."""

    ANSWERED = "answered"
    DECLINED = "declined"
    NO_KEY = "no_key"  # something picked up and pressed nothing: often a voicemail
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CALLER_GONE = "caller_gone"
    LAPSED = "lapsed"
    UNREACHED = "unreached"  # a callback's agent was there, the citizen was not


UNREACHABLE_FOR: Final = timedelta(seconds=30)
"""An agent whose telephone was engaged, or could not be rung at all, is left alone this long: else
everybody who waits would be offered to it, one after the other, in vain.
"""


UNREACHABLE: Final = frozenset({End.BUSY, End.FAILED})
REST: Final = {
    End.DECLINED: timedelta(minutes=10),
    End.NO_ANSWER: timedelta(minutes=2),
    End.NO_KEY: timedelta(minutes=2),
}
REST_OTHERWISE: Final = timedelta(seconds=30)
"""How long one caller is not offered again to an agent whose offer ended so."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One attempt to bring one caller, or one callback, to one agent.

    ``beside``: the call has an agent already, who passes it on. ``citizen_leg``: of a callback,
    the leg that rang its citizen.
    ``via``: what rings for it, once that is decided; None besides for whoever has a telephone only.
    """

    id: OfferId
    agent: AgentId
    opened_at: datetime
    lease_until: datetime
    call: CallSid | None = None
    callback: CallbackId | None = None
    placed_at: datetime | None = None
    ringing_at: datetime | None = None
    picked_up_at: datetime | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    reached_at: datetime | None = None
    key_tries: int = 0
    leg: str | None = None
    carrier_code: int | None = None
    closed_at: datetime | None = None
    end: End | None = None
    beside: bool = False
    citizen_leg: str | None = None
    via: Via | None = None

    @property
    def in_browser(self) -> bool:
        """Whether a browser rings for it: what is answered there, a human answers."""
        return self.via is Via.BROWSER

    @property
    def open(self) -> bool:
        """Whether nothing has closed it yet."""
        return self.closed_at is None

    @property
    def wanted(self) -> bool:
        """Whether its agent may still take it, or has: nothing closed it, nor did they pass."""
        return self.open and self.declined_at is None

    @property
    def past(self) -> Past:
        """What its end says of the agent.

        A miss needs ringing to have been reached and to have timed out, or a pick-up that
        pressed nothing; a refusal or the caller's own hang-up is nobody's miss.
        """
        missed = self.end in {End.NO_ANSWER, End.NO_KEY} and self.ringing_at is not None
        failed = self.end is End.FAILED and not self.in_browser  # a page says nothing of a number
        return Past(missed, failed and no_such_number(self.carrier_code))


_CALLBACK: Final = "callback:"
_BESIDE: Final = "beside:"


def waiter_of(offer: Offer) -> str:
    """Who waits at the other end of an offer, as the board names them: a call's id, or a
    callback's, marked; of one beside another, its own.
    """
    if offer.beside:
        return _BESIDE + offer.id
    return (
        offer.call if offer.call is not None else callback_waiter(CallbackId(offer.callback or ""))
    )


def callback_waiter(id: CallbackId) -> str:
    """How the board names somebody who waits for a callback."""
    return _CALLBACK + id


def callback_of(waiter: str) -> CallbackId | None:
    """The callback that this waiter is; None for a call."""
    return CallbackId(waiter.removeprefix(_CALLBACK)) if waiter.startswith(_CALLBACK) else None


def rest_after(offer: Offer, *, wrap_up: timedelta) -> timedelta:
    """How long the agent of a closed offer is offered nobody else."""
    if offer.accepted_at is not None:
        return wrap_up
    return UNREACHABLE_FOR if offer.end in UNREACHABLE else timedelta(0)


def lease(*, ring_seconds: int, at: datetime) -> datetime:
    """Until when an agent is kept for an offer that nothing is heard of."""
    return at + timedelta(seconds=ring_seconds) + CARRIER_SLACK + SCREENING + WEBHOOK


def lease_at_pick_up(*, at: datetime) -> datetime:
    """Until when somebody who picked up may still press a key."""
    return at + KEY_TRIES * SCREENING + WEBHOOK


def end_at_hang_up(step: Step) -> End:
    """How an offer ended whose caller hung up at this step."""
    return End.ANSWERED if step is Step.TALKING else End.CALLER_GONE


def end_of_ring(offer: Offer, status: str) -> End:
    """How a ring that did not end in a conversation ended, from the carrier's last word on it."""
    if offer.declined_at is not None or (offer.in_browser and status == "busy"):
        return End.DECLINED  # a browser is never engaged: somebody passed the call on
    if status in {"completed", "answered"}:
        return End.NO_KEY
    return _RING_ENDS.get(status, End.FAILED)


_RING_ENDS = {"no-answer": End.NO_ANSWER, "busy": End.BUSY, "canceled": End.CALLER_GONE}


def no_such_number(carrier_code: int | None) -> bool:
    """Whether this SIP answer or error of the carrier says that the number does not exist."""
    return carrier_code == NO_SUCH_NUMBER_ERROR or carrier_code in NO_SUCH_NUMBER_SIP


def resting(ended: Iterable[tuple[AgentId, End, datetime]], *, at: datetime) -> frozenset[AgentId]:
    """The agents to pass over for a caller to whom they were just offered."""
    return frozenset(
        agent for agent, end, closed_at in ended if closed_at + REST.get(end, REST_OTHERWISE) > at
    )


def outage(failed: Iterable[AgentId]) -> bool:
    """Whether the agents whose offers failed of late are too many to be at fault themselves."""
    return len(set(failed)) >= OUTAGE_FROM
