"""The journal: entries in a chain, each with the hash of the one before it.

An entry holds codes, ids, moments and commitments, never anybody's name or number: so it need never
be altered. What is hashed is written down in docs/journal.md, so that anybody may check it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Self

FORMAT: Final = "permanence-journal-1"
COMMITMENT: Final = "permanence-commitment-1"
BEGINNING: Final = "0" * 64
"""What the first entry has instead of the hash of the one before it."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_.]{0,59}")
_VALUE: Final = re.compile(r"[A-Za-z0-9_.:/-]{0,128}")
_NUMBER: Final = re.compile(r"(?:00\d{9,15}|0[1-9]\d{8}|33[1-9]\d{8})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class BadEntry(ValueError):
    """What is no code, id, moment or commitment does not go into the journal: ``name`` says where.

    It is never quoted: it may be somebody's name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} holds what the journal does not take")
        self.name = name


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. Names and values are ASCII without spaces, ``+`` or ``@``: moments
    are written ``2026-11-25T22:30:00Z``, personal facts as commitments. Raises BadEntry.
    """

    kind: str
    at: datetime
    facts: Mapping[str, str]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.kind):
            raise BadEntry("kind")
        if self.at.tzinfo is None:
            raise BadEntry("at")
        for name, value in self.facts.items():
            if not _NAME.fullmatch(name):
                raise BadEntry("facts")
            if not _VALUE.fullmatch(value) or _NUMBER.fullmatch(value):
                raise BadEntry(name)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in its place: ``at`` in milliseconds since 1970, hashes in hexadecimal.

    As it was found, which may be anything: nothing is taken for granted before it was checked.
    """

    seq: int
    kind: str
    at: int
    facts: Mapping[str, str]
    previous: str
    hash: str

    @classmethod
    def after(cls, last: tuple[int, str] | None, entry: Entry) -> Self:
        """The row of an entry, behind the last one's number and hash."""
        seq, previous = last or (0, BEGINNING)
        at = (entry.at - _EPOCH) // _MILLISECOND
        return cls(
            seq=seq + 1,
            kind=entry.kind,
            at=at,
            facts=dict(entry.facts),
            previous=previous,
            hash=digest(seq + 1, previous, entry.kind, at, entry.facts),
        )

    @property
    def recomputed(self) -> str:
        """The hash that it should have."""
        return digest(self.seq, self.previous, self.kind, self.at, self.facts)

    @property
    def moment(self) -> datetime:
        """When it happened."""
        return _EPOCH + self.at * _MILLISECOND


def digest(seq: int, previous: str, kind: str, at: int, facts: Mapping[str, str]) -> str:
    """The hash of an entry in its place."""
    told = (part for name in sorted(facts) for part in (name, facts[name]))
    return hashed([FORMAT, str(seq), previous, kind, str(at), str(len(facts)), *told])


def commitment(salt: str, value: str) -> str:
    """What stands for a personal fact: it tells nothing of it once the salt is gone."""
    return hashed([COMMITMENT, salt, value])


def hashed(fields: Iterable[str]) -> str:
    """SHA-256 of the canonical encoding, in hexadecimal."""
    return sha256(encoded(fields)).hexdigest()


def encoded(fields: Iterable[str]) -> bytes:
    """Each field in UTF-8 behind its length, in four bytes, the highest first: no two lists of
    fields are written alike.
    """
    written = (str(field).encode("utf-8", "backslashreplace") for field in fields)
    return b"".join(len(each).to_bytes(4, "big") + each for each in written)
