"""A telephone and how its owner behaves when it rings."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatcher.simulator.legs import Route
from dispatcher.simulator.people.phone_call import CallOverError, NotHeardError, PhoneCall
from dispatcher.simulator.people.transcript import Line, Sort

if TYPE_CHECKING:
    from dispatcher.simulator.legs import Leg
    from dispatcher.simulator.network import Network


@dataclass(frozen=True, slots=True)
class Tone:
    """A telephone that never rings: the network answers for it, ``after`` seconds."""

    status: str
    sip: int
    error: int = 0
    after: float = 0.5


BUSY = Tone("busy", 486)
NOT_THERE = Tone("no-answer", 480)
"""A browser that is not registered: no ringing is ever heard of."""
CLIENT = "client:"
"""What the number of a browser begins with."""
TOLD_LATER = 30_000
"""Twilio's errors of texts from here on come with their status, the others at once."""

Behaviour = Callable[[PhoneCall], Awaitable[None]] | Tone


class Handset:
    """One telephone, known by its own number. It lets ring unless told otherwise."""

    def __init__(self, network: Network, number: str, name: str = "") -> None:
        self.network = network
        self.number = number
        self.name = name
        self.calls: list[PhoneCall] = []
        self.texts: list[str] = []
        self._behaviours: deque[Behaviour] = deque()
        self._text_errors: deque[int] = deque()

    @property
    def engaged(self) -> bool:
        """Say whether the telephone is in use."""
        return any(not call.ended for call in self.calls)

    @property
    def rung(self) -> int:
        """Count how often it rang."""
        return self.network.ledger.rung(self.number)

    @property
    def transcript(self) -> str:
        """Give the transcripts of all its calls."""
        return "\n".join(str(call.transcript) for call in self.calls)

    def when_rung(self, *behaviours: Behaviour) -> Handset:
        """Behave so, one behaviour a call; the last one stays."""
        self._behaviours = deque(behaviours)
        return self

    async def dials(
        self, number: str, *, shows: str | None = None, forwarded_from: str = ""
    ) -> PhoneCall:
        """Call a number; ``shows`` is the caller's number as presented, maybe ``anonymous``."""
        caller = self.number if shows is None else shows
        leg = self.network.incoming_leg(Route(caller, number, "inbound", forwarded_from))
        call = PhoneCall(self, leg)
        call.note(Sort.DIALLED, number)
        self.network.admit(leg)
        return call

    async def texts_to(self, number: str, body: str) -> None:
        """Send a text message."""
        await self.network.receive_text(self.number, number, body)

    def when_texted(self, *errors: int) -> Handset:
        """Let the next texts to it fail with these errors of Twilio's, in order; 0 is none.

        From 30000 on they are told after the text was taken, the others when it is asked for.
        """
        self._text_errors = deque(errors)
        return self

    def next_text_error(self, *, taken: bool) -> int:
        """Take the error of the text that comes now, if it is told at this stage."""
        if self._text_errors and taken is (self._text_errors[0] not in range(1, TOLD_LATER)):
            return self._text_errors.popleft()
        return 0

    def receives_text(self, body: str) -> None:
        """Get a text message."""
        self.texts.append(body)
        self.network.narrate(self, Line(self.network.seconds(), Sort.TEXT, body))

    async def is_rung_by(self, leg: Leg) -> None:
        """Let a leg reach this telephone: a tone, or ringing and its owner's behaviour."""
        behaviour = BUSY if self.engaged else self.network.who_is_at(self, leg)
        behaviour = behaviour or self._next_behaviour()
        if isinstance(behaviour, Tone):
            await asyncio.sleep(behaviour.after)
            leg.end(behaviour.status, sip=behaviour.sip, error=behaviour.error)
            return
        call = PhoneCall(self, leg)
        leg.ring()
        call.note(Sort.RINGING, leg.route.caller)
        try:
            await behaviour(call)
        except (CallOverError, NotHeardError) as missed:
            if not call.ended:
                await call.hangs_up()
                self.network.note_missed(missed)

    def _next_behaviour(self) -> Behaviour:
        if not self._behaviours:
            return NOT_THERE if self.number.startswith(CLIENT) else _lets_it_ring
        return self._behaviours.popleft() if len(self._behaviours) > 1 else self._behaviours[0]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})" if self.name else self.number


async def _lets_it_ring(call: PhoneCall) -> None:
    await call.waits(3600.0)
