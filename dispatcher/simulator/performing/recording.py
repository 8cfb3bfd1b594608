"""Record: a beep, then whatever is said, kept by the carrier; also when the caller hangs up.

Source: twilio.com/docs/voice/twiml/record. A recording that holds nothing is none: the document
goes on with its next verb, and whoever asked for it is told ``absent``.
"""

from __future__ import annotations

import asyncio

from dispatcher.simulator.performing.ear import Answered
from dispatcher.simulator.performing.stage import Outcome, Sound, Stage
from dispatcher.simulator.rest.recordings import Recording, Told
from dispatcher.simulator.twiml import verbs

BEEP = Sound("(beep)", 1.0)
HANGUP = "hangup"
"""The ``Digits`` of a recording that its caller ended with the call."""


async def record(stage: Stage, verb: verbs.Record) -> Outcome:
    """Record until silence, a key or the longest time; then the action, if anything was said."""
    leg, started = stage.leg, stage.network.seconds()
    leg.taped = []  # already: who speaks at the very end of the beep is recorded
    try:
        if verb.beep:
            await stage.sound(BEEP)
        started = stage.network.seconds()
        digits = await _until_over(stage, verb)
    except asyncio.CancelledError:  # the caller hung up, or was redirected
        _kept(stage, verb, started, HANGUP)
        raise
    finally:
        leg.ear.close()
    stage.time_passes()
    recording = _kept(stage, verb, started, digits)
    if recording is None:
        return None
    return stage.next(verb.action, verb.method, **_about(recording, digits))


async def _until_over(stage: Stage, verb: verbs.Record) -> str:
    """Give the key that ended it; empty for silence and the longest time."""
    ear, network = stage.leg.ear, stage.network
    ends = network.seconds() + verb.longest
    while (left := ends - network.seconds()) > 0:
        ear.open(Answered.KEYS, Answered.SPEECH)
        if not await ear.is_answered_within(min(verb.timeout, left)):
            return ""
        if ear.answered_by is Answered.KEYS:
            key = ear.take_key()
            if key in verb.finish_on:
                return key
        else:
            said_by = ear.spoken_until
            ear.take_words()
            ear.open(Answered.KEYS)
            spoken = min(said_by, ends) - network.seconds()
            if await ear.is_answered_within(max(0.0, spoken)):
                key = ear.take_key()
                if key in verb.finish_on:
                    return key
    return ""


def _kept(stage: Stage, verb: verbs.Record, started: float, digits: str) -> Recording | None:
    """Keep what was said, tell whoever asked to be told, and whose caller is gone, the action."""
    leg, network = stage.leg, stage.network
    said, leg.taped = leg.taped or [], None
    told = None
    if verb.status_url:
        told = Told(stage.next(verb.status_url, verb.status_method).address, verb.events)
    seconds = round(network.seconds() - started)
    recording = network.recordings.keep(leg, " ".join(said), seconds, told)
    if recording is not None and digits == HANGUP and network.switches.action_after_hangup:
        action = stage.next(verb.action, verb.method, **_about(recording, digits))
        network.tell_action(leg, action)
    return recording


def _about(recording: Recording, digits: str) -> dict[str, str]:
    return {
        "RecordingUrl": recording.url,
        "RecordingSid": recording.sid,
        "RecordingDuration": str(recording.seconds),
        "Digits": digits,
    }
