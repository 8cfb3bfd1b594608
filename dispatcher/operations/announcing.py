"""What a caller is told for a while about where they live and what they need, once, before they are
put through.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from dispatcher.domain import announcements
from dispatcher.domain.announcements import Announcement
from dispatcher.domain.calls import Call, Placed, Step
from dispatcher.domain.script import Say
from dispatcher.operations.services import Services

LETTERS_A_SECOND: Final = 11
"""How fast the slow voice speaks (``carrier/twiml.py``: 88 % of about 13)."""


def told(call: Call, services: Services) -> tuple[Say, ...]:
    """What this call is told at this step; nothing when it was told before."""
    first = call.offers == (1 if call.step is Step.OFFERED else 0) and call.keyed_number is None
    return announcements.spoken(_about(call, services)) if first else ()


def lasting(call: Call, services: Services) -> timedelta:
    """How much later an agent taken now is rung, since the caller is told something first."""
    if call.offers:
        return timedelta(0)
    letters = sum(len(each.text) for each in _about(call, services))
    return timedelta(seconds=letters / LETTERS_A_SECOND)


def _about(call: Call, services: Services) -> tuple[Announcement, ...]:
    line = services.line(call.line)
    if not line.announcements or call.need is None or call.queue is not None:
        return ()
    if call.placed is Placed.CASE:  # where and for what is the case's: anybody may have its code
        return ()
    commune = services.atlas.commune(call.commune) if call.commune else None
    return announcements.for_caller(
        line.announcements,
        services.atlas.around(commune) if commune else (),
        call.need,
        at=call.started_at,
        zone=line.hours.zone,
    )
