"""Signed heads of the journal: added and read, and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.journal_heads import Head
from dispatcher.store.schema import metadata

_NUMBER: Final = sa.Integer().with_variant(sa.BigInteger(), "postgresql")

journal_heads: Final = sa.Table(
    "journal_heads",
    metadata,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("after", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),  # as it was signed
    sa.Column("prints", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
)


class JournalHeads:
    """The heads of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, head: Head) -> None:
        """Keep a head; of two with one number the second fails."""
        self._connection.execute(sa.insert(journal_heads), asdict(head))

    def last(self) -> Head | None:
        """The newest one."""
        query = sa.select(journal_heads).order_by(journal_heads.c.number.desc()).limit(1)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else Head(**row)

    def behind(self, number: int = 0) -> list[Head]:
        """Those with a higher number, in order, as they are found."""
        query = sa.select(journal_heads).where(journal_heads.c.number > number)
        rows = self._connection.execute(query.order_by(journal_heads.c.number)).mappings()
        return [Head(**row) for row in rows]
