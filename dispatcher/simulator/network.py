"""The telephone network in a box: handsets, calls, queues, webhooks and the REST requests.

It plays the carrier to one application, whose documents it performs and whose requests it obeys.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from dispatcher.simulator.clock import VirtualLoop
from dispatcher.simulator.clockwork import SETTLE_SECONDS, Clockwork, Until
from dispatcher.simulator.conferences import Conferences
from dispatcher.simulator.ledger import Entry, Kind, Ledger
from dispatcher.simulator.legs import Leg, Progress, Route
from dispatcher.simulator.people.behaviours import is_a_line
from dispatcher.simulator.people.handset import Behaviour, Handset
from dispatcher.simulator.people.transcript import Line
from dispatcher.simulator.performing import conductor
from dispatcher.simulator.performing.recognition import Recognition
from dispatcher.simulator.performing.stage import Fetch
from dispatcher.simulator.queues import Queues
from dispatcher.simulator.rest.door import Rest
from dispatcher.simulator.rest.faults import RestFaults
from dispatcher.simulator.rest.form import INVALID_PARAMETER, NOT_FOUND
from dispatcher.simulator.rest.messages import Messages
from dispatcher.simulator.rest.recordings import Recordings
from dispatcher.simulator.softphones import Softphones
from dispatcher.simulator.switches import Switches
from dispatcher.simulator.twiml.parser import PARSE_FAILURE, SCHEMA_FAILURE
from dispatcher.simulator.wire.faults import Faults
from dispatcher.simulator.wire.posting import Post
from dispatcher.simulator.wire.webhooks import Address, CarrierError, Webhook, Webhooks

DIALLING_SECONDS = 1.0
"""From dialling a telephone until it rings."""

UNDOCUMENTED = frozenset({PARSE_FAILURE, SCHEMA_FAILURE, INVALID_PARAMETER, NOT_FOUND})
"""Twilio's codes for what it does not know, of a document and of a request."""


@dataclass(frozen=True, slots=True)
class IncomingNumber:
    """How one of the application's numbers is set up: addresses, empty for none."""

    voice_url: str
    fallback_url: str = ""
    status_url: str = ""
    sms_url: str = ""


