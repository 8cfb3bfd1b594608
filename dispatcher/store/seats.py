"""Seats: who was promised which half-hour of which agent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.bookings import Seat
from dispatcher.domain.callbacks import CallbackId
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata

seats: Final = sa.Table(
    "seats",
    metadata,
    sa.Column("agent", sa.ForeignKey("agents.id"), primary_key=True),
    sa.Column("at", Moment, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("callback", sa.ForeignKey("callbacks.id"), nullable=False, index=True),
    sa.Index("ix_seats_at", "at"),
)

_INSERT: Final = {name: statements.insert_or_ignore(name, seats) for name in statements.DIALECTS}


class Seats:
    """The seats of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def claim(self, wanted: Iterable[Seat], callback: CallbackId) -> Seat | None:
        """Take the first of these seats that nobody has; None when there is none left.

        Each try is one INSERT that the key of the table refuses to all but one: whoever is second
        waits for the first one's end, and has the next.
        """
        insert = _INSERT[self._connection.dialect.name]
        for seat in wanted:
            row = seat._asdict() | {"callback": callback}
            if self._connection.execute(insert, row).rowcount == 1:
                return seat
        return None

    def give_back(self, callback: CallbackId, *, but: Seat | None = None) -> None:
        """Leave the seats of this callback to others, ``but`` this one."""
        theirs = seats.c.callback == callback
        if but is not None:
            kept = sa.and_(
                seats.c.agent == but.agent, seats.c.at == but.at, seats.c.number == but.number
            )
            theirs = sa.and_(theirs, sa.not_(kept))
        self._connection.execute(sa.delete(seats).where(theirs))

    def taken(self, *, since: datetime, until: datetime) -> set[Seat]:
        """Every seat that somebody has between these moments."""
        query = sa.select(seats.c.agent, seats.c.at, seats.c.number)
        rows = self._connection.execute(query.where(seats.c.at >= since, seats.c.at < until))
        return {Seat(AgentId(row.agent), row.at, row.number) for row in rows}

    def promised(self, *, after: datetime, until: datetime) -> dict[CallbackId, AgentId]:
        """Whose seat each callback has that was promised after one moment and up to another."""
        query = sa.select(seats.c.callback, seats.c.agent)
        found = self._connection.execute(query.where(seats.c.at > after, seats.c.at <= until))
        return {CallbackId(row.callback): AgentId(row.agent) for row in found}

    def agent_of(self, callback: CallbackId) -> AgentId | None:
        """Whose seat this callback has."""
        found = self._connection.scalar(
            sa.select(seats.c.agent).where(seats.c.callback == callback)
        )
        return None if found is None else AgentId(found)
