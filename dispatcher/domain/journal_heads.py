"""Heads of the journal: once a day its newest row is signed, with a print of each row since.

A chain alone does not show that its end was cut off, nor that it was altered and hashed anew:
whoever can write in the database can do both. A signed head that somebody else keeps shows it, and
its prints say which row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from dispatcher.domain.journal import BEGINNING, encoded

FORMAT: Final = "permanence-journal-head-1"
PRINT: Final = 16
"""Hexadecimal digits of a row's hash that a head holds: enough to say which row is another."""
MOST: Final = 20_000
"""Rows of one head; it is sent outside, and more are signed by the next."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Signer(Protocol):
    """Whoever holds the key."""

    @property
    def key(self) -> str:
        """The name of the key: 16 hexadecimal digits."""

    def sign(self, message: bytes) -> str:
        """The signature, in hexadecimal."""


class Reader(Protocol):
    """Whoever knows public keys."""

    def knows(self, key: str) -> bool:
        """Whether the key of this name is among them."""

    def is_signed(self, message: bytes, signature: str, key: str) -> bool:
        """Whether this key signed this."""


@dataclass(frozen=True, slots=True)
class Head:
    """The journal up to row ``seq``: its hash, and the prints of the rows behind ``after``.

    ``number`` counts heads; ``at`` is in milliseconds since 1970. As it was found.
    """

    number: int
    after: int
    seq: int
    hash: str
    at: int
    prints: str
    key: str
    signature: str = ""

    @property
    def message(self) -> bytes:
        """What is signed."""
        fields = (self.number, self.after, self.seq, self.hash, self.at, self.prints, self.key)
        return encoded([FORMAT, *map(str, fields)])

    @property
    def moment(self) -> datetime:
        """When it was signed."""
        return _EPOCH + timedelta(milliseconds=self.at)

    def print_of(self, seq: int) -> str | None:
        """The print of this row; None when it has none."""
        start = (seq - self.after - 1) * PRINT
        return self.prints[start : start + PRINT] if self.after < seq <= self.seq else None

    @property
    def is_whole(self) -> bool:
        """Whether it has a print of each of its rows."""
        return 0 <= self.seq - self.after == len(self.prints) / PRINT


def signed(last: Head | None, hashes: Sequence[str], signer: Signer, *, at: datetime) -> Head:
    """The next head, given the hashes of the rows behind the last one; none are needed."""
    after, before = (last.seq, last.hash) if last else (0, BEGINNING)
    head = Head(
        number=last.number + 1 if last else 1,
        after=after,
        seq=after + len(hashes),
        hash=hashes[-1] if hashes else before,
        at=(at - _EPOCH) // timedelta(milliseconds=1),
        prints="".join(each[:PRINT] for each in hashes),
        key=signer.key,
    )
    return replace(head, signature=signer.sign(head.message))