class Network:
    """A whole network. ``numbers`` are the application's own; ``*`` stands for all others.

    ``strict``: a document or a request that says what Twilio does not document is refused, where
    Twilio itself would pass over most of it with a warning.
    """

    def __init__(
        self,
        post: Post,
        numbers: Mapping[str, IncomingNumber],
        *,
        account_sid: str,
        auth_token: str,
        loop: asyncio.AbstractEventLoop | None = None,
        seed: int = 1,
        starts_at: datetime | None = None,
    ) -> None:
        self.loop = loop or VirtualLoop()
        self._clockwork = Clockwork(self.loop)
        self._starts_at = starts_at or datetime.now(UTC)
        self._dice = Random(seed)  # noqa: S311 repeatable ids, not secrets
        self.account_sid, self.auth_token = account_sid, auth_token
        self.numbers = dict(numbers)
        self.switches = Switches()
        self.strict = True
        self.recognition = Recognition()
        self.ledger = Ledger(self.seconds)
        self.webhooks = Webhooks(post, self.ledger, auth_token, self.spawn)
        self.queues = Queues()
        self.conferences = Conferences(self)
        self.messages = Messages(self)
        self.recordings = Recordings(self)
        self.rest_faults = RestFaults()
        self.legs: dict[str, Leg] = {}
        self.phones: dict[str, Handset] = {}
        self.calls_per_second = 1.0
        self.at_hand: Callable[[Handset, Leg], Behaviour | None] = lambda _handset, _leg: None
        """Who is at a telephone that rings, in place of its owner's script; None for nobody."""
        self.softphones = Softphones(self)
        self.narrator: Callable[[Handset, Line], None] | None = None
        self.when_missed: Callable[[AssertionError], None] | None = None
        self._rest = Rest(self)

    @property
    def faults(self) -> Faults:
        """Give the knobs of what may happen to webhooks."""
        return self.webhooks.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self.webhooks.faults = faults

    def seconds(self) -> float:
        """Give the network's seconds since it began."""
        return self._clockwork.seconds()

    def now(self) -> datetime:
        """Give the network's date and time, in UTC; an application under test may use it too."""
        return self.date(self.seconds())

    def date(self, seconds: float) -> datetime:
        """Give the date and time at so many of the network's seconds."""
        return self._starts_at + timedelta(seconds=seconds)

    def is_visible(self, created_at: datetime) -> bool:
        """Say whether REST requests find by now what was created then."""
        return self.now() - created_at >= timedelta(seconds=self.rest_faults.visible_after)

    def phone(self, number: str, name: str = "") -> Handset:
        """Get the telephone of this number; it lets ring until told otherwise."""
        if number not in self.phones:
            self.phones[number] = Handset(self, number, name)
            if number in self.numbers:
                self.phones[number].when_rung(is_a_line(number))
        return self.phones[number]

    def rest(
        self,
        method: str,
        path: str,
        form: Mapping[str, Any] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        """Obey one REST request; without ``auth`` it is the account's own.

        Effects happen on the loop, so an application may ask from inside a webhook. Raises
        ``RestHungError`` when told to.
        """
        return self._rest.obey(
            method, path, form or {}, auth or (self.account_sid, self.auth_token)
        )

    def run(
        self,
        *scripts: Coroutine[Any, Any, Any],
        until: Until = None,
        settle: float = SETTLE_SECONDS,
    ) -> None:
        """Live the scripts to their ends, then until ``until`` (seconds, or a fact), then settle.

        Settling waits, at most so many seconds, until no call lives and no webhook is under way.
        Raises what a script, a behaviour or a timer raised.
        """
        self._clockwork.run(scripts, until, settle, lambda: bool(self.live_legs()))

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act`` once, so many seconds from now."""
        self._clockwork.after(seconds, act)

    def every(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act`` every so many seconds, for as long as runs go on."""
        self._clockwork.every(seconds, act)

    def close(self) -> None:
        """Stop everything."""
        self._clockwork.close()

    def __enter__(self) -> Network:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def live_legs(self) -> list[Leg]:
        """Give the legs that have not ended."""
        return [leg for leg in self.legs.values() if leg.live]

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something in the background."""
        return self._clockwork.spawn(work)

    def new_sid(self, prefix: str) -> str:
        """Make an id: two letters and 32 hexadecimal digits."""
        return f"{prefix}{self._dice.getrandbits(128):032x}"

    def new_token(self) -> str:
        """Make the name of a webhook, the same for its retries."""
        return f"{self._dice.getrandbits(128):032x}"

    def who_is_at(self, handset: Handset, leg: Leg) -> Behaviour | None:
        """Give who is at a telephone that rings, in place of its owner's script."""
        return self.softphones.at(handset) or self.at_hand(handset, leg)

    def narrate(self, handset: Handset, line: Line) -> None:
        """Tell whoever listens what a person hears or does."""
        if self.narrator is not None:
            self.narrator(handset, line)

    def note_missed(self, missed: AssertionError) -> None:
        """Take what somebody who was rung waited for in vain: it fails the run, unless told."""
        if self.when_missed is None:
            raise missed
        self.when_missed(missed)

    def number_for(self, called: str) -> IncomingNumber:
        """Get how the application's number is set up."""
        return self.numbers.get(called) or self.numbers["*"]

    def new_leg(self, route: Route, **how: Any) -> Leg:
        """Make a leg and remember it."""
        leg = Leg(self, route, **how)
        self.legs[leg.sid] = leg
        return leg

    def incoming_leg(self, route: Route) -> Leg:
        """Make the leg of a call to one of the application's numbers."""
        number = self.number_for(route.called)
        progress = Progress(Address(number.status_url)) if number.status_url else None
        fallback = Address(number.fallback_url) if number.fallback_url else None
        return self.new_leg(route, progress=progress, fallback=fallback)

    def admit(self, leg: Leg) -> None:
        """Ask the application what to do with an incoming call."""
        leg.start()
        self.perform(leg, Fetch(Address(self.number_for(leg.route.called).voice_url)))

    def ring(self, leg: Leg) -> None:
        """Let a leg reach its telephone."""
        leg.start()
        self.spawn(self._ring(leg))

    def perform(self, leg: Leg, fetch: Fetch) -> None:
        """Let a leg live through documents from this one on, then hang up."""
        leg.task = self.spawn(conductor.perform(leg, fetch))

    def redirect(self, leg: Leg, fetch: Fetch) -> None:
        """Tear a leg out of what it does, whatever that is, and go on with this document."""
        leg.redirect(lambda stopped: self.spawn(conductor.go_on(leg, stopped, fetch)))

    def tell_action(self, leg: Leg, action: Fetch) -> None:
        """Ask an action whose answer no longer matters."""
        self.webhooks.tell(self.webhook(leg, action.address, action.more))

    def webhook(self, leg: Leg, address: Address, more: Mapping[str, str]) -> Webhook:
        """Make what is said about a leg at an address."""
        return Webhook(address, leg.form(**more), self.new_token())

    def undocumented(self) -> list[Entry]:
        """Give what the application said or asked that Twilio does not document."""
        odd = [e for e in self.ledger.of(Kind.ERROR) if e.status in UNDOCUMENTED]
        return odd + [e for e in self.ledger.of(Kind.WARNING) if not e.status]

    def report_error(self, leg: Leg, error: CarrierError) -> None:
        """Write down what went wrong with a call."""
        self.ledger.write(
            Kind.ERROR, call=leg.sid, number=leg.number, detail=str(error), status=error.code
        )

    async def receive_text(self, sender: str, called: str, body: str) -> None:
        """Carry a text message to the application, and its answer back."""
        await self.messages.receive(sender, called, body)

    async def _ring(self, leg: Leg) -> None:
        await asyncio.sleep(DIALLING_SECONDS)
        if leg.live:
            await self.phone(leg.route.called).is_rung_by(leg)
