"""What an agent's call may come to, and what its keys make of the agent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import Final

from dispatcher.domain.agents import Word
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.follow_ups import Wish
from dispatcher.domain.occurrences import Occurrence
from dispatcher.domain.slots import Span

SLOT_STEPS: Final = frozenset(
    {
        *(Step.AGENT_SLOTS, Step.AGENT_SLOT_DROP, Step.AGENT_SLOT_WEEK, Step.AGENT_SLOT_DAY),
        *(Step.AGENT_SLOT_START, Step.AGENT_SLOT_END, Step.AGENT_SLOT_CONFIRM),
    }
)
"""Where somebody hears, marks and cancels slots."""
STEPS: Final = SLOT_STEPS | {
    *(Step.AGENT_PIN, Step.AGENT_MENU, Step.AGENT_PAUSE, Step.AGENT_AFTER, Step.AGENT_WHEN),
    Step.AGENT_STAND_IN,
}
TRIES: Final = 3


class Told(IntEnum):
    """What the menu tells before anything else."""

    NOTHING = 0
    NEXT_CALL = 2
    NOTED = 3
    BOOKED = 4
    JOINED = 5
    REDIRECTED = 6
    TOO_LATE = 7
    GOES_ON = 8
    STANDS_IN = 9
    TAKEN = 10
    ASKED = 11
    BEGUN = 12


@dataclass(frozen=True, slots=True)
class Marks:
    """They mean to answer on this local day, between these hours."""

    day: date
    span: Span


@dataclass(frozen=True, slots=True)
class Drops:
    """They do not mean to answer then after all."""

    occurrence: Occurrence


@dataclass(frozen=True, slots=True)
class Confirms:
    """They will be there."""

    occurrence: Occurrence


@dataclass(frozen=True, slots=True)
class Asks:
    """They look for somebody who stands in for them."""

    occurrence: Occurrence


Deed = Marks | Drops | Confirms | Asks


@dataclass(frozen=True, slots=True)
class Heard:
    """The call after a key, and what its agent said with it of themselves, of their slots, or of
    the person whom they helped last. ``takes``: they stand in for a colleague.
    """

    call: Call
    word: Word | None = None
    deed: Deed | None = None
    wish: Wish | None = None
    redirects: bool = False
    goes_on: bool = False
    takes: bool = False

    def told(self, told: Told) -> Call:
        """The call, whose agent is told this first."""
        return replace(self.call, page=int(told))


def menu(call: Call, told: Told = Told.NOTHING) -> Call:
    """Back at the menu, which tells this first."""
    return call.to(Step.AGENT_MENU, page=int(told), tries=0)
