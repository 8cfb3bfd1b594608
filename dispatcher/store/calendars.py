"""Whose calendar an address shows: only a hash of its secret is kept."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.store.schema import Moment, metadata

calendars: Final = sa.Table(
    "calendars",
    metadata,
    sa.Column("agent", sa.ForeignKey("agents.id"), primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("made_at", Moment, nullable=False),
)


class Calendars:
    """The calendars of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def open(self, agent: AgentId, token: str, *, at: datetime) -> None:
        """This token shows this agent's calendar from now on, and none before it does."""
        self.close(agent)
        row = {"agent": agent, "token_hash": _hash(token), "made_at": at}
        self._connection.execute(sa.insert(calendars).values(**row))

    def close(self, agent: AgentId) -> bool:
        """No token shows it any more; False when none did."""
        gone = sa.delete(calendars).where(calendars.c.agent == agent)
        return self._connection.execute(gone).rowcount == 1

    def of(self, token: str) -> AgentId | None:
        """Whose calendar this token shows."""
        query = sa.select(calendars.c.agent).where(calendars.c.token_hash == _hash(token))
        found = self._connection.scalar(query)
        return None if found is None else AgentId(found)


def _hash(token: str) -> str:
    """A secret of 256 random bits needs no salt, and nobody can guess what is hashed here."""
    return sha256(token.encode()).hexdigest()
