"""Tickets: what lets a page open its stream of wake-ups, which has no cookie to show.

A ticket names a session by the id that opens nothing, holds for a minute, and is signed: nothing is
stored. Whether the session goes on is asked in SQL, again and again, as long as the stream does.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

HOLDS_FOR: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, repr=False)
class Tickets:
    """Signs tickets with ``key``."""

    key: bytes

    def issue(self, session: str, *, at: datetime) -> str:
        """A ticket for the session of this id, from ``at`` on."""
        signed = f"{session}.{round((at + HOLDS_FOR).timestamp())}"
        return f"{signed}.{self._signature(signed)}"

    def session(self, shown: str, *, at: datetime) -> str | None:
        """The session of a ticket of ours that still holds; None for anything else."""
        signed, _, signature = shown.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            return None
        session, _, until = signed.rpartition(".")
        return session if at < datetime.fromtimestamp(int(until), UTC) else None

    def _signature(self, signed: str) -> str:
        return hmac.digest(self.key, signed.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True, repr=False)
class Streams:
    """Where browsers reach the stream server, and the tickets that it asks for."""

    url: str
    tickets: Tickets

    @property
    def origin(self) -> str:
        """Its address without a path."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"
