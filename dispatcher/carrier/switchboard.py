"""The browsers of agents where the carrier is simulated: its network rings them through here.

It stands in for Twilio's SDK, so that a page rings without an account. Only this machine is asked.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from dispatcher.domain.channels import Softphone

PATIENCE: Final = 5.0
"""Seconds."""
_OK: Final = 200
_DONE: Final = 204


class Deed(StrEnum):
    """What somebody does with the telephone in their browser."""

    ACCEPT = "accept"
    REJECT = "reject"
    HANG_UP = "hang_up"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class Switchboard:
    """The simulated network at ``base_url``; ``account`` opens it."""

    base_url: str
    account: tuple[str, str] = field(repr=False)

    def look(self, softphone: Softphone) -> dict[str, Any] | None:
        """What this browser's telephone is doing; None when the network does not say.

        Whoever looks is there to be rung, for a few seconds.
        """
        status, body = self._ask("GET", softphone.identity, {})
        try:
            told = json.loads(body) if status == _OK else None
        except ValueError:
            return None
        return told if isinstance(told, dict) else None

    def act(self, softphone: Softphone, deed: Deed, keys: str = "") -> bool:
        """Do this with it; False when that cannot be done now."""
        status, _ = self._ask("POST", softphone.identity, {"Deed": deed, "Digits": keys})
        return status == _DONE

    def _ask(self, method: str, identity: str, form: dict[str, str]) -> tuple[int, bytes]:
        parts = urlsplit(self.base_url)
        line = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=PATIENCE)
        shown = base64.b64encode(":".join(self.account).encode()).decode()
        headers = {"Authorization": f"Basic {shown}"}
        try:
            line.request(method, f"/Softphones/{identity}", urlencode(form), headers)
            reply = line.getresponse()
            return reply.status, reply.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            line.close()
