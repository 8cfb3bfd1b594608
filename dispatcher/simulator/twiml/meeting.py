"""Reading what a Dial says of a conference."""

from __future__ import annotations

from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.twiml.attributes import Attributes
from dispatcher.simulator.wire.webhooks import CarrierError

MOST = 250
NO_NAME = 13231
"""Twilio: a conference without a name."""
EVENTS = frozenset(
    {"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"}
)


def conference(name: str, at: Attributes) -> verbs.Conference:
    """Read one conference. Raises ``CarrierError``."""
    if not name:
        raise CarrierError(NO_NAME, "a conference has a name")
    at.ignore("beep", "jitterBufferSize", "region", "trim", "record")
    told = verbs.Conference(
        name,
        at.text("waitUrl") if at.has("waitUrl") else None,
        at.method("waitMethod"),
        starts=at.flag("startConferenceOnEnter", default=True),
        ends=at.flag("endConferenceOnExit"),
        muted=at.flag("muted"),
        at_most=at.whole("maxParticipants", MOST, most=MOST),
        label=at.text("participantLabel"),
        status_url=at.text("statusCallback"),
        status_method=at.method("statusCallbackMethod"),
        events=frozenset(at.text("statusCallbackEvent").split()) & EVENTS,
    )
    at.warn_of_unknown()
    return told
