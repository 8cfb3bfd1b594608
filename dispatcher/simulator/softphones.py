"""Browsers that are rung as ``client:`` and an id, in the hands of whoever has a page open.

A page asks again and again what its telephone does; who asked a moment ago is there to be rung, as
one who is registered at Twilio. All of it happens on the network's loop, and is no part of Twilio's
API: it stands in for its SDK.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dispatcher.simulator.people.handset import CLIENT
from dispatcher.simulator.people.phone_call import CallOverError, PhoneCall

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network
    from dispatcher.simulator.people.handset import Behaviour, Handset

SOFTPHONES = "/Softphones/"
REGISTERED_SECONDS = 5.0
"""Real seconds: a page asks every second or so."""
HELD_SECONDS = 86400.0
KEYS = "0123456789*#"
OK, DONE, WRONG, REFUSED, NOT_NOW = 200, 204, 400, 401, 409

Reply = tuple[int, dict[str, Any]]


class Doing(StrEnum):
    """What the telephone in a browser is doing."""

    IDLE = "idle"
    RINGING = "ringing"
    TALKING = "talking"


class _Softphone:
    def __init__(self) -> None:
        self.asked_at = float("-inf")
        self.call: PhoneCall | None = None

    @property
    def doing(self) -> Doing:
        if self.call is None or self.call.ended:
            return Doing.IDLE
        return Doing.TALKING if self.call.leg.answered else Doing.RINGING

    async def lives(self, call: PhoneCall) -> None:
        self.call = call
        await call.waits(HELD_SECONDS)

    async def accept(self, call: PhoneCall, _: str) -> None:
        await call.picks_up()

    async def reject(self, call: PhoneCall, _: str) -> None:
        await call.refuses()

    async def hang_up(self, call: PhoneCall, _: str) -> None:
        await call.hangs_up()

    async def digits(self, call: PhoneCall, keys: str) -> None:
        await call.presses(keys)


_DEEDS: dict[str, tuple[Doing, Callable[[_Softphone, PhoneCall, str], Awaitable[None]]]] = {
    "accept": (Doing.RINGING, _Softphone.accept),
    "reject": (Doing.RINGING, _Softphone.reject),
    "hang_up": (Doing.TALKING, _Softphone.hang_up),
    "digits": (Doing.TALKING, _Softphone.digits),
}


class Softphones:
    """Every browser that ever asked."""

    def __init__(self, network: Network, clock: Callable[[], float] = time.monotonic) -> None:
        self._network, self._clock = network, clock
        self._known: dict[str, _Softphone] = {}

    def at(self, handset: Handset) -> Behaviour | None:
        """Give whoever is at this browser; None when no page asked a moment ago."""
        known = self._known.get(handset.number.removeprefix(CLIENT))
        there = known is not None and self._clock() - known.asked_at < REGISTERED_SECONDS
        return known.lives if known is not None and there else None

    def obey(
        self, method: str, path: str, form: Mapping[str, list[str]], auth: tuple[str, str]
    ) -> Reply:
        """Tell a page what its telephone does, or do something with it."""
        if auth != (self._network.account_sid, self._network.auth_token):
            return REFUSED, {}
        identity = urlsplit(path).path.removeprefix(SOFTPHONES)
        if method == "GET":
            return OK, self._look(identity)
        deed, keys = ("".join(form.get(name, [])) for name in ("Deed", "Digits"))
        if deed not in _DEEDS or not set(keys) <= set(KEYS):
            return WRONG, {}
        return (DONE if self._does(identity, deed, keys) else NOT_NOW), {}

    def _look(self, identity: str) -> dict[str, Any]:
        softphone = self._known.setdefault(identity, _Softphone())
        softphone.asked_at = self._clock()
        live = softphone.call is not None and not softphone.call.ended
        call = softphone.call.sid if live and softphone.call is not None else ""
        return {"doing": softphone.doing, "call": call}

    def _does(self, identity: str, deed: str, keys: str) -> bool:
        softphone = self._known.get(identity)
        when, act = _DEEDS[deed]
        if softphone is None or softphone.call is None or softphone.doing is not when:
            return False
        self._network.spawn(_unless_over(act(softphone, softphone.call, keys)))
        return True


async def _unless_over(deed: Awaitable[None]) -> None:
    try:
        await deed
    except CallOverError:
        return
