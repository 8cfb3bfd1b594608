"""What people are called, in a sentence."""

from __future__ import annotations

import unicodedata

_VOWELS = "aeiouy"


def of(name: str) -> str:
    """« d’Ines », « de Malo ». Before an h, which may be silent or not, nothing is left out."""
    first = unicodedata.normalize("NFD", name.strip()[:1]).lower()[:1]
    return f"d’{name}" if first and first in _VOWELS else f"de {name}"
