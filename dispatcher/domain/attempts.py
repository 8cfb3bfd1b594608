"""Attempts at a callback: what a ring that reached nobody means, and when the next one is."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dispatcher.domain.callbacks import Callback
from dispatcher.domain.calls import Why
from dispatcher.domain.offers import no_such_number
from dispatcher.domain.schedule import OpeningHours, local
from dispatcher.domain.wishes import NOON

AT_MOST: Final = 4
APART: Final = timedelta(hours=3)
WITHIN: Final = timedelta(days=30)
"""How often somebody is rung, how far apart, and for how long in all (rules.md C5)."""
AT_MOST_UNASKED: Final = 2
"""How often a regular is rung for one of their calls: nobody asked for it this day."""
_STEP: Final = timedelta(minutes=30)


class Miss(StrEnum):
    """Why a citizen whose telephone was rung was not reached."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"  # something picked up and pressed nothing
    DEAD = "number_dead"


def miss(status: str, code: int | None, *, hung_up: bool = False) -> Miss | None:
    """What the carrier's word on a ring that reached nobody says of the citizen's telephone; None
    when it says nothing, since whoever rang ``hung_up``: the carrier calls that "no-answer", too.
    """
    if status == "canceled" or (hung_up and status == "no-answer"):
        return None
    if status == "failed" and no_such_number(code):
        return Miss.DEAD
    return _MISSES.get(status, Miss.NO_ANSWER)


_MISSES: Final = {
    "busy": Miss.BUSY,
    "completed": Miss.VOICEMAIL,
    "answered": Miss.VOICEMAIL,
}


def is_last(callback: Callback) -> bool:
    """Whether the ring to come, or under way, is the last."""
    at_most = AT_MOST_UNASKED if callback.why is Why.REGULAR else AT_MOST
    return callback.attempts + 1 >= at_most


def next_after(callback: Callback, hours: OpeningHours, *, at: datetime) -> datetime | None:
    """When somebody not reached at ``at`` is rung again: hours later and in another half-day, when
    they may be rung. None when they have been rung as often as we do.
    """
    if is_last(callback):
        return None
    earliest, tried = at + APART, _half_day(at, hours.zone)
    while (found := hours.next_opening(earliest)) is not None:
        if found > callback.asked_at + WITHIN:
            return None
        if _half_day(found, hours.zone) != tried:
            return found
        earliest = found + _STEP
    return None


def _half_day(at: datetime, zone: str) -> tuple[int, bool]:
    there = local(at, zone)
    return there.toordinal(), there.hour >= NOON
