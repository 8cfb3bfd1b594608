"""What somebody who waits hears, one verse after the other, each about ten seconds.

Ten seconds are how long a match may take to reach them when the job that hastens it fails: the
carrier asks for the next verse then. Keys work in every verse, and none of them is read aloud by
the carrier's speech recognition: a television would answer, and each listening costs money.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from dispatcher.domain import doors
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, Keys
from dispatcher.domain.estimates import Expected, Range
from dispatcher.domain.script import Ask, Say, Script

CALL_ME_BACK: Final = "1"


class Verse(IntEnum):
    """What is said in turn."""

    PLACE = 0
    KEYS = 1
    PAPERS = 2
    MEMORY = 3


_SILENCE: Final = {Verse.PLACE: 3, Verse.KEYS: 4, Verse.PAPERS: 4, Verse.MEMORY: 4}
"""Seconds of quiet after each, which make it last about ten."""


def following(call: Call, verse: int, keys: Keys) -> Verse:
    """The verse after this one; the same again for a ``*``."""
    if keys.again:
        return Verse(verse % len(Verse))
    last = Verse.MEMORY if call.memorable else Verse.PAPERS
    return Verse((verse + 1) % (last + 1))


def say(call: Call, verse: Verse, expected: Expected | None) -> Script:
    """One verse; ``expected`` None when it is not known just now who is before them."""
    said = {
        Verse.PLACE: _place(expected),
        Verse.KEYS: (Say("wait.callback"),),
        Verse.PAPERS: (Say(f"wait.papers.{_need(call)}"),),
        Verse.MEMORY: (Say("remember.kept" if call.remembered else "remember.offer"),),
    }[verse]
    return (Ask(said, 1, doors.pressed(call.turn, verse), wait=_SILENCE[verse]),)


def _need(call: Call) -> Need:
    """What they may be told that it is about: of a case, whose code anybody may have, nothing."""
    return Need.EITHER if call.case_code or call.need is None else call.need


def _place(expected: Expected | None) -> tuple[Say, ...]:
    if expected is None:
        return (Say("wait.place.unknown"),)
    place = Say(f"wait.place.{min(expected.ahead, 2)}", {"ahead": expected.ahead})
    return (place,) if expected.wait is None else (place, _how_long(expected.wait))


def _how_long(wait: Range) -> Say:
    minutes = wait.minutes
    if minutes is None:
        return Say("wait.estimate.long")
    low, high = minutes
    return Say("wait.estimate.range" if low else "wait.estimate.soon", {"low": low, "high": high})
