"""The verbs that concern one leg alone: what it hears, and where it goes next."""

from __future__ import annotations

import asyncio

from dispatcher.simulator.performing.stage import Ending, Fetch, Outcome, Stage
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.twiml.speech import PLAY_SECONDS


async def say(stage: Stage, verb: verbs.Say) -> Outcome:
    """Speak the words, as often as asked."""
    for _ in range(verb.times):
        await stage.speak(verb.text, verb.seconds)
    return None


async def play(stage: Stage, verb: verbs.Play) -> Outcome:
    """Play the sound, as often as asked."""
    for _ in range(verb.times):
        await stage.speak(verb.url, PLAY_SECONDS)
    return None


async def pause(stage: Stage, verb: verbs.Pause) -> Outcome:
    """Be silent; as a first verb it delays the answer."""
    stage.time_passes()
    await asyncio.sleep(verb.seconds)
    return None


async def redirect(stage: Stage, verb: verbs.Redirect) -> Fetch:
    """Go on with another document."""
    return stage.next(verb.url, verb.method)


async def hang_up(_stage: Stage, _verb: verbs.Hangup) -> Outcome:
    """End the call."""
    return Ending.HUNG_UP


async def reject(stage: Stage, verb: verbs.Reject) -> Outcome:
    """Refuse an incoming call; once it is answered, that is hanging up."""
    if not stage.leg.answered:
        stage.leg.end("busy" if verb.busy else "failed", sip=486 if verb.busy else 603)
    return Ending.HUNG_UP


async def leave(_stage: Stage, _verb: verbs.Leave) -> Outcome:
    """Leave the queue."""
    return Ending.LEFT
