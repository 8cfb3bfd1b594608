"""What the carrier itself tells callers while nothing of ours answers.

The document lies at the carrier (a TwiML Bin), named as the number's fallback address. It keeps the
caller on the line and asks our first door again and again: a call that we know goes on at its
present step, a new one begins. Whoever hangs up meanwhile is found in the carrier's list and rung
back (``operations/reconciling.py``), so that the document promises no more than we keep.
"""

from __future__ import annotations

from typing import Final

from dispatcher.domain import doors
from dispatcher.domain.script import Goto, Say, Script, Silence

ASKED_AGAIN_AFTER: Final = 10
"""Seconds between two tries: a restart of ours takes fewer than thirty."""
DOCUMENT: Final[Script] = (
    Say("standing_by"),
    Silence(ASKED_AGAIN_AFTER),
    Goto(doors.INCOMING),
)
