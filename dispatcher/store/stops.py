"""Stops: who said STOP, found by their number's key and by nothing that could be read."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.vault import Vault

stops: Final = sa.Table(
    "stops",
    metadata,
    sa.Column("number_key", sa.Text, primary_key=True),
    sa.Column("since", Moment, nullable=False),
)

_INSERT: Final = {name: statements.insert_or_ignore(name, stops) for name in statements.DIALECTS}


class Stops:
    """The stops of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def note(self, number: PhoneNumber, *, at: datetime) -> bool:
        """Nobody texts this number again; False when that was so before."""
        row = {"number_key": self._vault.key(number), "since": at}
        return self._connection.execute(_INSERT[self._connection.dialect.name], row).rowcount == 1

    def undo(self, number: PhoneNumber) -> bool:
        """They want our texts again; False when they had not said STOP."""
        keys = stops.c.number_key.in_(self._vault.keys(number))
        return self._connection.execute(sa.delete(stops).where(keys)).rowcount > 0

    def holds(self, number: PhoneNumber) -> bool:
        """Whether this number said STOP."""
        keys = stops.c.number_key.in_(self._vault.keys(number))
        return self._connection.scalar(sa.select(stops.c.since).where(keys).limit(1)) is not None
