"""What an agent's desk shows beside their offer: their day, whom they ring back, earlier calls.

Nothing here opens a number: of a person the desk shows where they are from and what they need.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.calls import CallSid
from dispatcher.domain.desks import Day, Earlier, Owed
from dispatcher.domain.offers import End
from dispatcher.domain.replies import Reply
from dispatcher.store.schema import callbacks, calls, offers
from dispatcher.store.seats import seats

_BEGAN: Final = sa.func.coalesce(offers.c.reached_at, offers.c.accepted_at)
_TALKED: Final = sa.type_coerce(offers.c.closed_at, sa.BigInteger) - sa.type_coerce(
    _BEGAN, sa.BigInteger
)
_MINE: Final = sa.func.coalesce(seats.c.agent, callbacks.c.helper)


class Desks:
    """What one transaction reads for a desk."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def day(self, agent: AgentId, *, since: datetime) -> Day:
        """How many conversations of theirs ended since then, and how long they lasted."""
        query = sa.select(sa.func.count(), sa.func.sum(_TALKED)).where(
            offers.c.agent == agent, offers.c.closed_at >= since, offers.c.end == End.ANSWERED
        )
        count, talked = self._connection.execute(query).one()
        return Day(count, timedelta(milliseconds=int(talked or 0)))

    def earlier(
        self, *, call: CallSid | None = None, callback: CallbackId | None = None
    ) -> Earlier:
        """The calls before this one of the same number, or all of a callback's number."""
        ours, mine = (calls.c.sid, call) if call is not None else (callbacks.c.id, callback)
        table = calls if call is not None else callbacks
        key = sa.select(table.c.number_key).where(ours == mine).scalar_subquery()
        query = sa.select(sa.func.count(), sa.func.max(calls.c.started_at)).where(
            calls.c.number_key == key, calls.c.number_key != "", calls.c.sid != (call or "")
        )
        count, last = self._connection.execute(query).one()
        return Earlier(count, last)

    def owed(self, *, until: datetime, limit: int = 300) -> Iterable[Owed]:
        """Callbacks that wait and are due before then, in the order in which they are rung."""
        query = (
            sa.select(callbacks, _MINE.label("whose"))
            .join_from(callbacks, seats, seats.c.callback == callbacks.c.id, isouter=True)
            .where(
                callbacks.c.closed_at.is_(None),
                callbacks.c.state == State.WAITING,
                callbacks.c.due_at < until,
                callbacks.c.reply == Reply.TELEPHONE,
            )
            .order_by(callbacks.c.due_at, callbacks.c.place_since)
            .limit(limit)
        )
        for row in self._connection.execute(query):
            yield Owed(
                CallbackId(row.id),
                row.commune,
                Need(row.need),
                row.due_at,
                row.booked_at,
                row.house,
                None if row.whose is None else AgentId(row.whose),
            )
