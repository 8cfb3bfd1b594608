"""The journal kept: its head signed once a day, the whole of it checked and written out.

Entries are added by what they tell of, in its own transaction (``tx.journal.append``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from dispatcher.domain import journal_exports
from dispatcher.domain.journal_checks import Findings, check
from dispatcher.domain.journal_heads import MOST, Head, Reader, signed
from dispatcher.operations import journal_heads
from dispatcher.operations.services import Services
from dispatcher.store.signing import SigningKey
from dispatcher.store.store import Transaction

MARK: Final = "journal.heads"
DAILY: Final = timedelta(hours=23)
"""The clock asks every hour: an hour less than a day keeps the hour of the day."""


def ask(services: Services) -> None:
    """Have a worker sign today's head, and send those that have not arrived yet."""
    if services.archive.signer is not None:
        services.bell.ring("journal.seal", MARK)


def seal_daily(mark: str, services: Services) -> None:
    """Sign a head unless that was done within a day; then send whatever has not arrived."""
    at, signer = services.now(), services.archive.signer
    if mark != MARK or signer is None:
        return
    with services.store.writing() as tx:
        if tx.marks.move(mark, to=at, if_before=at - DAILY):
            _sign(signer, tx, services)
    journal_heads.send(services)


def sign(services: Services) -> Head | None:
    """Sign a head now; None where there is no key, or nothing to sign yet."""
    signer = services.archive.signer
    if signer is None:
        return None
    with services.store.writing() as tx:
        return _sign(signer, tx, services)


def verify(outside: Sequence[Head], reader: Reader | None, services: Services) -> Findings:
    """Check the whole journal, with heads that came back from outside."""
    with services.store.reading() as tx:
        heads = tx.journal_heads.behind()  # first: rows that are added meanwhile are not signed
        return check(tx.journal.rows(), heads, outside, reader)


def missing_guards(services: Services) -> list[str]:
    """The database's own guards that are not there."""
    with services.store.reading() as tx:
        return tx.journal.missing_guards()


def export(services: Services) -> Iterator[str]:
    """The lines of a file that anybody may check without us. Nobody's name is in it."""
    with services.store.reading() as tx:
        heads = tx.journal_heads.behind()
        yield from journal_exports.written(tx.journal.rows(), heads)


def _sign(signer: SigningKey, tx: Transaction, services: Services) -> Head | None:
    """Sign all rows that there are, in as many heads as that takes."""
    tx.journal.wait_for_turn()
    head = tx.journal_heads.last()
    while True:
        hashes = tx.journal.hashes(after=head.seq if head else 0, limit=MOST)
        if head is None and not hashes:
            return None
        head = signed(head, hashes, signer, at=services.now())
        tx.journal_heads.add(head)
        if len(hashes) < MOST:
            return head
