"""The way in to the load: a key given once, a pass kept in a cookie for some hours.

The pass says until when it holds, and nothing of who holds it. It is signed, so nothing is stored.
"""

from __future__ import annotations

import hmac
from collections import deque
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

HOLDS_FOR: Final = timedelta(hours=4)
TRIES: Final = 10
TRIES_WITHIN: Final = timedelta(minutes=1)


def issue(signing: bytes, *, at: datetime) -> str:
    """A pass that holds for some hours from ``at`` on."""
    until = str(round((at + HOLDS_FOR).timestamp()))
    return f"{until}.{_signature(signing, until)}"


def holds(shown: str, signing: bytes, *, at: datetime) -> bool:
    """Whether this is a pass of ours, and not yet over."""
    until, _, signature = shown.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(signing, until).encode()):
        return False
    return at < datetime.fromtimestamp(int(until), UTC)


def is_key(given: str, asked: str) -> bool:
    """Whether somebody gave the key that is asked; how long it takes tells nothing of the key."""
    return hmac.compare_digest(_digest(given.strip()), _digest(asked))


class Tries:
    """How often the key may be tried, by everybody together: ``TRIES`` a minute.

    Kept in this process alone: a flood of wrong keys then costs neither SQL nor Redis anything, so
    it cannot slow a call down, and it is limited while both are away. Two web processes let twice
    as many through, and a new start begins anew: of a key of 16 characters that is nothing.
    Addresses are not told apart, since behind a proxy all come from one.
    """

    def __init__(self) -> None:
        self._taken: deque[datetime] = deque()
        self._lock = Lock()

    def take(self, *, at: datetime) -> bool:
        """Spend a try; False when none is left in this minute."""
        with self._lock:
            while self._taken and self._taken[0] <= at - TRIES_WITHIN:
                self._taken.popleft()
            if len(self._taken) >= TRIES:
                return False
            self._taken.append(at)
            return True

    def give_back(self) -> None:
        """The last try was the right key: it counts for nothing."""
        with self._lock:
            if self._taken:
                self._taken.pop()


def _signature(signing: bytes, until: str) -> str:
    return hmac.new(signing, until.encode(), "sha256").hexdigest()


def _digest(text: str) -> bytes:
    return hmac.digest(b"of equal length", text.encode(), "sha256")
