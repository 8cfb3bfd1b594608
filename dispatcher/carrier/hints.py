"""The words that the carrier's speech recognition should expect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

AT_MOST: Final = 500
LONGEST: Final = 100
"""Characters. Both are Twilio's limits; past them it warns (13330) and may take none at all."""

_SIGNS: Final = str.maketrans({",": " ", "$": " "})
"""What a hint may not hold: a comma parts two hints, a dollar begins a class of words."""


def in_one(hints: Iterable[str]) -> str | None:
    """All of them as the carrier takes them, each once, the first ones first; None when none is
    left.
    """
    plain = (" ".join(hint.translate(_SIGNS).split())[:LONGEST].rstrip() for hint in hints)
    once = [hint for hint in dict.fromkeys(plain) if hint]
    return ", ".join(once[:AT_MOST]) or None
