"""Enqueue: waiting with a document heard again and again, and the ways out of it."""

from __future__ import annotations

import asyncio

from dispatcher.simulator.performing.stage import Ending, Fetch, Outcome, Stage
from dispatcher.simulator.queues import Member, Queue
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.wire.webhooks import CarrierError

WAITING_VERBS = frozenset(
    {verbs.Say, verbs.Pause, verbs.Play, verbs.Gather, verbs.Redirect, verbs.Hangup, verbs.Leave}
)
"""What a wait document may hold (twilio.com/docs/voice/twiml/enqueue)."""

FOR_EVER = 86400.0


async def enqueue(stage: Stage, verb: verbs.Enqueue) -> Outcome:
    """Wait in the queue; the action, if any, hears why it was left and says what comes next."""
    network, leg = stage.network, stage.leg
    queue = network.queues.named(verb.queue, leg)
    full = "queue-full" if len(queue.members) >= queue.max_size else ""
    refused = network.switches.enqueue_fails_with or full
    if refused:
        return _action(stage, verb, {"QueueResult": refused, "QueueTime": "0"}, queue)
    member = queue.join(leg)
    try:
        result = await _wait(stage, verb, queue, member)
    except asyncio.CancelledError:
        _torn_away(stage, verb, queue, member)
        raise
    left = _leave(queue, member, result)
    if result == "hangup":
        leg.end()
        _tell_of_hangup(stage, verb, left, queue)
        return Ending.HUNG_UP
    return _action(stage, verb, left, queue)


async def _wait(stage: Stage, verb: verbs.Enqueue, queue: Queue, member: Member) -> str:
    """Hear the wait document until it leads out; give the QueueResult."""
    stage.time_passes()
    if not verb.wait_url:
        await asyncio.sleep(FOR_EVER)  # the carrier's own music
        return "error"
    waiting = stage.beside(stage.leg, WAITING_VERBS)
    first = at = stage.next(verb.wait_url, verb.wait_method).address
    while True:
        position = {"QueuePosition": str(queue.members.index(member) + 1)}
        fetch = Fetch(at, position | _state(queue, member))
        try:
            ending = await waiting.run(fetch)
        except CarrierError as error:
            stage.network.report_error(stage.leg, error)
            stage.time_passes()
            return "error"
        if ending is not Ending.FELL_OFF:
            return "leave" if ending is Ending.LEFT else "hangup"
        at = first if stage.network.switches.wait_starts_over else waiting.address


def _state(queue: Queue, member: Member) -> dict[str, str]:
    now = member.leg.network.seconds()
    return {
        "QueueSid": queue.sid,
        "QueueTime": str(round(now - member.since)),
        "AvgQueueTime": str(queue.average_wait(now)),
        "CurrentQueueSize": str(len(queue.members)),
        "MaxQueueSize": str(queue.max_size),
    }


def _torn_away(stage: Stage, verb: verbs.Enqueue, queue: Queue, member: Member) -> None:
    """Leave because the caller hung up, or because the leg was redirected by REST."""
    if not stage.leg.live:
        _tell_of_hangup(stage, verb, _leave(queue, member, "hangup"), queue)
        return
    left = _leave(queue, member, "redirected")
    action = _action(stage, verb, left, queue)
    if action is not None:
        stage.leg.parting = action


def _tell_of_hangup(stage: Stage, verb: verbs.Enqueue, left: dict[str, str], queue: Queue) -> None:
    action = _action(stage, verb, left, queue)
    if action is not None and stage.network.switches.action_after_hangup:
        stage.network.tell_action(stage.leg, action)


def _leave(queue: Queue, member: Member, result: str) -> dict[str, str]:
    waited = round(member.leg.network.seconds() - member.since)
    queue.leave(member, result)
    return {"QueueResult": result, "QueueTime": str(waited)}


def _action(stage: Stage, verb: verbs.Enqueue, left: dict[str, str], queue: Queue) -> Fetch | None:
    if not verb.action:
        return None
    return stage.next(verb.action, verb.method, QueueSid=queue.sid, **left)
