"""What the load is counted from. Nothing here holds a key to a number, or could show one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome, Step
from dispatcher.domain.load import AT_ONCE, WAITING_AT, Became, Due, Owed, Waiters
from dispatcher.domain.replies import Reply
from dispatcher.store.schema import Moment, callbacks, calls

_COUNT: Final = sa.func.count().label("many")
_QUARTER: Final = 15 * 60 * 1000
_MILLISECONDS: Final = round(AT_ONCE.total_seconds() * 1000)


class Load:
    """The counts of one transaction: one query each, along an index, however many wait."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def waiting(self) -> list[Waiters]:
        """Those who wait, by commune, need, and whether an agent's telephone rings for them."""
        since = sa.func.min(sa.func.coalesce(calls.c.waiting_since, calls.c.started_at))
        query = (
            sa.select(calls.c.commune, calls.c.need, calls.c.step, _COUNT, since.label("since"))
            .where(calls.c.ended_at.is_(None), calls.c.step.in_(WAITING_AT))
            .group_by(calls.c.commune, calls.c.need, calls.c.step)
        )
        return [
            Waiters(
                commune=row.commune,
                need=Need(row.need or Need.EITHER),
                ringing=row.step == Step.OFFERED,
                count=row.many,
                since=row.since,
            )
            for row in self._connection.execute(query)
        ]

    def owed(self, *, at: datetime) -> list[Owed]:
        """The callbacks still owed, by state and whether they are due at ``at``; no inquiries."""
        due = (callbacks.c.due_at <= at).label("due")
        since = sa.func.min(callbacks.c.asked_at).label("since")
        query = (
            sa.select(callbacks.c.state, due, _COUNT, since)
            .where(callbacks.c.closed_at.is_(None), callbacks.c.reply == Reply.TELEPHONE)
            .group_by(callbacks.c.state, "due")
        )
        return [
            Owed(State(row.state), bool(row.due), row.many, row.since)
            for row in self._connection.execute(query)
        ]

    def written(self) -> int:
        """How many inquiries wait for their answer."""
        written = (callbacks.c.closed_at.is_(None), callbacks.c.reply != Reply.TELEPHONE)
        query = sa.select(sa.func.count()).select_from(callbacks).where(*written)
        return self._connection.scalar(query) or 0

    def due(self, *, at: datetime) -> list[Due]:
        """The callbacks that wait for an agent at ``at``, by commune, need and when they were due,
        to a quarter of an hour.
        """
        moment = sa.type_coerce(callbacks.c.due_at, sa.BigInteger)
        quarter = (moment - moment % _QUARTER).label("quarter")
        since = sa.func.min(callbacks.c.due_at).label("since")
        query = (
            sa.select(callbacks.c.commune, callbacks.c.need, quarter, _COUNT, since)
            .where(
                callbacks.c.closed_at.is_(None),
                callbacks.c.state == State.WAITING,
                callbacks.c.due_at <= at,
            )
            .group_by(callbacks.c.commune, callbacks.c.need, "quarter")
        )
        return [
            Due(row.commune, Need(row.need), row.many, row.since)
            for row in self._connection.execute(query)
        ]

    def became(self, since: Mapping[str, datetime], otherwise: datetime) -> list[Became]:
        """What became of the calls that began at or after ``since``, which is of their line;
        ``otherwise`` is of a line that is not named there. At least one is.
        """
        begun = sa.case(
            *((calls.c.line == line, sa.literal(at, Moment)) for line, at in since.items()),
            else_=sa.literal(otherwise, Moment),
        )
        first = min([otherwise, *since.values()])
        lasted = sa.type_coerce(calls.c.ended_at, sa.BigInteger) - sa.type_coerce(
            calls.c.started_at, sa.BigInteger
        )
        at_once = sa.func.coalesce(lasted < _MILLISECONDS, sa.false()).label("at_once")
        query = (
            sa.select(calls.c.step, calls.c.outcome, at_once, _COUNT)
            .where(calls.c.started_at >= first, calls.c.started_at >= begun)
            .group_by(calls.c.step, calls.c.outcome, "at_once")
        )
        return [
            Became(
                Step(row.step),
                None if row.outcome is None else Outcome(row.outcome),
                bool(row.at_once),
                row.many,
            )
            for row in self._connection.execute(query)
        ]
