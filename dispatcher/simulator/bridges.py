"""Two legs that hear each other."""

from __future__ import annotations

import asyncio

from dispatcher.simulator.ledger import Kind, Talk
from dispatcher.simulator.legs import Leg
from dispatcher.simulator.people.transcript import Sort


class Bridge:
    """A conversation, from its making until ``part``; how long it lasts the people decide."""

    def __init__(self, parent: Leg, child: Leg) -> None:
        self.parent, self.child = parent, child
        self._ledger = parent.network.ledger
        self._clock = parent.network.seconds
        self._over: asyncio.Future[None] = parent.network.loop.create_future()
        self._talk = Talk(parent.sid, child.sid, parent.number, child.number, self._clock())
        self._ledger.talks.append(self._talk)
        self._tell(Kind.BRIDGED, Sort.BRIDGED)
        parent.bridge = child.bridge = self
        parent.connected = child.connected = True
        child.when_gone(self.stop)

    def other(self, leg: Leg) -> Leg:
        """Give the one at the other end."""
        return self.child if leg is self.parent else self.parent

    def stop(self) -> None:
        """Let ``lasts`` return."""
        if not self._over.done():
            self._over.set_result(None)

    async def lasts(self, at_most: float) -> None:
        """Wait until somebody leaves, or the time limit ends it."""
        try:
            async with asyncio.timeout(at_most):
                await asyncio.shield(self._over)
        except TimeoutError:
            return

    def part(self) -> None:
        """End the conversation; the legs themselves go on."""
        if self.parent.bridge is not self:
            return
        self.parent.bridge = self.child.bridge = None
        self._talk.until = self._clock()
        self._tell(Kind.UNBRIDGED, Sort.UNBRIDGED)

    @property
    def seconds(self) -> int:
        """Give how long both heard each other."""
        until = self._talk.until if self._talk.until is not None else self._clock()
        return round(until - self._talk.since)

    def _tell(self, kind: Kind, sort: Sort) -> None:
        parent, child = self.parent, self.child
        detail = f"{parent.number} and {child.number}"
        self._ledger.write(
            kind, call=parent.sid, other=child.sid, number=child.number, detail=detail
        )
        for leg in (parent, child):
            if leg.phone_call is not None and leg.live:
                leg.phone_call.note(sort, self.other(leg).number)
