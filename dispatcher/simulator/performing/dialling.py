"""Dial: ring one party, let them be screened, bridge both legs, then ask the action.

A screening document that ends without hanging up lets the call through, an empty one too: that is
the carrier's rule, and why an application must answer ``<Hangup/>`` when in doubt.
"""

from __future__ import annotations

import asyncio

from dispatcher.simulator.bridges import Bridge
from dispatcher.simulator.legs import CANCELLED, Leg, Progress, Route
from dispatcher.simulator.people.transcript import Sort
from dispatcher.simulator.performing.stage import Ending, Fetch, Outcome, Stage
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.wire.webhooks import CarrierError

SCREENING_VERBS = frozenset(
    {verbs.Say, verbs.Pause, verbs.Play, verbs.Gather, verbs.Redirect, verbs.Hangup}
)
INVALID_CALLER_ID = 13214


async def dial(stage: Stage, verb: verbs.Dial, party: verbs.Party) -> Outcome:
    """Connect this leg to a party; gives the action when the attempt is over."""
    attempt = _Attempt(stage, verb, party)
    try:
        await attempt.live()
    except asyncio.CancelledError:
        attempt.abandon()
        raise
    return attempt.action()


class _Attempt:
    """One attempt to connect ``parent`` with ``child``."""

    def __init__(self, stage: Stage, verb: verbs.Dial, party: verbs.Party) -> None:
        self.stage, self.verb, self.party = stage, verb, party
        self.network, self.parent = stage.network, stage.leg
        self.bridge: Bridge | None = None
        self.child = self._new_child()

    async def live(self) -> None:
        """Ring, screen, talk; returns when the attempt is over and the parent is still there."""
        self.stage.time_passes()
        if not self._caller_id_is_valid():
            self.child.end("failed", error=INVALID_CALLER_ID, sip=400)
            return
        if self.parent.phone_call is not None:
            self.parent.phone_call.note(Sort.RINGBACK)
        self.network.ring(self.child)
        if await self._picked_up() and await self._let_through():
            await self._talk()

    def abandon(self) -> None:
        """The parent hung up, or was redirected: the child goes, the action hears it if it may."""
        if not self.child.redirected:
            self.child.hang_up()
        action, switches = self.action(), self.network.switches
        redirected = self.parent.live
        told = switches.action_after_redirect if redirected else switches.action_after_hangup
        if told and action is not None:
            self.network.tell_action(self.parent, action)

    def action(self) -> Fetch | None:
        """Give the request that tells the application how it ended; None without an action."""
        if not self.verb.action:
            return None
        child, bridge = self.child, self.bridge
        told = {
            "DialCallSid": child.sid,
            "DialCallStatus": child.status if not child.live else "completed",
            "DialBridged": "true" if bridge else "false",
        }
        if child.answered:
            told["DialCallDuration"] = str(bridge.seconds if bridge else child.seconds)
        if self.network.switches.errors_in_action and child.error_code:
            told |= {"ErrorCode": str(child.error_code), "SipResponseCode": str(child.sip_code)}
        return self.stage.next(self.verb.action, self.verb.method, **told)

    def _new_child(self) -> Leg:
        party = self.party
        shown = self.verb.caller_id or self.parent.route.caller
        if self.parent.route.direction == "outbound-api" and not self.verb.caller_id:
            shown = self.parent.route.called
        progress = None
        if party.status_url:
            told = self.stage.next(party.status_url, party.status_method)
            progress = Progress(told.address, party.events)
        route = Route(shown, party.to, "outbound-dial")
        return self.network.new_leg(route, parent=self.parent, progress=progress)

    def _caller_id_is_valid(self) -> bool:
        shown = self.child.route.caller
        return shown.startswith("client:") or (shown.startswith("+") and shown[1:].isdecimal())

    async def _picked_up(self) -> bool:
        limit = self.verb.timeout + self.network.switches.dial_slack
        try:
            async with asyncio.timeout(limit):
                await self.child.settled.wait()
        except TimeoutError:
            self.child.end("no-answer", sip=CANCELLED)
        return self.child.live

    async def _let_through(self) -> bool:
        party = self.party
        if not party.url:
            return True
        verdict: asyncio.Future[bool] = self.network.loop.create_future()

        def refuse() -> None:
            if not verdict.done():
                verdict.set_result(False)

        self.child.when_gone(refuse)
        screening = self._screen(self.stage.next(party.url, party.method), verdict)
        self.child.task = self.network.spawn(screening)
        return await verdict

    async def _screen(self, fetch: Fetch, verdict: asyncio.Future[bool]) -> None:
        try:
            ending = await self.stage.beside(self.child, SCREENING_VERBS).run(fetch)
        except CarrierError as error:
            self.network.report_error(self.child, error)
            ending = Ending.HUNG_UP
        if ending is not Ending.FELL_OFF:
            self.child.hang_up()
        elif not verdict.done():
            verdict.set_result(True)

    async def _talk(self) -> None:
        self.parent.answer()
        self.bridge = bridge = Bridge(self.parent, self.child)
        if self.verb.hangup_on_star:
            self.parent.on_star = bridge.stop
        try:
            await bridge.lasts(self.verb.time_limit)
        finally:
            self.parent.on_star = None
            bridge.part()
        if not self.child.redirected:
            self.child.end()
