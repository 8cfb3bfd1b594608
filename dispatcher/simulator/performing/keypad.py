"""The keys that one person presses, until a question takes them."""

from __future__ import annotations

import asyncio
from collections import deque


class Keypad:
    """Keys in the order pressed. Those typed before a question wait for it, if ``type_ahead``."""

    def __init__(self, *, type_ahead: bool) -> None:
        self._type_ahead = type_ahead
        self._keys: deque[str] = deque()
        self._arrived = asyncio.Event()
        self.listening = False

    def press(self, key: str) -> None:
        """Add a key; it is lost when nothing listens and nothing is kept."""
        if self.listening or self._type_ahead:
            self._keys.append(key)
            self._arrived.set()

    async def key_within(self, seconds: float) -> bool:
        """Wait until a key is there to be taken, at most ``seconds``; say whether one is."""
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            return False
        return True

    def take(self) -> str:
        """Take the first key; there must be one."""
        key = self._keys.popleft()
        if not self._keys:
            self._arrived.clear()
        return key
