"""Requests as the carrier makes them, signed and encoded before anything is timed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from secrets import token_hex
from urllib.parse import urlencode

from dispatcher.simulator.wire.signing import sign

LINE = "+33465710011"
AGENTS_FROM, CALLERS_FROM = 33_465_710_000, 33_199_000_000
OF_A_RANGE = 10_000
"""How many numbers each of the ranges kept for fiction has."""


class Carrier:
    """Makes requests that a service with this environment takes for its carrier's."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._callers = count()

    def new_sid(self) -> str:
        """The id of a call that never was."""
        return f"CA{token_hex(16)}"

    def new_number(self) -> str:
        """Who calls: everybody in turn, so that nobody calls often."""
        return f"+{CALLERS_FROM + next(self._callers) % OF_A_RANGE}"

    def form(self, sid: str, **more: str) -> dict[str, str]:
        """What every webhook about a call carries, and ``more``."""
        number = self.new_number()
        return {
            "AccountSid": self._environ["TWILIO_ACCOUNT_SID"],
            "ApiVersion": "2010-04-01",
            "CallSid": sid,
            "CallStatus": "in-progress",
            "Called": LINE,
            "CalledCountry": "FR",
            "Caller": number,
            "CallerCountry": "FR",
            "Direction": "inbound",
            "From": number,
            "FromCountry": "FR",
            "To": LINE,
            "ToCountry": "FR",
        } | more

    def body(self, path: str, form: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
        """The form as it is posted, and the headers with it."""
        url = self._environ["PUBLIC_BASE_URL"] + path
        token = self._environ["TWILIO_AUTH_TOKEN"]
        return urlencode(form).encode(), {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": sign(url, form.items(), token),
        }

    def whole(self, path: str, form: Mapping[str, str]) -> bytes:
        """The whole request, to be written into a connection as it is."""
        body, headers = self.body(path, form)
        lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{self._environ['PORT']}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
