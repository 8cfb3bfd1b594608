"""How well the network's recogniser understands."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Recognition:
    """What becomes of words said to the line: they arrive as they were said, unless misheard.

    ``mishears`` gives the transcript of words said, empty for none, so that "Gap" may arrive as
    "cap."; ``confidence`` is Twilio's, from 0 to 1, with everything recognised.
    """

    mishears: dict[str, str] = field(default_factory=dict)
    confidence: float = 0.9

    def transcribe(self, words: str) -> str:
        """Give what is recognised, empty for nothing."""
        return self.mishears.get(words, words)
