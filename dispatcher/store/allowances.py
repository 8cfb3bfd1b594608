"""Allowances: how often something may still be done within a time, by whatever it is counted."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.floods import Allowance
from dispatcher.store import statements
from dispatcher.store.schema import allowances
from dispatcher.store.vault import Vault

_INSERT: Final = {
    name: statements.insert_or_ignore(name, allowances) for name in statements.DIALECTS
}


class Allowances:
    """The allowances of one transaction. What is counted is kept as a hash that no other time's
    can be joined to.
    """

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def spend(self, allowance: Allowance, by: str, *, at: datetime) -> bool:
        """Spend one of what ``by`` is allowed; False when there is none left in this time."""
        until = allowance.until(at)
        key = self._vault.counted(f"{allowance.name}:{until.timestamp():.0f}:{by}")
        more = (
            sa.update(allowances)
            .where(allowances.c.key == key, allowances.c.spent < allowance.at_most)
            .values(spent=allowances.c.spent + 1)
        )
        if self._connection.execute(more).rowcount == 1:
            return True
        first = {"key": key, "spent": 1, "until": until}
        if self._connection.execute(_INSERT[self._connection.dialect.name], first).rowcount == 1:
            return True
        return self._connection.execute(more).rowcount == 1  # another began it since we looked
