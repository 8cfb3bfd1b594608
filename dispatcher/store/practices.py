"""Which agents have practised: lived one invented call in their page, before the first real one."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata

practices: Final = sa.Table(
    "practices",
    metadata,
    sa.Column("agent", sa.ForeignKey("agents.id"), primary_key=True),
    sa.Column("practised_at", Moment, nullable=False),
)

_INSERT: Final = {
    name: statements.insert_or_ignore(name, practices) for name in statements.DIALECTS
}


class Practices:
    """The practices of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def note(self, agent: AgentId, *, at: datetime) -> bool:
        """The agent has practised; False when they had before."""
        insert = _INSERT[self._connection.dialect.name]
        row = {"agent": agent, "practised_at": at}
        return self._connection.execute(insert, row).rowcount == 1

    def of(self, agent: AgentId) -> datetime | None:
        """When the agent practised first; None when they never have."""
        query = sa.select(practices.c.practised_at).where(practices.c.agent == agent)
        return self._connection.scalar(query)

    def forget(self, agent: AgentId) -> None:
        """Nothing is known of it any more."""
        self._connection.execute(sa.delete(practices).where(practices.c.agent == agent))
