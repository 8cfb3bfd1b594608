"""One leg living through TwiML documents: fetch one, perform its verbs, go where they lead."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from dispatcher.simulator.ledger import Kind
from dispatcher.simulator.people.transcript import Sort
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.twiml.parser import SCHEMA_FAILURE, parse
from dispatcher.simulator.wire.webhooks import Address, CarrierError

if TYPE_CHECKING:
    from dispatcher.simulator.legs import Leg
    from dispatcher.simulator.network import Network

FETCHES_IN_SILENCE = 100
"""Documents in a row without a moment of sound after which the call is given up."""

WRONG_CONTENT_TYPE = 12300
LOOP_FAILURE = 11299
"""Not Twilio's: documents that lead to one another for ever."""

_XML_TYPES = ("text/xml", "application/xml", "text/html")


class Ending(Enum):
    """How a leg comes out of its documents."""

    FELL_OFF = "fell off the end"
    HUNG_UP = "hung up"
    LEFT = "left the queue"


@dataclass(frozen=True, slots=True)
class Fetch:
    """A document to ask for, or, when ``inline`` is given, to perform as it stands."""

    address: Address
    more: Mapping[str, str] = field(default_factory=dict)
    inline: str | None = None


Outcome = Fetch | Ending | None
"""What a verb leads to: another document, the end, or the next verb."""

Performer = Callable[["Stage", Any], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Sound:
    """What a leg hears for some seconds: words, the name of a sound file, or silence.

    ``source`` is what the ledger keeps in place of the text.
    """

    text: str
    seconds: float
    sort: Sort = Sort.HEARD
    source: str = ""


class Stage:
    """Where one leg's documents are performed; ``allowed`` limits the verbs, None is all."""

    def __init__(
        self,
        leg: Leg,
        performers: Mapping[type, Performer],
        allowed: frozenset[type] | None = None,
        fallback: Address | None = None,
    ) -> None:
        self.leg = leg
        self.network: Network = leg.network
        self._performers = performers
        self._allowed = allowed
        self._fallback = fallback
        self._base = Address("")

    @property
    def address(self) -> Address:
        """Give the address of the document performed last."""
        return self._base

    def beside(self, leg: Leg, allowed: frozenset[type]) -> Stage:
        """Give another stage of the same theatre, with fewer verbs and no fallback."""
        return Stage(leg, self._performers, allowed)

    async def run(self, fetch: Fetch, *, once_fetched: Callable[[], None] | None = None) -> Ending:
        """Live through documents from this one on. Raises ``CarrierError``."""
        while True:
            document = await self._document(fetch)
            if once_fetched is not None:
                once_fetched()
                once_fetched = None
            outcome = await self._perform(document)
            if not isinstance(outcome, Fetch):
                return outcome
            fetch = outcome

    def next(self, url: str, method: str, **more: str) -> Fetch:
        """Give the document at an address relative to this one; empty is this one again."""
        return Fetch(Address(urljoin(self._base.url, url), method), more)

    def time_passes(self) -> None:
        """Note that the leg heard or did something that takes time."""
        self.leg.fetches_in_silence = 0

    async def sound(self, sound: Sound, *, interruptible: bool = False) -> bool:
        """Let the leg hear this; say whether an answer cut it short."""
        leg, call = self.leg, self.leg.phone_call
        if sound.text:
            detail = sound.source or sound.text
            self.network.ledger.write(Kind.SAID, call=leg.sid, number=leg.number, detail=detail)
        line = call.note(sound.sort, sound.text, sound.seconds) if call and sound.text else None
        if sound.seconds > 0:
            self.time_passes()
        try:
            if interruptible:
                return await leg.ear.is_answered_within(sound.seconds)
            await asyncio.sleep(sound.seconds)
            return False
        finally:
            if call is not None and line is not None:
                call.stop_hearing(line)

    async def _perform(self, document: verbs.Document) -> Fetch | Ending:
        for verb in document.verbs:
            if not self.leg.answered and _picks_up(verb):
                self.leg.answer()
            outcome = await self._performers[type(verb)](self, verb)
            if outcome is not None:
                return outcome
        self.leg.answer()
        return Ending.FELL_OFF

    async def _document(self, fetch: Fetch) -> verbs.Document:
        try:
            return await self._read(fetch)
        except CarrierError as error:
            if self._fallback is None:
                raise
            self.network.report_error(self.leg, error)
            told = {"ErrorCode": str(error.code), "ErrorUrl": fetch.address.url}
            return await self._read(Fetch(self._fallback, told))

    async def _read(self, fetch: Fetch) -> verbs.Document:
        self.leg.fetches_in_silence += 1
        if self.leg.fetches_in_silence > FETCHES_IN_SILENCE:
            raise CarrierError(LOOP_FAILURE, f"{fetch.address.url} leads to itself in silence")
        self._base = fetch.address
        text = fetch.inline if fetch.inline is not None else await self._ask(fetch)
        document = parse(text, strict=self.network.strict)
        for warning in document.warnings:
            self.network.ledger.write(Kind.WARNING, call=self.leg.sid, detail=warning)
        for verb in document.verbs:
            if self._allowed is not None and type(verb) not in self._allowed:
                raise CarrierError(SCHEMA_FAILURE, f"<{type(verb).__name__}> is not allowed here")
        return document

    async def _ask(self, fetch: Fetch) -> str:
        webhook = self.network.webhook(self.leg, fetch.address, fetch.more)
        answer = await self.network.webhooks.ask(webhook)
        if answer.body.strip() and not answer.content_type.startswith(_XML_TYPES):
            raise CarrierError(WRONG_CONTENT_TYPE, f"content type {answer.content_type!r}")
        return answer.body


def _picks_up(verb: verbs.Verb) -> bool:
    """Say whether this verb, coming first, makes the carrier answer an incoming call."""
    if isinstance(verb, verbs.Dial):
        return not verb.answer_on_bridge
    return not isinstance(verb, verbs.Reject | verbs.Pause | verbs.Redirect)
