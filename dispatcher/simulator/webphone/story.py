"""What the application itself tells of the citizen's call, asked for again and again."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from dispatcher.simulator.webphone.booth import OPEN_WITHIN, Booth
from dispatcher.simulator.webphone.bulletin import Bulletin
from dispatcher.simulator.wire.posting import require_loopback

ASKED_EVERY = 0.5
PATIENCE = 5.0
"""Real seconds."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where stories are: the id of a call comes after ``url``; ``key`` opens it."""

    url: str
    key: str = field(repr=False)

    def ask(self, call: str) -> dict[str, Any] | None:
        """Give the story of a call; None when there is none, or no answer."""
        parts = urlsplit(self.url)
        line = HTTPConnection(require_loopback(self.url), parts.port or 80, timeout=PATIENCE)
        try:
            line.request("GET", f"{parts.path}/{call}", headers={"X-Demo-Key": self.key})
            reply = line.getresponse()
            body = reply.read()
            told = json.loads(body) if reply.status == 200 else None
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            line.close()
        return told if isinstance(told, dict) else None


class Reader:
    """A thread that puts the story on the bulletin while a page is open; closed, it ends."""

    def __init__(self, source: Source, booth: Booth, bulletin: Bulletin) -> None:
        self._source, self._booth, self._bulletin = source, booth, bulletin
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._read, name="story", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop reading."""
        self._closing.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._closing.wait(ASKED_EVERY):
            call = self._booth.about
            if call and self._bulletin.watched(OPEN_WITHIN):
                told = self._source.ask(call)
                if told is not None:
                    self._bulletin.put("story", told)
