"""Inquiries: requests that are answered in writing, or through a relay service, by one agent at a
time.

An inquiry is a callback that is not rung: its place in the order, its need and its state are the
callback's. What is here is the question, and who has it now.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.gsm import segments, spelt
from dispatcher.domain.mails import Address
from dispatcher.domain.replies import Reply

TurnId = NewType("TurnId", str)
"""One agent's turn with an inquiry: the fence, and what their link names."""

LEASE: Final = timedelta(hours=2)
"""How long an agent has an inquiry to themselves; then it goes to somebody else."""
TOLD_AGAIN: Final = timedelta(hours=24)
"""After that long who passed, or let it lie, may be asked again."""
AT_ONCE: Final = 3
"""How many inquiries one agent has at a time."""
LONGEST_QUESTION: Final = 1000
LONGEST_ANSWER: Final = 4000
MOST_SEGMENTS: Final = 4
"""Of an answer by SMS, with our name and number around it: 612 signs in all."""
USEFUL_FOR: Final = timedelta(days=2)
"""For how long an answer is tried to be sent."""
LOST_WITHIN: Final = timedelta(hours=1)
"""How long after a text was sent its network may say that it was lost on its way."""


class Note(StrEnum):
    """What befell an inquiry besides the states of its callback, in its way."""

    PASSED = "passed"  # its agent cannot answer
    LAPSED = "lapsed"  # its agent did nothing
    UNSENT = "unsent"  # the answer could not be sent
    UNSURE = "unsure"  # the answer may have been sent, or not: « à vérifier »


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question, and who has it. ``turns``: how many agents had it. ``answered_at``: from then on
    it is done, unless what was written cannot be sent: then ``unsent`` is what it said.
    """

    callback: CallbackId
    question: str
    address: Address | None = None
    turns: int = 0
    turn: TurnId | None = None
    agent: AgentId | None = None
    lease_until: datetime | None = None
    answered_at: datetime | None = None
    unsent: str = ""

    @property
    def matter(self) -> str:
        """What the mails and texts of this turn are about: of each there is one."""
        return matter(self.callback, self.turns)


def matter(callback: CallbackId, turns: int) -> str:
    """What is sent during this turn is about."""
    return f"{callback}.{turns}"


class Bad(StrEnum):
    """Why a text that somebody wrote cannot be taken."""

    EMPTY = "empty"
    LONG = "long"
    SIGNS = "signs"


def written(text: str, *, at_most: int) -> str | Bad:
    """What somebody wrote in a form, as it is kept: lines end in one way, and no sign of it
    commands a machine.
    """
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    tidy = "\n".join(" ".join(line.split()) for line in lines.split("\n"))
    tidy = tidy.strip()
    if not tidy:
        return Bad.EMPTY
    if len(tidy) > at_most:
        return Bad.LONG
    if any(_commands(sign) for sign in tidy):
        return Bad.SIGNS
    return tidy


def too_many(body: str) -> int:
    """How many segments more than may be a text of this body costs; 0 when it fits."""
    return max(0, segments(spelt(body)) - MOST_SEGMENTS)


def _commands(sign: str) -> bool:
    odd = unicodedata.category(sign) in {"Cc", "Cs", "Co"} or sign in _BIDI
    return odd and sign != "\n"


_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the order of others around, so that a text reads as what it is not."""


def ends_as(reply: Reply, *, elsewhere: bool) -> State:
    """The state of the callback once its agent has done with it."""
    if elsewhere:
        return State.REDIRECTED
    return State.ANSWERED if reply.in_writing else State.REACHED
