"""What one person heard and did during a call, with the moment of every word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_SAME_SIGN = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " "})


class Sort(StrEnum):
    """The sorts of lines."""

    DIALLED = "dialled"
    RINGING = "ringing"
    PICKED_UP = "picked up"
    REFUSED = "refused"
    RINGBACK = "ringback"
    HEARD = "heard"
    PLAYED = "played"
    VOICE = "voice"
    PRESSED = "pressed"
    SPOKE = "spoke"
    BRIDGED = "bridged"
    UNBRIDGED = "unbridged"
    HUNG_UP = "hung up"
    ENDED = "ended"
    TEXT = "text"


_AUDIBLE = {Sort.HEARD, Sort.PLAYED, Sort.VOICE}


@dataclass(slots=True)
class Line:
    """One thing heard or done; what is spoken lasts ``seconds`` and may be cut short."""

    at: float
    sort: Sort
    text: str = ""
    seconds: float = 0.0
    cut: bool = False

    def spoken_at(self, letters: int) -> float:
        """Give the moment at which so many letters have been spoken."""
        return self.at + self.seconds * letters / max(1, len(self.text))

    def cut_at(self, now: float) -> None:
        """Keep only the words spoken by now."""
        if now < self.at + self.seconds:
            share = (now - self.at) / self.seconds
            self.text, self.seconds = self.text[: int(share * len(self.text))], now - self.at
            self.cut = True

    def __str__(self) -> str:
        return f"{self.at:8.2f}  {self.sort:<10} {self.text}{' …' if self.cut else ''}"


class Transcript:
    """The lines of a call, and how far its person has listened."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._heard = (0, 0)

    def find(self, words: str) -> tuple[Line, float] | None:
        """Find the next line with these words, and when their last letter is spoken."""
        wanted = fold(words)
        first, letter = self._heard
        for index in range(first, len(self.lines)):
            line = self.lines[index]
            place = fold(line.text).find(wanted, letter if index == first else 0)
            if line.sort in _AUDIBLE and place >= 0:
                return line, line.spoken_at(place + len(wanted))
        return None

    def listen_past(self, line: Line, words: str) -> None:
        """Never find these words of this line again, nor anything before them."""
        index = next(place for place, known in enumerate(self.lines) if known is line)
        start = self._heard[1] if index == self._heard[0] else 0
        wanted = fold(words)
        self._heard = (index, fold(line.text).find(wanted, start) + len(wanted))

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)


def fold(text: str) -> str:
    """Make texts comparable whatever their capitals, apostrophes and hard spaces."""
    return text.translate(_SAME_SIGN).lower()
