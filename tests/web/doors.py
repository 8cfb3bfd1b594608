"""Posting to the doors as the carrier does, signed or not, without a network."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from tests.office import BASE
from tests.people import LINE, ROSE
from tests.simulator.toy import ACCOUNT, TOKEN

SID = "CA" + "a" * 32
QUEUE = "QU" + "b" * 32


@dataclass
class Doors:
    """The application's doors."""

    app: Flask

    def post(self, path: str, form: dict[str, str] | None = None, **how: Any) -> TestResponse:
        """Post as the carrier would, with everything it sends of a call."""
        sent = CALL | (form or {})
        signature = RequestValidator(TOKEN).compute_signature(BASE + path, sent)
        headers = {"X-Twilio-Signature": signature} | how.pop("headers", {})
        return self.app.test_client().post(path, data=sent, headers=headers, **how)


CALL = {
    "CallSid": SID,
    "AccountSid": ACCOUNT,
    "From": ROSE.number,
    "To": LINE,
    "CallStatus": "in-progress",
    "Direction": "inbound",
    "ApiVersion": "2010-04-01",
    "DialCallStatus": "no-answer",
    "QueueSid": QUEUE,
    "QueueResult": "leave",
    "MessageSid": "SM" + "d" * 32,
    "MessageStatus": "sent",
}
