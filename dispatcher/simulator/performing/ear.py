"""The keys that one person presses and the words they say, until a question takes them."""

from __future__ import annotations

import asyncio
from collections import deque
from enum import Enum


class Answered(Enum):
    """What a question is answered by: whatever began first, the other is dropped.

    Source: twilio.com/docs/voice/twiml/gather, "the first detected input takes precedence".
    """

    NOTHING = "nothing"
    KEYS = "keys"
    SPEECH = "speech"


class Ear:
    """Keys in the order pressed; those typed before a question wait for it, if ``type_ahead``.

    Words count from the moment somebody begins to say them, and only for a question that listens
    by then.
    """

    def __init__(self, *, type_ahead: bool) -> None:
        self._type_ahead = type_ahead
        self._keys: deque[str] = deque()
        self._said: list[str] = []
        self._takes: frozenset[Answered] = frozenset()
        self._begun = asyncio.Event()
        self.answered_by = Answered.NOTHING
        self.spoken_until = 0.0
        """When the last words taken are said to the end, in the network's seconds."""

    def open(self, *takes: Answered) -> None:
        """Listen for an answer of these kinds."""
        self._takes = frozenset(takes)
        self._said.clear()
        self.answered_by = Answered.NOTHING
        if self._keys and Answered.KEYS in takes:
            self.answered_by = Answered.KEYS
        self._tell()

    def close(self) -> None:
        """Listen no more; keys that nobody took wait for the next question, if any may."""
        if not self._type_ahead:
            self._keys.clear()
        self.open()

    def press(self, key: str) -> None:
        """Add a key; it is lost when nothing takes it and nothing is kept."""
        if self._lets_in(Answered.KEYS) or (not self._takes and self._type_ahead):
            self._keys.append(key)
            self._tell()

    def hear(self, words: str, until: float) -> bool:
        """Add words that will be said to the end at ``until``; say whether anything listens."""
        if not self._lets_in(Answered.SPEECH):
            return False
        self._said.append(words)
        self.spoken_until = max(until, self.spoken_until)
        self._tell()
        return True

    async def is_answered_within(self, seconds: float) -> bool:
        """Wait until a key is there to be taken or words have begun; say whether they have."""
        try:
            async with asyncio.timeout(seconds):
                await self._begun.wait()
        except TimeoutError:
            return False
        return True

    def take_key(self) -> str:
        """Take the first key; there must be one."""
        key = self._keys.popleft()
        self._tell()
        return key

    def take_words(self) -> str:
        """Take all that was said; whatever comes now begins a new answer."""
        words = " ".join(self._said)
        self._said.clear()
        self.answered_by = Answered.NOTHING
        self._tell()
        return words

    def _lets_in(self, kind: Answered) -> bool:
        if kind not in self._takes or self.answered_by not in {kind, Answered.NOTHING}:
            return False
        self.answered_by = kind
        return True

    def _tell(self) -> None:
        """Keep the event in step with what is there to be taken."""
        there = self._keys if self.answered_by is Answered.KEYS else self._said
        if there:
            self._begun.set()
        else:
            self._begun.clear()
