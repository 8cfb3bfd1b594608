"""Text messages, both ways, and their REST resource."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dispatcher.simulator.ledger import Kind
from dispatcher.simulator.rest.form import (
    VERSION,
    Form,
    Listing,
    RestError,
    after_token,
    not_found,
    rfc2822,
)
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.twiml.parser import parse
from dispatcher.simulator.wire.webhooks import Address, CarrierError, Webhook

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network

TRANSIT_SECONDS = 1.0


@dataclass(slots=True)
class Text:
    """One text message; ``status`` is Twilio's."""

    sid: str
    sender: str
    called: str
    body: str
    direction: str
    status: str
    created_at: datetime
    status_url: str = ""
    error: int = 0


class Messages:
    """All text messages of the account."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._all: dict[str, Text] = {}

    def create(self, form: Form) -> dict[str, Any]:
        """Send a text message to a telephone."""
        called = form.require("To", 21604, "A 'To' phone number is required.")
        sender = form.require("From", 21603, "A 'From' phone number is required.")
        body = form.require("Body", 21602, "Message body is required.")
        if not (called.startswith("+") and called[1:].isdecimal()):
            raise RestError(400, 21211, f"Invalid 'To' Phone Number: {called}")
        error = self._network.phone(called).next_text_error(taken=False)
        if error:
            raise RestError(400, error, "this number cannot be texted")
        text = self._new(sender, called, body, "outbound-api", form.get("StatusCallback"))
        self._network.spawn(self._deliver(text))
        return self._json(text)

    def fetch(self, _form: Form, sid: str) -> dict[str, Any]:
        """Read one message."""
        text = self._all.get(sid)
        if text is None or not self._network.is_visible(text.created_at):
            raise not_found(self._path(f"/{sid}.json"))
        return self._json(text)

    def list(self, form: Form) -> dict[str, Any]:
        """List messages, newest first."""
        chosen = [
            text
            for text in after_token(reversed(self._all.values()), form, lambda text: text.sid)
            if form.get("To", text.called) == text.called
            and form.get("From", text.sender) == text.sender
            and self._network.is_visible(text.created_at)
        ]
        return Listing(self._path(".json"), "messages", by_token=True).page(
            map(self._json, chosen), form
        )

    async def receive(self, sender: str, called: str, body: str) -> None:
        """Carry a message from a telephone to the application, and its answer back."""
        text = self._new(sender, called, body, "inbound", "")
        text.status = "received"
        url = self._network.number_for(called).sms_url
        if not url:
            return
        form = self._form(text) | {"NumMedia": "0", "Body": body, "NumSegments": "1"}
        try:
            webhook = Webhook(Address(url), form, self._network.new_token())
            body = (await self._network.webhooks.ask(webhook)).body
            document = parse(body, strict=self._network.strict, kind="message")
        except CarrierError as error:
            self._network.ledger.write(Kind.ERROR, detail=str(error), status=error.code)
            return
        for verb in document.verbs:
            if isinstance(verb, verbs.Message):
                reply = self._new(called, verb.to or sender, verb.body, "outbound-reply", "")
                await self._deliver(reply)

    async def _deliver(self, text: Text) -> None:
        phone = self._network.phone(text.called)
        text.error = phone.next_text_error(taken=True)
        for status in ("sent", "undelivered" if text.error else "delivered"):
            await asyncio.sleep(TRANSIT_SECONDS)
            text.status = status
            if text.status_url:
                form = self._form(text) | {"MessageStatus": status, "SmsStatus": status}
                if status == "undelivered":
                    form["ErrorCode"] = str(text.error)
                webhook = Webhook(Address(text.status_url), form, self._network.new_token())
                self._network.webhooks.tell(webhook)
        if not text.error:
            phone.receives_text(text.body)

    def _new(self, sender: str, called: str, body: str, direction: str, status_url: str) -> Text:
        network = self._network
        sid, now = network.new_sid("SM"), network.now()
        text = Text(sid, sender, called, body, direction, "queued", now, status_url)
        self._all[text.sid] = text
        network.ledger.write(
            Kind.MESSAGE, call=text.sid, number=called, detail=f"{direction}: {body}"
        )
        return text

    def _form(self, text: Text) -> dict[str, str]:
        return {
            "AccountSid": self._network.account_sid,
            "ApiVersion": VERSION,
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "SmsMessageSid": text.sid,
            "From": text.sender,
            "To": text.called,
        }

    def _path(self, rest: str) -> str:
        return f"/{VERSION}/Accounts/{self._network.account_sid}/Messages{rest}"

    def _json(self, text: Text) -> dict[str, Any]:
        created = rfc2822(text.created_at)
        return {
            "sid": text.sid,
            "account_sid": self._network.account_sid,
            "api_version": VERSION,
            "from": text.sender,
            "to": text.called,
            "body": text.body,
            "status": text.status,
            "direction": text.direction,
            "date_created": created,
            "date_sent": created,
            "date_updated": created,
            "num_segments": "1",
            "num_media": "0",
            "error_code": text.error or None,
            "error_message": None,
            "messaging_service_sid": None,
            "price": None,
            "price_unit": None,
            "uri": self._path(f"/{text.sid}.json"),
            "subresource_uris": {},
        }
