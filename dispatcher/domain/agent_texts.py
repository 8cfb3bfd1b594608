"""DISPO, PAUSE, FIN, PLANNING, OUI: what an agent writes from the mobile they are registered with.

A closed list, as for RAPPEL; whoever says more is not understood by a word of theirs. A sender
proves nothing: these words change nothing but whether somebody is rung, and PLANNING is answered
to the registered number alone, since nobody else's is looked up. OUI answers the one text in which
they were asked to stand in for a colleague, and is a word of theirs after that alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from dispatcher.domain.occurrences import Occurrence
from dispatcher.domain.schedule import local
from dispatcher.domain.stops import AROUND, LONGEST, words_in

MOST: Final = 6
"""Slots named in one text; how many more there are is said."""


class AgentWord(StrEnum):
    """What an agent asks by text."""

    COME_ON = "dispo"
    PAUSE = "pause"
    DAY_OVER = "fin"
    SLOTS = "planning"
    YES = "oui"


_SPELT: Final = {
    **dict.fromkeys(("dispo", "disponible"), AgentWord.COME_ON),
    **dict.fromkeys(("pause", "pose"), AgentWord.PAUSE),
    **dict.fromkeys(("fin", "fini", "finie", "termine"), AgentWord.DAY_OVER),
    **dict.fromkeys(("oui", "ouii"), AgentWord.YES),
    **dict.fromkeys(("planning", "planing", "plannings"), AgentWord.SLOTS),
}


def word_of(text: str) -> AgentWord | None:
    """The one word of an agent's that this text is, if any."""
    if len(text) > LONGEST:
        return None
    said = set(words_in(text))
    asked = {_SPELT[word] for word in said & _SPELT.keys()}
    alone = said <= _SPELT.keys() | AROUND
    return asked.pop() if alone and len(asked) == 1 else None


def days(found: Sequence[Occurrence]) -> str:
    """Slots as short as a text has room for: ``24/11 9h-12h30, 25/11 14h-17h +3``."""
    said = ", ".join(_day(each) for each in found[:MOST])
    more = len(found) - MOST
    return said if more <= 0 else f"{said} +{more}"


def clock(at: datetime, zone: str) -> str:
    """A time of day: ``9h``, ``12h30``."""
    there = local(at, zone)
    return _short(there.hour * 60 + there.minute)


def _day(each: Occurrence) -> str:
    hours = "-".join(map(_short, each.span))
    return f"{each.on.day:02}/{each.on.month:02} {hours}"


def _short(minutes: int) -> str:
    hour, minute = divmod(minutes % (24 * 60), 60)
    return f"{hour}h{minute:02}" if minute else f"{hour}h"
