"""Every verb and who performs it."""

from __future__ import annotations

from dispatcher.simulator.legs import Leg
from dispatcher.simulator.performing import (
    dialling,
    enqueueing,
    gathering,
    meeting,
    plain_verbs,
    recording,
)
from dispatcher.simulator.performing.stage import Outcome, Performer, Stage
from dispatcher.simulator.twiml import verbs


async def _dial(stage: Stage, verb: verbs.Dial) -> Outcome:
    """Ring one party, or join a conference."""
    if isinstance(verb.party, verbs.Conference):
        return await meeting.meet(stage, verb, verb.party)
    return await dialling.dial(stage, verb, verb.party)


PERFORMERS: dict[type, Performer] = {
    verbs.Say: plain_verbs.hear,
    verbs.Play: plain_verbs.hear,
    verbs.Pause: plain_verbs.hear,
    verbs.Redirect: plain_verbs.redirect,
    verbs.Hangup: plain_verbs.hang_up,
    verbs.Reject: plain_verbs.reject,
    verbs.Leave: plain_verbs.leave,
    verbs.Gather: gathering.gather,
    verbs.Record: recording.record,
    verbs.Enqueue: enqueueing.enqueue,
    verbs.Dial: _dial,
}

CALL_VERBS = frozenset(PERFORMERS) - {verbs.Leave}


def stage(leg: Leg) -> Stage:
    """Give the stage on which a call's own documents are performed."""
    return Stage(leg, PERFORMERS, CALL_VERBS, leg.fallback)
