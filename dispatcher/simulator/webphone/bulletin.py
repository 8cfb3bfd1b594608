"""What the page shows now, given at once or as soon as it is another, to any number of pages."""

from __future__ import annotations

import threading
import time
from secrets import token_hex
from typing import Any


class Bulletin:
    """The page's parts by name. Every thread may put and ask; what was put is changed no more."""

    def __init__(self) -> None:
        self._run = token_hex(4)
        self._number = 0
        self._parts: dict[str, Any] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._asking = 0
        self._asked_at = float("-inf")

    def put(self, name: str, part: Any) -> None:
        """Show this part from now on."""
        with self._changed:
            if self._parts.get(name) != part:
                self._parts[name] = part
                self._number += 1
                self._changed.notify_all()

    def after(self, mark: str, seconds: float) -> dict[str, Any]:
        """Give everything, with its ``mark``; wait at most so long while it is still this one's.

        A mark of another run, before a restart, is answered at once.
        """
        with self._changed:
            self._asking += 1
            self._changed.wait_for(lambda: self._closed or self._mark != mark, seconds)
            self._asking -= 1
            self._asked_at = time.monotonic()
            return {**self._parts, "mark": self._mark}

    def watched(self, within: float) -> bool:
        """Say whether a page is open: one asks now, or did so many real seconds ago."""
        with self._changed:
            return self._asking > 0 or time.monotonic() - self._asked_at < within

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def _mark(self) -> str:
        return f"{self._run}-{self._number}"
