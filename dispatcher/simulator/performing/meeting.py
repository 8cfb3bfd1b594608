"""Dial of a conference: be in it, hear what it lets one hear, then ask the action."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urljoin

from dispatcher.simulator.conferences import Hearing, Seat
from dispatcher.simulator.performing.stage import Ending, Fetch, Outcome, Stage
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.wire.webhooks import Address, CarrierError

WAITING_VERBS = frozenset({verbs.Say, verbs.Pause, verbs.Play, verbs.Redirect})
"""What the wait document of a conference may hold (twilio.com/docs/voice/twiml/conference)."""


async def meet(stage: Stage, verb: verbs.Dial, how: verbs.Conference) -> Outcome:
    """Be in the conference until put out of it; gives the action."""
    leg, network = stage.leg, stage.network
    stage.time_passes()
    base = stage.address.url
    wait = None
    if how.wait_url:
        wait = Address(urljoin(base, how.wait_url), how.wait_method)
    told = Address(urljoin(base, how.status_url) if how.status_url else "", how.status_method)
    seat = network.conferences.enter(leg, how, wait=wait, told=told)
    if seat is None:
        return _action(stage, verb, "failed")
    if verb.hangup_on_star:
        leg.on_star = seat.put_out
    try:
        await _stay(stage, seat, verb.time_limit)
    except asyncio.CancelledError:
        seat.conference.leave(seat)
        switches = network.switches
        asked = switches.action_after_redirect if leg.live else switches.action_after_hangup
        action = _action(stage, verb, "answered")
        if asked and action is not None:
            network.tell_action(leg, action)
        raise
    finally:
        leg.on_star = None
    seat.conference.leave(seat)
    return _action(stage, verb, "answered")


def _action(stage: Stage, verb: verbs.Dial, status: str) -> Fetch | None:
    """Give the request after a conference: its DialCallStatus is ``answered``, of no other leg."""
    if not verb.action:
        return None
    return stage.next(verb.action, verb.method, DialCallStatus=status)


async def _stay(stage: Stage, seat: Seat, at_most: float) -> None:
    try:
        async with asyncio.timeout(at_most):
            while not seat.out.done():
                await _hear(stage, seat)
    except TimeoutError:
        return


async def _hear(stage: Stage, seat: Seat) -> None:
    """Hear what one hears now, until that is something else or one is out."""
    heard = seat.hearing
    ear = stage.network.spawn(_listen(stage, seat, heard))
    try:
        while seat.hearing is heard and not seat.out.done():
            seat.changed.clear()
            change = stage.network.loop.create_task(seat.changed.wait())
            either: set[asyncio.Future[Any]] = {change, seat.out}
            try:
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                change.cancel()
    finally:
        ear.cancel()


async def _listen(stage: Stage, seat: Seat, heard: Hearing) -> None:
    """Hear a document again and again; the carrier's own music makes no sound here."""
    at = {Hearing.WAIT: seat.wait, Hearing.HOLD: seat.hold}.get(heard)
    if at is None:
        return
    inside = stage.beside(stage.leg, WAITING_VERBS)
    told = {"ConferenceSid": seat.conference.sid, "FriendlyName": seat.conference.name}
    while True:
        try:
            ending = await inside.run(Fetch(at, told))
        except CarrierError as error:
            stage.network.report_error(stage.leg, error)
            return
        if ending is not Ending.FELL_OFF:
            return
