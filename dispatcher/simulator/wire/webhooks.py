"""Signing and posting webhooks the way Twilio does, with one retry when no answer comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urldefrag, urlencode, urlsplit

from dispatcher.simulator.ledger import Kind, Ledger
from dispatcher.simulator.wire.faults import Fate, Faults
from dispatcher.simulator.wire.posting import RETRIEVAL_FAILURE, Answer, Post, PostError, Request
from dispatcher.simulator.wire.signing import sign

RETRIES = 1
"""Attempts after the first one when no answer comes (Twilio's ``rc``)."""

_URL_SIGNS = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a webhook goes."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Webhook:
    """One thing the carrier has to say: ``form`` is what is posted, ``token`` names a retry."""

    address: Address
    form: Mapping[str, str]
    token: str


class CarrierError(Exception):
    """The call cannot go on; ``code`` is Twilio's error number."""

    def __init__(self, code: int, problem: str) -> None:
        super().__init__(f"{code}: {problem}")
        self.code = code


class Webhooks:
    """The carrier's side of every webhook. Requests once sent always reach the application."""

    def __init__(
        self,
        post: Post,
        ledger: Ledger,
        token: str,
        spawn: Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]],
    ) -> None:
        self.post = post
        self.faults = Faults()
        self._ledger = ledger
        self._token = token
        self._spawn = spawn

    async def ask(self, webhook: Webhook) -> Answer:
        """Ask for TwiML. Raises ``CarrierError``.

        Cancelling the one who waits does not call the request back.
        """
        return await asyncio.shield(self._spawn(self._ask(webhook)))

    def tell(self, webhook: Webhook) -> None:
        """Say something whose answer is ignored, subject to the network's faults."""
        for moment in self.faults.callback_moments():
            self._spawn(self._tell_later(moment, webhook))

    async def say(self, webhook: Webhook) -> None:
        """Say something at once and wait until it was heard; the answer is ignored."""
        await asyncio.shield(self._spawn(self._tell_later(0.0, webhook)))

    async def _tell_later(self, moment: float, webhook: Webhook) -> None:
        await asyncio.sleep(moment)
        try:
            await self._attempt(webhook)
        except CarrierError:
            return  # the ledger has it; nobody waits for the answer

    async def _ask(self, webhook: Webhook) -> Answer:
        delay, fate = self.faults.voice_fate()
        await asyncio.sleep(delay)
        if fate is Fate.DOUBLED:
            self._spawn(self._tell_later(self.faults.late(), webhook))
        if fate is Fate.TWINS:
            self._spawn(self._tell_later(0.0, webhook))
        if fate is Fate.RETRIED:
            await self._attempt(webhook)
        return await self._attempt(webhook)

    async def _attempt(self, webhook: Webhook) -> Answer:
        for left in reversed(range(RETRIES + 1)):
            try:
                answer = await self.post(self._request(webhook))
            except PostError as error:
                self._write(webhook, 0, str(error))
                if not left:
                    raise CarrierError(error.code, f"{webhook.address.url}: {error}") from error
                continue
            self._write(webhook, answer.status, answer.problem)
            if not 200 <= answer.status < 300:
                raise CarrierError(RETRIEVAL_FAILURE, f"{webhook.address.url}: {answer.status}")
            return answer
        raise AssertionError("the last attempt returns or raises")

    def _request(self, webhook: Webhook) -> Request:
        form = tuple(webhook.form.items())
        url = quote(urldefrag(webhook.address.url).url, safe=_URL_SIGNS)
        body = urlencode(form)
        if webhook.address.method == "GET":
            url, form = f"{url}{'&' if urlsplit(url).query else '?'}{body}", ()
            body = ""
        headers = [
            ("X-Twilio-Signature", sign(url, form, self._token)),
            ("I-Twilio-Idempotency-Token", webhook.token),
            ("User-Agent", "TwilioProxy/1.1"),
            ("Accept", "*/*"),
        ]
        if body:
            headers.append(("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"))
        return Request(webhook.address.method, url, tuple(headers), body.encode())

    def _write(self, webhook: Webhook, status: int, problem: str) -> None:
        parts = urlsplit(webhook.address.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        call = webhook.form.get("CallSid", "")
        self._ledger.write(
            Kind.WEBHOOK,
            call=call,
            path=path,
            status=status,
            form=dict(webhook.form),
            detail=problem,
        )
