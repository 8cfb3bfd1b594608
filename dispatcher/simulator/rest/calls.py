"""The Calls resource: placing, reading, redirecting and ending calls."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from dispatcher.simulator.legs import CANCELLED, Leg, Progress, Route
from dispatcher.simulator.performing.stage import Fetch
from dispatcher.simulator.rest.choosing import chosen, status
from dispatcher.simulator.rest.form import (
    VERSION,
    Form,
    Listing,
    RestError,
    after_token,
    not_found,
    rfc2822,
)
from dispatcher.simulator.wire.webhooks import Address

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network

RING_SECONDS = "60"
"""How long a call placed by REST rings unless ``Timeout`` says otherwise."""


class RestCalls:
    """Calls placed here leave at the account's rate; excess waits its turn."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._next_slot = 0.0

    def create(self, form: Form) -> dict[str, Any]:
        """Place a call. ``MachineDetection`` and the like are accepted and change nothing."""
        called = form.require("To", 21201, "No 'To' number is specified")
        caller = form.require("From", 21213, "Caller phone number required")
        if not _is_dialable(called):
            raise RestError(400, 21211, f"Invalid 'To' Phone Number: {called}")
        if not _is_dialable(caller):
            raise RestError(400, 21212, f"Invalid 'From' Phone Number: {caller}")
        fetch = _instructions(form)
        if fetch is None:
            raise RestError(400, 21205, "Url parameter is required")
        fallback = Address(form.get("FallbackUrl")) if form.get("FallbackUrl") else None
        leg = self._network.new_leg(
            Route(caller, called, "outbound-api"), progress=_progress(form), fallback=fallback
        )
        wait = self._wait_for_slot()
        self._network.spawn(self._place(leg, fetch, wait, float(form.get("Timeout", RING_SECONDS))))
        return self._json(leg) | {"queue_time": str(round(wait * 1000))}

    def fetch(self, _form: Form, sid: str) -> dict[str, Any]:
        """Read one call."""
        return self._json(self._get(sid))

    def update(self, form: Form, sid: str) -> dict[str, Any]:
        """End a call, or redirect it: in any state, which cuts a conversation it is in."""
        leg = self._get(sid)
        status, fetch = form.get("Status"), _instructions(form)
        if not leg.live or (fetch and not leg.answered):
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
        if status == "completed" and leg.answered:
            leg.end()
        elif status == "canceled" and leg.answered:
            raise RestError(400, 21220, "Call is in-progress. Cannot cancel.")
        elif status in {"completed", "canceled"}:
            leg.end("canceled", sip=CANCELLED)
        elif fetch is not None:
            self._network.redirect(leg, fetch)
        return self._json(leg)

    def list(self, form: Form) -> dict[str, Any]:
        """List calls, newest first."""
        known = filter(self._is_there, reversed(self._network.legs.values()))
        legs = [leg for leg in after_token(known, form, lambda leg: leg.sid) if chosen(leg, form)]
        return Listing(self._path(".json"), "calls", by_token=True).page(
            map(self._json, legs), form
        )

    def _get(self, sid: str) -> Leg:
        leg = self._network.legs.get(sid)
        if leg is None or not self._is_there(leg):
            raise not_found(self._path(f"/{sid}.json"))
        return leg

    def _is_there(self, leg: Leg) -> bool:
        return self._network.is_visible(leg.created_at)

    def _wait_for_slot(self) -> float:
        now = self._network.seconds()
        slot = max(now, self._next_slot)
        self._next_slot = slot + 1.0 / self._network.calls_per_second
        return slot - now

    async def _place(self, leg: Leg, fetch: Fetch, wait: float, timeout: float) -> None:
        await asyncio.sleep(wait)
        if not leg.live:
            return
        self._network.ring(leg)
        try:
            async with asyncio.timeout(timeout):
                await leg.settled.wait()
        except TimeoutError:
            leg.end("no-answer", sip=CANCELLED)
        if leg.live:
            self._network.perform(leg, fetch)

    def _path(self, rest: str) -> str:
        return f"/{VERSION}/Accounts/{self._network.account_sid}/Calls{rest}"

    def _json(self, leg: Leg) -> dict[str, Any]:
        ended = leg.ended_at is not None
        ended_at = self._network.date(leg.ended_at) if leg.ended_at is not None else None
        return {
            "sid": leg.sid,
            "account_sid": self._network.account_sid,
            "parent_call_sid": leg.parent.sid if leg.parent else None,
            "from": leg.route.caller,
            "from_formatted": leg.route.caller,
            "to": leg.route.called,
            "to_formatted": leg.route.called,
            "status": status(leg),
            "direction": leg.route.direction,
            "forwarded_from": leg.route.forwarded_from or None,
            "date_created": rfc2822(leg.created_at),
            "date_updated": rfc2822(self._network.now()),
            "start_time": rfc2822(leg.started_at),
            "end_time": rfc2822(ended_at),
            "duration": str(leg.seconds) if ended else None,
            "answered_by": None,
            "api_version": VERSION,
            "caller_name": None,
            "group_sid": None,
            "phone_number_sid": None,
            "price": None,
            "price_unit": "USD",
            "queue_time": "0",
            "trunk_sid": None,
            "uri": self._path(f"/{leg.sid}.json"),
            "subresource_uris": {},
        }


def _instructions(form: Form) -> Fetch | None:
    if form.get("Twiml"):
        return Fetch(Address(""), inline=form.get("Twiml"))
    if form.get("Url"):
        return Fetch(Address(form.get("Url"), form.get("Method", "POST")))
    return None


def _progress(form: Form) -> Progress | None:
    if not form.get("StatusCallback"):
        return None
    address = Address(form.get("StatusCallback"), form.get("StatusCallbackMethod", "POST"))
    return Progress(address, frozenset(form.all("StatusCallbackEvent") or ["completed"]))


def _is_dialable(number: str) -> bool:
    if number.startswith("client:"):
        return len(number) > len("client:")
    return number.startswith("+") and number[1:].isdecimal() and 8 <= len(number) <= 16
