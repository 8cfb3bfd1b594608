"""One leg of a call: the line between the carrier and one telephone.

Its moves are synchronous, so a person, a timer and a REST request may make one at any moment;
what they set off (tasks cancelled, webhooks sent) happens on the network's loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from dispatcher.simulator.ledger import Kind
from dispatcher.simulator.performing.ear import Ear
from dispatcher.simulator.wire.webhooks import Address

if TYPE_CHECKING:
    from dispatcher.simulator.bridges import Bridge
    from dispatcher.simulator.conferences import Seat
    from dispatcher.simulator.network import Network
    from dispatcher.simulator.people.phone_call import PhoneCall
    from dispatcher.simulator.performing.stage import Fetch

API_VERSION = "2010-04-01"
COUNTRY = "FR"
CANCELLED = 487
"""The SIP code of a call given up while it rings."""

_REPORTED_AS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told of a leg's moves: ``events`` of initiated, ringing, answered, completed."""

    address: Address
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class Route:
    """From whom to whom; ``caller`` is what is shown, and may be no number at all."""

    caller: str
    called: str
    direction: str
    forwarded_from: str = ""


class Leg:
    """A Call resource, as the carrier names it. Statuses are Twilio's."""

    def __init__(
        self,
        network: Network,
        route: Route,
        *,
        parent: Leg | None = None,
        progress: Progress | None = None,
        fallback: Address | None = None,
    ) -> None:
        self.network = network
        self.sid = network.new_sid("CA")
        self.route = route
        self.parent = parent
        self.progress = progress
        self.fallback = fallback
        self.status = "ringing" if route.direction == "inbound" else "queued"
        self.created_at = network.now()
        self.started_at: datetime | None = None
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.sip_code = 0
        self.error_code = 0
        self.ear = Ear(type_ahead=network.switches.type_ahead)
        self.task: asyncio.Task[Any] | None = None
        self.phone_call: PhoneCall | None = None
        self.bridge: Bridge | None = None
        self.seat: Seat | None = None
        self.on_star: Callable[[], None] | None = None
        self.taped: list[str] | None = None
        """What is said while it is recorded; None while nothing is."""
        self.connected = False
        """Whether the leg was ever bridged."""
        self.redirected = False
        self.parting: Fetch | None = None
        """The action still owed to an Enqueue that a redirect tore the leg out of."""
        self.fetches_in_silence = 0
        self.settled = asyncio.Event()
        """Set once the leg is answered or over."""
        self._on_gone: list[Callable[[], None]] = []
        self._reports = 0
        network.ledger.write(
            Kind.CREATED,
            call=self.sid,
            other=parent.sid if parent else "",
            number=self.number,
            detail=f"{route.direction} {route.caller} -> {route.called}",
        )

    @property
    def live(self) -> bool:
        """Say whether the leg has not ended."""
        return self.ended_at is None

    @property
    def answered(self) -> bool:
        """Say whether somebody picked up."""
        return self.answered_at is not None

    @property
    def number(self) -> str:
        """Give the telephone's own number, whatever it shows."""
        if self.phone_call is not None:
            return self.phone_call.handset.number
        return self.route.caller if self.route.direction == "inbound" else self.route.called

    @property
    def seconds(self) -> int:
        """Give how long the conversation has lasted, whole seconds from the answer."""
        if self.answered_at is None:
            return 0
        end = self.ended_at if self.ended_at is not None else self.network.seconds()
        return round(end - self.answered_at)

    def start(self) -> None:
        """Leave for the telephone network."""
        self.started_at = self.network.now()
        if self.route.direction != "inbound":
            self.status = "initiated"
            self._report("initiated")

    def ring(self) -> None:
        """Be heard ringing at the far end."""
        self.status = "ringing"
        self.network.ledger.write(Kind.RINGING, call=self.sid, number=self.number)
        self._report("ringing")

    def answer(self) -> None:
        """Be picked up, by a person or, for an incoming call, by the carrier."""
        if self.answered or not self.live:
            return
        self.status = "in-progress"
        self.answered_at = self.network.seconds()
        self.network.ledger.write(Kind.ANSWERED, call=self.sid, number=self.number)
        self.settled.set()
        self._report("answered")

    def end(self, status: str = "completed", *, sip: int = 200, error: int = 0) -> None:
        """End, once; whatever the leg was doing stops."""
        if not self.live:
            return
        self.status, self.sip_code, self.error_code = status, sip, error
        self.ended_at = self.network.seconds()
        self.network.ledger.write(
            Kind.ENDED, call=self.sid, number=self.number, detail=status, status=sip
        )
        self.settled.set()
        if self.phone_call is not None:
            self.phone_call.is_over(status)
        self._be_gone()
        self._report("completed")

    def hang_up(self) -> None:
        """End as it does when a person puts the receiver down, or is let go by a Dial."""
        switches = self.network.switches
        if not self.answered:
            self.end(switches.caller_gone_status, sip=CANCELLED)
        elif self.parent is not None and not self.connected:
            self.end(switches.screened_out_status)
        else:
            self.end()

    def redirect(self, go_on: Callable[[asyncio.Task[Any] | None], asyncio.Task[Any]]) -> None:
        """Drop what the leg is doing; ``go_on`` starts the rest, given the task that stops."""
        self.redirected = True
        stopped = self.task
        self._be_gone()
        self.task = go_on(stopped)

    def when_gone(self, act: Callable[[], None]) -> None:
        """Call ``act`` once, when the leg ends or is redirected."""
        self._on_gone.append(act)

    def press(self, key: str) -> None:
        """Hear one key from the telephone."""
        self.network.ledger.write(Kind.PRESSED, call=self.sid, number=self.number, detail=key)
        if key == "*" and self.on_star is not None:
            self.on_star()
        elif self.bridge is None and self.seat is None:
            self.ear.press(key)

    @property
    def company(self) -> list[Leg]:
        """Give the legs that this one hears and is heard by now."""
        if self.seat is not None:
            return [seat.leg for seat in self.seat.company]
        return [self.bridge.other(self)] if self.bridge is not None else []

    def hear(self, words: str, seconds: float) -> None:
        """Hear words that take so long to say from the telephone."""
        self.network.ledger.write(Kind.SPOKEN, call=self.sid, number=self.number, detail=words)
        if self.taped is not None:
            self.taped.append(words)
        self.ear.hear(words, self.network.seconds() + seconds)

    def form(self, **more: str) -> dict[str, str]:
        """Give the fields that every webhook about this leg carries, and ``more``."""
        route = self.route
        sides = {"From": route.caller, "Caller": route.caller, "To": route.called}
        sides["Called"] = route.called
        form = {"AccountSid": self.network.account_sid, "ApiVersion": API_VERSION}
        form |= {"CallSid": self.sid, "CallStatus": self.status, "Direction": route.direction}
        form |= sides | {f"{side}Country": COUNTRY for side in sides}
        if self.parent is not None:
            form["ParentCallSid"] = self.parent.sid
        if route.forwarded_from:
            form |= {"ForwardedFrom": route.forwarded_from, "CalledVia": route.forwarded_from}
        return form | more

    def _be_gone(self) -> None:
        acts, self._on_gone = self._on_gone, []
        for act in acts:
            act()
        if self.task is not None and self.task is not asyncio.current_task(self.network.loop):
            self.task.cancel()

    def _report(self, event: str) -> None:
        if self.progress is None or event not in self.progress.events:
            return
        told = {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._reports),
            "Timestamp": format_datetime(self.network.now()),
            "CallStatus": _REPORTED_AS.get(event, self.status),
        }
        if event == "completed":
            told |= {"CallDuration": str(self.seconds), "SipResponseCode": str(self.sip_code)}
            told["Duration"] = str(-(-self.seconds // 60))
        if self.error_code:
            told["ErrorCode"] = str(self.error_code)
        self._reports += 1
        self.network.webhooks.tell(self.network.webhook(self, self.progress.address, told))
