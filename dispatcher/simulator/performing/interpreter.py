"""Every verb and who performs it."""

from __future__ import annotations

from dispatcher.simulator.legs import Leg
from dispatcher.simulator.performing import (
    dialling,
    enqueueing,
    gathering,
    plain_verbs,
    recording,
)
from dispatcher.simulator.performing.stage import Performer, Stage
from dispatcher.simulator.twiml import verbs

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
    verbs.Dial: dialling.dial,
}

CALL_VERBS = frozenset(PERFORMERS) - {verbs.Leave}


def stage(leg: Leg) -> Stage:
    """Give the stage on which a call's own documents are performed."""
    return Stage(leg, PERFORMERS, CALL_VERBS, leg.fallback)
