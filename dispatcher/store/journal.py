"""The journal in SQL: entries are added and read, and nothing else; names lie beside it, sealed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.journal import Entry, Row, commitment
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.vault import Vault

KEPT_FOR: Final = timedelta(days=6 * 365 + 2)
"""What a commitment is about: three years in use and three more kept aside (rules.md M14)."""
LOCK: Final = 0x6A6F75726E616C
"""PostgreSQL's name of the turn to append: the letters of "journal"."""
GUARDS: Final = {
    "sqlite": ("no_update", "no_delete", "in_order"),
    "postgresql": ("no_update", "no_delete", "no_truncate", "in_order"),
}
"""Migration 0023's triggers on each of the two tables that are only added to."""
_AT_ONCE: Final = 1000
_NUMBER: Final = sa.Integer().with_variant(sa.BigInteger(), "postgresql")

journal: Final = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),  # as it was hashed
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

journal_secrets: Final = sa.Table(
    "journal_secrets",
    metadata,
    sa.Column("commitment", sa.Text, primary_key=True),
    sa.Column("number_key", sa.Text, index=True),
    sa.Column("subject", sa.Text, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("until", Moment, nullable=False),
)


class Journal:
    """The journal of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def append(self, entry: Entry) -> int:
        """Add an entry, in the transaction of what it tells of; its sequence number.

        From here to the end of the transaction nobody else appends: so append last.
        """
        self.wait_for_turn()
        row = Row.after(self.last(), entry)
        facts = {"seq": row.seq, "kind": row.kind, "at": row.at, "facts": _canonical(row.facts)}
        values = facts | {"previous": row.previous, "hash": row.hash}
        self._connection.execute(sa.insert(journal), values)
        return row.seq

    def wait_for_turn(self) -> None:
        """From here to the end of the transaction nobody else appends."""
        if self._connection.dialect.name == "postgresql":  # a writer on SQLite is alone anyway
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))

    def commit_to(
        self,
        value: str,
        *,
        at: datetime,
        number: PhoneNumber | None = None,
        subject: str | None = None,
    ) -> str:
        """What stands in an entry for a personal fact: the hash of it and of a salt.

        Both are kept beside the journal, sealed, until they are erased: with everything about this
        number (``dispatcher person erase``), with this subject (an id: ``forget``), or outdated.
        """
        salt = token_hex(32)
        standing = commitment(salt, value)
        row = {
            "commitment": standing,
            "number_key": self._vault.key(number),
            "subject": subject,
            "sealed": self._vault.seal_words(f"{salt}:{value}"),
            "until": at + KEPT_FOR,
        }
        self._connection.execute(sa.insert(journal_secrets), row)
        return standing

    def opened(self, standing: str) -> str | None:
        """The personal fact that this stands for; None when it was erased. Raises Unreadable."""
        query = sa.select(journal_secrets.c.sealed).where(journal_secrets.c.commitment == standing)
        sealed = self._connection.scalar(query)
        if sealed is None:
            return None
        salt, _, value = self._vault.open_words(sealed).partition(":")
        return value if commitment(salt, value) == standing else None

    def forget(self, subject: str) -> int:
        """Erase the personal facts about this subject; how many. The chain stays whole."""
        done = sa.delete(journal_secrets).where(journal_secrets.c.subject == subject)
        return self._connection.execute(done).rowcount

    def erase(self, number: PhoneNumber, *, but: Collection[str] = ()) -> int:
        """Erase the personal facts about whoever has this number, but of these subjects; how
        many.
        """
        its = journal_secrets.c.number_key.in_(self._vault.keys(number))
        of = sa.func.coalesce(journal_secrets.c.subject, "").not_in(list(but))
        return self._connection.execute(sa.delete(journal_secrets).where(its, of)).rowcount

    def held(self, number: PhoneNumber) -> list[str]:
        """The personal facts held about whoever has this number."""
        its = journal_secrets.c.number_key.in_(self._vault.keys(number))
        query = sa.select(journal_secrets.c.commitment).where(its).order_by(journal_secrets.c.until)
        opened = map(self.opened, list(self._connection.scalars(query)))
        return [each for each in opened if each is not None]

    def last(self) -> tuple[int, str] | None:
        """The number and the hash of the newest entry."""
        query = sa.select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
        row = self._connection.execute(query).first()
        return None if row is None else (row.seq, row.hash)

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """The entries behind this number, in order, as they are found."""
        query = sa.select(journal).where(journal.c.seq > after).order_by(journal.c.seq)
        found = self._connection.execute(query, execution_options={"yield_per": _AT_ONCE})
        return map(_row, found.mappings())

    def between(self, since: datetime, until: datetime) -> Iterator[Row]:
        """The entries of what happened from one moment until before another, in order."""
        first, last = (round(at.timestamp() * 1000) for at in (since, until))
        query = sa.select(journal).where(journal.c.at >= first, journal.c.at < last)
        found = self._connection.execute(query.order_by(journal.c.seq))
        return map(_row, found.mappings())

    def hashes(self, *, after: int, limit: int) -> list[str]:
        """The hashes of so many rows behind this number, in order."""
        query = sa.select(journal.c.hash).where(journal.c.seq > after).order_by(journal.c.seq)
        return list(self._connection.scalars(query.limit(limit)))

    def missing_guards(self) -> list[str]:
        """The triggers that should refuse alterations, and are not there or were put to sleep."""
        dialect = self._connection.dialect.name
        if dialect == "postgresql":
            asked = "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"
        else:
            asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        there = {name for (name,) in self._connection.exec_driver_sql(asked)}
        wanted = [f"{of}_{name}" for of in ("journal", "journal_heads") for name in GUARDS[dialect]]
        return [name for name in wanted if name not in there]


def _canonical(facts: Mapping[str, str]) -> str:
    return json.dumps(dict(facts), sort_keys=True, separators=(",", ":"))


def _row(found: sa.RowMapping) -> Row:
    """A row as it stands: facts written otherwise than we write them are no facts."""
    facts: Any = None
    try:
        facts = json.loads(found["facts"])
        if _canonical(facts) != found["facts"]:
            facts = None
    except (TypeError, ValueError):
        facts = None
    return Row(**{**found, "facts": {"": str(found["facts"])} if facts is None else facts})
