"""Where a conversation stands for its agent, and what they may do with it then."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dispatcher.domain.transfers import Kind, State, Transfer


class Stage(StrEnum):
    """How it stands."""

    TALKING = "talking"
    HELD = "held"
    RINGING = "ringing"  # whoever was asked is being rung; the citizen waits
    WORD = "word"  # the agent has a word with them; the citizen waits
    THREE = "three"  # all three hear each other
    ASKED = "asked"  # whoever was asked has a word with the agent; the citizen waits
    THIRD = "third"  # whoever was asked is with both


class Deed(StrEnum):
    """What an agent does with their conversation."""

    HOLD = "hold"
    RESUME = "resume"
    BEGIN = "begin"
    COMPLETE = "complete"
    CANCEL = "cancel"
    LEAVE = "leave"


MAY: Final[Mapping[Stage, frozenset[Deed]]] = MappingProxyType(
    {
        Stage.TALKING: frozenset({Deed.HOLD, Deed.BEGIN}),
        Stage.HELD: frozenset({Deed.RESUME, Deed.BEGIN}),
        Stage.RINGING: frozenset({Deed.CANCEL}),
        Stage.WORD: frozenset({Deed.COMPLETE, Deed.CANCEL}),
        Stage.THREE: frozenset({Deed.LEAVE}),
        Stage.ASKED: frozenset(),
        Stage.THIRD: frozenset(),
    }
)
"""What a page offers; whether it still holds is for the one who does it to find."""
MANNERS: Final = (Kind.WARM, Kind.COLD, Kind.THIRD)
"""How somebody else is asked."""


def stage_of(transfer: Transfer | None, *, there: bool) -> Stage:
    """How a conversation with this transfer, or none, stands. ``there``: whoever was asked has
    picked up and taken it.
    """
    if transfer is None or (transfer.state is State.TOGETHER and not transfer.shared):
        return Stage.TALKING
    if transfer.state is State.HELD:
        return Stage.HELD
    if transfer.state is State.TOGETHER:
        return Stage.THREE
    return Stage.WORD if there else Stage.RINGING


def stage_of_asked(asking: Transfer | None) -> Stage:
    """The same for whoever was asked by this transfer, and has taken it."""
    if asking is None or not asking.open:
        return Stage.TALKING
    return Stage.THIRD if asking.state is State.TOGETHER else Stage.ASKED
