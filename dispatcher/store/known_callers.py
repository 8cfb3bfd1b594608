"""Known callers: kept because they asked, under a keyed hash of their number, until a date."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.known_callers import KnownCaller
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store import statements
from dispatcher.store.schema import known_callers
from dispatcher.store.vault import Vault

_INSERT: Final = {
    name: statements.insert_or_ignore(name, known_callers) for name in statements.DIALECTS
}


_FIND: Final = sa.select(known_callers.c.commune, known_callers.c.agent).where(
    known_callers.c.key.in_(sa.bindparam("keys", expanding=True)),
    known_callers.c.until > sa.bindparam("at"),
)


class KnownCallers:
    """The known callers of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def find(self, number: PhoneNumber, *, at: datetime) -> KnownCaller | None:
        """What is remembered of this number; nothing once its date has passed."""
        found = {"keys": self._vault.caller_keys(number), "at": at}
        row = self._connection.execute(_FIND, found).first()
        if row is None:
            return None
        return KnownCaller(row.commune, None if row.agent is None else AgentId(row.agent))

    def remember(self, number: PhoneNumber, known: KnownCaller, *, until: datetime) -> None:
        """Keep this of a number, in place of what was kept before."""
        self.forget(number)
        row = {"key": self._vault.caller_keys(number)[0], "commune": known.commune}
        insert = _INSERT[self._connection.dialect.name]
        self._connection.execute(insert, row | {"agent": known.agent, "until": until})

    def forget(self, number: PhoneNumber) -> None:
        """Keep nothing of this number any more."""
        self._connection.execute(sa.delete(known_callers).where(self._is(number)))

    def helped(self, number: PhoneNumber, agent: AgentId) -> None:
        """This agent helped somebody; noted only of those who asked to be known."""
        update = sa.update(known_callers).where(self._is(number)).values(agent=agent)
        self._connection.execute(update)

    def expire(self, *, at: datetime) -> int:
        """Forget those whose date has passed; how many they were."""
        return self._connection.execute(
            sa.delete(known_callers).where(known_callers.c.until <= at)
        ).rowcount

    def _is(self, number: PhoneNumber) -> sa.ColumnElement[bool]:
        return known_callers.c.key.in_(self._vault.caller_keys(number))
