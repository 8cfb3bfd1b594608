"""The verbs that concern one leg alone: what it hears, and where it goes next."""

from __future__ import annotations

from dispatcher.simulator.performing.prompting import prompt
from dispatcher.simulator.performing.stage import Ending, Fetch, Outcome, Stage
from dispatcher.simulator.twiml import verbs


async def hear(stage: Stage, verb: verbs.Say | verbs.Play | verbs.Pause) -> Outcome:
    """Hear words, a sound or silence to the end; a first silence delays the answer."""
    await prompt(stage, verb, interruptible=False)
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
