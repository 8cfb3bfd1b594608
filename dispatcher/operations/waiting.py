"""What somebody in the queue lives: verses, keys, and leaving for a callback.

Leaving is a move over the turn at which they waited. Whoever loses it against an agent being taken
for them is told that somebody answers.
"""

from __future__ import annotations

import logging

from dispatcher.domain import questions
from dispatcher.domain.calls import Call, CallSid, Keys, Step, Why
from dispatcher.domain.script import Leave, Say, Script
from dispatcher.domain.waiting import CALL_ME_BACK, Verse, following, say
from dispatcher.live.board import BoardLost
from dispatcher.operations import calls, estimating, presenting
from dispatcher.operations.services import Services

log = logging.getLogger(__name__)


def wait(sid: CallSid, queue: str | None, services: Services) -> Script:
    """The carrier asks what somebody in the queue hears now; this proves that they are there."""
    with services.store.writing() as tx:
        tx.calls.see(sid, queue, at=services.now())
        call = tx.calls.find(sid)
    return presenting.lost() if call is None else _go_on(call, Verse.PLACE, services)


def press(sid: CallSid, turn: int, verse: int, keys: Keys, services: Services) -> Script:
    """Somebody who waits pressed a key in this verse, or none: the next verse follows.

    1 leaves for a callback that keeps their place, 3 has their commune remembered, 4 forgotten.
    """
    call = calls.load(sid, services)
    if call is None:
        return presenting.lost()
    if call.step is Step.WAITING and call.turn == turn:
        call = _pressed(call, keys, services)
    if call.step is Step.OFFERED and keys.digits == CALL_ME_BACK:
        return (Say("wait.somebody_answers"), Leave())
    return _go_on(call, following(call, verse, keys), services)


def _pressed(call: Call, keys: Keys, services: Services) -> Call:
    if keys.digits == CALL_ME_BACK:
        return calls.keep(call, Why.ASKED, services)
    asked = keys.digits == (questions.FORGET if call.remembered else questions.REMEMBER)
    if asked and call.memorable:
        return calls.save(call.remembers(not call.remembered), over=call, services=services)
    return call


def _go_on(call: Call, verse: Verse, services: Services) -> Script:
    if call.step is Step.WAITING:
        call = calls.route(call, services)
    if call.step is not Step.WAITING:
        return (Leave(),)
    try:
        return say(call, verse, estimating.expected(call, services))
    except BoardLost:
        return say(call, verse, None)
