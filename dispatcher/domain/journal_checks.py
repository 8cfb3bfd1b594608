"""Checking the journal: row by row along the chain, then against every signed head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatcher.domain.journal import BEGINNING, Row
from dispatcher.domain.journal_heads import PRINT, Head, Reader


class What(StrEnum):
    """What is wrong."""

    MISSING = "missing"  # the row is not there, and later ones are
    ALTERED = "altered"  # the row is not what was hashed
    UNCHAINED = "unchained"  # the row does not follow the one before it
    CUT_OFF = "cut_off"  # the row was signed, and nothing is there from it on
    REWRITTEN = "rewritten"  # the chain is whole from this row on, and not what was signed
    FORGED = "forged"  # the head's signature is not right
    UNKNOWN_KEY = "unknown_key"  # the head is signed with a key that nobody gave us
    HEAD_MISSING = "head_missing"  # the head is not there, and later ones are
    UNSIGNED = "unsigned"  # there are rows, and no head at all


OF_HEADS = frozenset({What.FORGED, What.UNKNOWN_KEY, What.HEAD_MISSING})
"""These name a head; the others a row."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and with which row (or head): its number. ``head``: the one that shows it."""

    what: What
    number: int
    head: Head | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found: so many rows, signed up to row ``signed``, by so many heads."""

    rows: int
    signed: int
    heads: int
    faults: tuple[Fault, ...]


def check(
    rows: Iterable[Row], heads: Sequence[Head], outside: Sequence[Head], reader: Reader | None
) -> Findings:
    """Check rows, the heads kept beside them, and those that came back from ``outside``.

    Without a ``reader`` heads are not looked at. The first wrong row is named: what was signed says
    it better than the chain, where whoever altered a row hashed it anew.
    """
    hashes, broken = _along(rows)
    if reader is None:
        return Findings(len(hashes), 0, 0, tuple(filter(None, [broken])))
    faults, true = _true([*heads, *outside], reader)
    faults += _skipped(heads)
    if hashes and not heads and not outside:
        faults.append(Fault(What.UNSIGNED, len(hashes)))
    against = [fault for fault in (_against(head, hashes) for head in true) if fault]
    first = min([*filter(None, [broken]), *against], key=lambda each: each.number, default=None)
    signed = max((head.seq for head in true), default=0)
    found = [first, *faults] if first else faults
    return Findings(len(hashes), signed, len(true), tuple(found))


def _along(rows: Iterable[Row]) -> tuple[list[str], Fault | None]:
    """The hashes that rows claim, each at its place (empty: missing), and the first fault."""
    hashes: list[str] = []
    first: Fault | None = None
    for row in rows:
        last = hashes[-1] if hashes else BEGINNING
        first = first or _broken(row, last, len(hashes) + 1)
        hashes += [""] * min(row.seq - len(hashes) - 1, 1_000_000)
        hashes.append(row.hash)
    return hashes, first


def _broken(row: Row, last: str, place: int) -> Fault | None:
    if row.seq != place:
        return Fault(What.MISSING, place)
    if row.hash != row.recomputed:
        return Fault(What.ALTERED, place)
    if row.previous != last:
        return Fault(What.UNCHAINED, place)
    return None


def _true(heads: Iterable[Head], reader: Reader) -> tuple[list[Fault], list[Head]]:
    """Which heads are not to be believed, and those that are."""
    faults, true = [], []
    for head in heads:
        if not reader.knows(head.key):
            faults.append(Fault(What.UNKNOWN_KEY, head.number, head))
        elif not reader.is_signed(head.message, head.signature, head.key) or not head.is_whole:
            faults.append(Fault(What.FORGED, head.number, head))
        else:
            true.append(head)
    return faults, true


def _skipped(heads: Sequence[Head]) -> list[Fault]:
    there = {head.number for head in heads}
    gaps = (number for number in range(1, max(there, default=0)) if number not in there)
    return [Fault(What.HEAD_MISSING, number) for number in gaps][:1]


def _against(head: Head, hashes: Sequence[str]) -> Fault | None:
    """The first row that is not as this head has it."""
    for seq, print in _prints(head):
        if seq > len(hashes):
            return Fault(What.CUT_OFF, seq, head)
        if str(hashes[seq - 1])[:PRINT] != print:
            return Fault(What.REWRITTEN, seq, head)
    if head.seq > len(hashes):
        return Fault(What.CUT_OFF, len(hashes) + 1, head)
    if head.seq and hashes[head.seq - 1] != head.hash:
        return Fault(What.REWRITTEN, head.seq, head)
    return None


def _prints(head: Head) -> Iterator[tuple[int, str]]:
    for place in range(head.seq - head.after):
        yield head.after + place + 1, head.prints[place * PRINT : (place + 1) * PRINT]
