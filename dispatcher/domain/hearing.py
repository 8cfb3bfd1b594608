"""What a caller said aloud, understood as the keys that mean the same.

Words are compared folded: without accents, capitals or signs, ``saint`` as ``st``. What is heard
badly is no answer, and a question always has its keys: speech only spares them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

ALIKE: Final = 0.8
"""How much a name heard must sound like a commune's (difflib ratio of what they sound like)."""
AHEAD: Final = 0.1
"""By how much the best must be better than the next, or neither is taken."""
_AGAIN: Final = "again"
_SOUNDS: Final = (
    (r"ph", "f"),
    (r"(qu|ck|q)", "k"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"(eau|au)", "o"),
    (r"(ai|ei|et\b)", "e"),
    (r"y", "i"),
    (r"z", "s"),
    (r"h", ""),
    (r"(.)\1+", r"\1"),
    (r"[estdxp]+\b", ""),
)
"""Spellings that sound alike in French, roughly: enough to tell the communes of one postal code."""


def fold(text: str) -> str:
    """The words of a text in small plain letters, one space between them."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[^0-9a-z]+", " ", letters).split()
    return " ".join(_SAINTS.get(word, word) for word in words)


_SAINTS: Final = {"saint": "st", "sainte": "ste", "saints": "sts", "saintes": "stes"}


@dataclass(frozen=True, slots=True)
class Ears:
    """The words that callers answer with: phrases by menu and key, each folded."""

    phrases: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Ears:
        """From a catalogue whose keys are ``menu.key`` and whose words are parted by ``;``."""
        return cls({key: tuple(map(fold, text.split(";"))) for key, text in words.items()})

    def again(self, said: str) -> bool:
        """Whether the caller asks to hear it once more."""
        return self._has(_AGAIN, fold(said))

    def choice(self, menu: str, said: str) -> str:
        """The key of ``menu`` that was meant; empty when none was, or two."""
        heard = fold(said)
        number = self._number(heard)
        if number:
            return number
        meant = [key for key in self._keys(menu) if self._has(f"{menu}.{key}", heard)]
        return meant[0] if len(meant) == 1 else ""

    def means(self, menu: str, key: str, said: str) -> bool:
        """Whether this key of ``menu`` was meant, by one of its phrases."""
        return self._has(f"{menu}.{key}", fold(said))

    def words(self, menu: str) -> tuple[str, ...]:
        """Every phrase that answers this menu, for whoever has to recognise them."""
        return tuple(p for key in self._keys(menu) for p in self.phrases[f"{menu}.{key}"])

    def _number(self, heard: str) -> str:
        """The key whose name alone was said: ``un``, ``le 2``."""
        alone = heard.removeprefix("le ").removeprefix("numero ").removeprefix("touche ")
        if re.fullmatch(r"[0-9]", alone):
            return alone
        return next((k for k in self._keys("number") if alone in self.phrases[f"number.{k}"]), "")

    def _keys(self, menu: str) -> list[str]:
        start = f"{menu}."
        return [key.removeprefix(start) for key in self.phrases if key.startswith(start)]

    def _has(self, key: str, heard: str) -> bool:
        return any(f" {phrase} " in f" {heard} " for phrase in self.phrases.get(key, ()))


def digits_said(said: str) -> str:
    """The digits of a number said aloud; five of them are a postal code even without its zero."""
    return re.sub(r"[^0-9]", "", said)


def place_said(said: str, names: Iterable[str]) -> int | None:
    """Which of these communes was said, by its index; None when none is, or two could be."""
    heard, known = fold(said), [fold(name) for name in names]
    inside = [i for i, name in enumerate(known) if f" {name} " in f" {heard} "]
    if inside:
        longest = max(inside, key=lambda i: len(known[i]))
        return longest if known.count(known[longest]) == 1 else None
    ranked = sorted(((_alike(heard, name), i) for i, name in enumerate(known)), reverse=True)
    if not ranked or ranked[0][0] < ALIKE:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < AHEAD:
        return None
    return ranked[0][1]


def _alike(heard: str, name: str) -> float:
    return SequenceMatcher(None, _sound(heard), _sound(name), autojunk=False).ratio()


def _sound(folded: str) -> str:
    for spelt, sound in _SOUNDS:
        folded = re.sub(spelt, sound, folded)
    return folded.replace(" ", "")
