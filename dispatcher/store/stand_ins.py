"""Stand-ins: asked for once for an occurrence, taken by one colleague, and closed once.

A slot may be gone while somebody is looked for in it: what is asked for is kept here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import SlotId
from dispatcher.domain.slots import Span
from dispatcher.domain.stand_ins import StandIn, StandInId, State
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata

_IS_OPEN: Final = sa.text("state = 'open'")

stand_ins: Final = sa.Table(
    "stand_ins",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("agent", sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Column("released", sa.Boolean, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("taken_by", sa.ForeignKey("agents.id"), index=True),
    sa.Column("closed_at", Moment),
    sa.Index(
        "uq_stand_ins_open",
        *("slot", "day"),
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    sa.Index("ix_stand_ins_open", "starts_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
)
_PLAIN: Final = tuple(field.name for field in fields(StandIn) if field.name != "span")


class StandIns:
    """The stand-ins of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def ask(self, wanted: StandIn) -> bool:
        """Keep a request; False when there is an open one for this day of the slot."""
        row = {name: getattr(wanted, name) for name in _PLAIN}
        row |= {"start": wanted.span.start, "end": wanted.span.end}
        insert = statements.insert_or_ignore(self._connection.dialect.name, stand_ins)
        return self._connection.execute(insert, row).rowcount == 1

    def find(self, id: StandInId) -> StandIn | None:
        """The request of this id."""
        return next(iter(self._some(stand_ins.c.id == id)), None)

    def open_for(self, slot: SlotId, day: date) -> StandIn | None:
        """The open request for this day of a slot."""
        where = (stand_ins.c.slot == slot, stand_ins.c.day == day, _IS_OPEN)
        return next(iter(self._some(*where)), None)

    def open(self, *, after: datetime) -> list[StandIn]:
        """Every open request for what begins after this moment, the soonest first."""
        return self._some(_IS_OPEN, stand_ins.c.starts_at > after)

    def begun(self, *, at: datetime) -> list[StandIn]:
        """Every open request for what has begun."""
        return self._some(_IS_OPEN, stand_ins.c.starts_at <= at)

    def of(self, agent: AgentId) -> list[StandIn]:
        """What an agent asked for, and what they took."""
        return self._some(sa.or_(stand_ins.c.agent == agent, stand_ins.c.taken_by == agent))

    def take(self, id: StandInId, by: AgentId, *, at: datetime) -> bool:
        """Somebody takes it: False when somebody else was first, or it is over or has begun."""
        return self._close(
            {"state": State.TAKEN, "taken_by": by, "closed_at": at},
            *(stand_ins.c.id == id, stand_ins.c.starts_at > at),
        )

    def close(self, id: StandInId, state: State, *, at: datetime) -> bool:
        """Nobody is looked for any more; False when that was so before."""
        return self._close({"state": state, "closed_at": at}, stand_ins.c.id == id)

    def forget(self, agent: AgentId) -> None:
        """Keep nothing that this agent asked for, nor that they took anything."""
        self._connection.execute(sa.delete(stand_ins).where(stand_ins.c.agent == agent))
        taken = sa.update(stand_ins).where(stand_ins.c.taken_by == agent)
        self._connection.execute(taken.values(taken_by=None))

    def _close(self, facts: dict[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        update = sa.update(stand_ins).where(*where, stand_ins.c.state == State.OPEN)
        return self._connection.execute(update.values(**facts)).rowcount == 1

    def _some(self, *where: Any) -> list[StandIn]:
        query = sa.select(stand_ins).where(*where)
        ordered = query.order_by(stand_ins.c.starts_at, stand_ins.c.id)
        return _read(self._connection.execute(ordered).mappings())


def _read(rows: Iterable[sa.RowMapping]) -> list[StandIn]:
    return [
        StandIn(
            **{name: row[name] for name in _PLAIN if name != "state"},
            span=Span(row["start"], row["end"]),
            state=State(row["state"]),
        )
        for row in rows
    ]
