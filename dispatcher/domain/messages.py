"""A message: what somebody who is promised a callback said after the beep.

The carrier records it, since only the carrier can; a job fetches it, then erases it there. It is
expected in SQL before the beep, so that nothing is left at the carrier whatever webhook is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid

MessageId = NewType("MessageId", str)

SECONDS: Final = 60
"""How long a message lasts at most; the sentence before the beep says so."""
LARGEST: Final = 2_000_000
"""Bytes that are kept at most: a minute of the carrier's MP3 takes a quarter of it."""
PUT_OFF: Final = timedelta(seconds=SECONDS + 30)
"""How long somebody who may be speaking after the beep is not rung back."""
LOOKED_FOR_AFTER: Final = timedelta(minutes=3)
"""When a message of which nothing was heard is looked for at the carrier."""
GIVEN_UP_AFTER: Final = timedelta(minutes=10)
"""When one that the carrier does not have, by then, was never left."""
LEASE: Final = timedelta(minutes=2)
RUNG_EVERY: Final = timedelta(seconds=30)
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(hours=1)
WORTH_AN_ALARM: Final = 8
"""Tries, over some ten minutes, after which somebody should look at the log."""
HEARD_WITHIN: Final = timedelta(minutes=10)
"""For how long the address of a sound is good: the agent who is on the line listens now."""


class State(StrEnum):
    """Where a message stands."""

    EXPECTED = "expected"  # somebody may be speaking; nothing of it is here
    KEPT = "kept"  # its sound is here, or is not to be; the carrier may still have it
    OVER = "over"  # the carrier has nothing of it


@dataclass(frozen=True, slots=True)
class Message:
    """A message left on ``call`` for whoever makes ``callback``. ``tries`` is the fence of those
    who fetch it; ``kept_at``: since when its sound is here.
    """

    id: MessageId
    call: CallSid
    callback: CallbackId | None
    created_at: datetime
    due_at: datetime
    state: State = State.EXPECTED
    tries: int = 0
    kept_at: datetime | None = None


def expected(id: MessageId, call: CallSid, callback: CallbackId | None, *, at: datetime) -> Message:
    """The message that somebody is about to leave."""
    return Message(id, call, callback, created_at=at, due_at=at + LOOKED_FOR_AFTER)


def tried_again_at(message: Message, *, at: datetime) -> datetime:
    """When a message is fetched, or erased at the carrier, again: longer and longer after."""
    wait: timedelta = FIRST_WAIT * 2 ** min(message.tries - 1, 10)
    return at + min(wait, LONGEST_WAIT)


def is_given_up(message: Message, *, at: datetime) -> bool:
    """Whether one that the carrier does not have was never left."""
    return at >= message.created_at + GIVEN_UP_AFTER
