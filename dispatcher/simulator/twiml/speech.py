"""How long a voice takes to say something."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

CHARACTERS_PER_SECOND = 14.0
"""A clear French voice (measured on neural voices at their usual rate)."""

PLAY_SECONDS = 5.0
"""How long a sound file lasts: this network does not fetch it."""

_RATES = {"x-slow": 0.5, "slow": 0.8, "medium": 1.0, "fast": 1.25, "x-fast": 1.5}
_STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 1.0}


def spoken_text(element: Element) -> str:
    """Give the words of a Say, those inside SSML elements included, without needless spaces."""
    return " ".join("".join(element.itertext()).split())


def seconds_to_say(element: Element, rate: float = 1.0) -> float:
    """Give the seconds that a Say lasts, its ``break`` and ``prosody rate`` obeyed."""
    here = rate * _rate(element.get("rate", "")) if element.tag == "prosody" else rate
    seconds = _letters(element.text) / (CHARACTERS_PER_SECOND * here)
    if element.tag == "break":
        seconds += _break(element)
    for child in element:
        seconds += seconds_to_say(child, here)
        seconds += _letters(child.tail) / (CHARACTERS_PER_SECOND * here)
    return seconds


def _letters(text: str | None) -> int:
    return len(" ".join((text or "").split()))


def _rate(value: str) -> float:
    if value.endswith("%") and value[:-1].isdecimal() and int(value[:-1]):
        return int(value[:-1]) / 100
    return _RATES.get(value, 1.0)


def _break(element: Element) -> float:
    time = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", element.get("time", ""))
    if time is None:
        return _STRENGTHS.get(element.get("strength", "medium"), 1.2)
    return float(time[1]) / (1000 if time[2] == "ms" else 1)
