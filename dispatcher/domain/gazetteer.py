"""The present communes' lines, found by code and by postal code in the text of their file.

Thirty-five thousand lines as strings in dictionaries took 13 MB in every process; so the text stays
as it was read, beside two arrays of numbers.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

CODE_LENGTH: Final = 5
POSTAL_CODES: Final = 5
"""Which cell of a line holds the postal codes, a space between them."""
_ROWS: Final = 1 << 20


class Gazetteer(Mapping[str, str]):
    """Each line by its code, its first five letters. The text: UTF-8, with a heading."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        starts = (found.end() for found in re.finditer(rb"\n(?=[^\n])", text))
        self._starts = array("I", sorted(starts, key=self._code_at))

    def __getitem__(self, code: str) -> str:
        wanted = code.encode()
        index = bisect_left(self._starts, wanted, key=self._code_at)
        if index == len(self._starts) or self._code_at(self._starts[index]) != wanted:
            raise KeyError(code)
        return self._line(index)

    def __iter__(self) -> Iterator[str]:
        return (self._code_at(start).decode() for start in self._starts)

    def __len__(self) -> int:
        return len(self._starts)

    def at_postal_code(self, code: str) -> list[str]:
        """The lines of the communes that this postal code delivers to; empty when unknown."""
        if not _is_postal_code(code):
            return []
        first = bisect_left(self._postal, int(code) * _ROWS)
        last = bisect_left(self._postal, (int(code) + 1) * _ROWS)
        return [self._line(each % _ROWS) for each in self._postal[first:last]]

    def postal_codes(self) -> list[str]:
        """Every postal code, once."""
        return [f"{code:05d}" for code in sorted({each // _ROWS for each in self._postal})]

    @cached_property
    def _postal(self) -> array[int]:
        """Of each postal code of each line, in order: the code, and the line's index."""
        found = (
            int(code) * _ROWS + index
            for index in range(len(self._starts))
            for code in self._line(index).split(",")[POSTAL_CODES].split()
        )
        return array("Q", sorted(found))

    def _code_at(self, start: int) -> bytes:
        return self._text[start : start + CODE_LENGTH]

    def _line(self, index: int) -> str:
        start = self._starts[index]
        end = self._text.find(b"\n", start)
        return self._text[start : end if end >= 0 else None].decode().rstrip("\r")


def _is_postal_code(code: str) -> bool:
    return len(code) == CODE_LENGTH and code.isascii() and code.isdigit()
