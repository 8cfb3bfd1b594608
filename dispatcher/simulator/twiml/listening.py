"""What a Gather listens to: keys, speech, or both, and how speech is listened to."""

from __future__ import annotations

from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.twiml.attributes import Attributes

AUTO_PAUSE = 1.0
"""Seconds of silence after which ``speechTimeout="auto"`` takes it that all is said."""

MOST_HINTS = 500
LONGEST_HINT = 100
"""In characters (twilio.com/docs/voice/twiml/gather, "hints")."""


_INPUTS = frozenset({"dtmf", "speech"})
_KEYS = frozenset({"dtmf"})


def inputs(at: Attributes) -> frozenset[str]:
    """Give ``dtmf``, ``speech`` or both."""
    asked = frozenset(at.text("input", "dtmf").split())
    return asked if asked and asked <= _INPUTS else at.refuse("input", _KEYS)


def speech(at: Attributes, timeout: int) -> verbs.Speech:
    """Read how speech is listened to; silence ends it after ``timeout`` unless set."""
    at.ignore("speechModel", "enhanced", "profanityFilter")
    return verbs.Speech(
        at.text("language", "en-US"),
        _hints(at),
        _pause(at, timeout),
        at.flag("bargeIn", default=True),
    )


def _hints(at: Attributes) -> tuple[str, ...]:
    hints = tuple(hint for part in at.text("hints").split(",") if (hint := part.strip()))
    if len(hints) > MOST_HINTS or any(len(hint) > LONGEST_HINT for hint in hints):
        at.warn("hints", f"more than {MOST_HINTS}, or one is longer than {LONGEST_HINT}")
    return hints


def _pause(at: Attributes, timeout: int) -> float:
    value = at.text("speechTimeout")
    if not value:
        return timeout
    if value == "auto":
        if at.text("speechModel"):  # twilio.com/docs/api/errors/13327
            at.warn("speechTimeout='auto'", "not allowed with a speechModel")
        return AUTO_PAUSE
    return at.whole("speechTimeout", timeout) or at.refuse("speechTimeout", timeout)
