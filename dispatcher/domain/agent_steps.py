"""What an agent's call may come to, and what its keys make of the agent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from dispatcher.domain.agents import Word
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.follow_ups import Wish
from dispatcher.domain.occurrences import Moved, Occurrence, Pattern, Slot
from dispatcher.domain.timetables import Absence

SLOT_STEPS: Final = frozenset(
    step
    for step in Step
    if step.startswith(
        (
            *("agent_slot", "agent_change", "agent_move", "agent_break", "agent_series"),
            "agent_away",
        )
    )
)
"""Where somebody hears, marks, changes and cancels slots, and says when they are away."""
STEPS: Final = SLOT_STEPS | {
    *(Step.AGENT_PIN, Step.AGENT_MENU, Step.AGENT_PAUSE, Step.AGENT_AFTER, Step.AGENT_WHEN),
    Step.AGENT_STAND_IN,
}
KEYED: Final = {
    **dict.fromkeys((Step.AGENT_SLOT_START, Step.AGENT_SLOT_END), 4),
    **dict.fromkeys((Step.AGENT_MOVE_START, Step.AGENT_MOVE_END), 4),
    **dict.fromkeys((Step.AGENT_BREAK_START, Step.AGENT_BREAK_END), 4),
    **dict.fromkeys((Step.AGENT_SLOT_DATE, Step.AGENT_SLOT_UNTIL, Step.AGENT_MOVE_DATE), 4),
    **dict.fromkeys((Step.AGENT_SERIES_DATE, Step.AGENT_AWAY_FIRST, Step.AGENT_AWAY_LAST), 4),
    Step.AGENT_SLOT_EVERY: 2,
}
"""Where several keys say a time, a day or a number; one of them alone is heard after a silence."""
CONFIRMING: Final = frozenset(
    {
        *(Step.AGENT_SLOT_DROP, Step.AGENT_MOVE_CONFIRM, Step.AGENT_SERIES_CONFIRM),
        Step.AGENT_AWAY_CONFIRM,
    }
)
"""Where it is said, before it is done, who would be missed."""
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
    """They mean to answer then, once or again and again."""

    pattern: Pattern


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


@dataclass(frozen=True, slots=True)
class Moves:
    """One occurrence stands elsewhere."""

    occurrence: Occurrence
    to: Moved


@dataclass(frozen=True, slots=True)
class Becomes:
    """A slot is another from now on: with other pauses, or with a last day."""

    slot: Slot
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Ends:
    """A slot is no more."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class GoesAway:
    """They are away on these days."""

    absence: Absence


@dataclass(frozen=True, slots=True)
class ComesBack:
    """They are not away then after all."""

    absence: Absence


Deed = Marks | Drops | Confirms | Asks | Moves | Becomes | Ends | GoesAway | ComesBack


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
