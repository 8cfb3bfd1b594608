"""Alterations: kept with the change they are of, and told of once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.alterations import Alteration, AlterationId, Done, What
from dispatcher.domain.slots import Span
from dispatcher.domain.users import UserId
from dispatcher.store.schema import Moment, metadata

_UNTOLD: Final = sa.text("told_at IS NULL")

alterations: Final = sa.Table(
    "alterations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("agent", sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("by", sa.ForeignKey("users.id"), index=True),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("first_day", sa.Date),
    sa.Column("last_day", sa.Date),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("at", Moment, nullable=False),
    sa.Column("told_at", Moment),
    sa.Index("ix_alterations_untold", "at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
)


class Alterations:
    """The alterations of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def note(self, made: Alteration) -> None:
        """Keep one."""
        done, span = made.done, made.done.span
        row = {"id": made.id, "agent": made.agent, "by": made.by, "what": done.what}
        row |= {"first_day": done.first, "last_day": done.last, "at": made.at}
        row |= {"start": span.start if span else None, "end": span.end if span else None}
        self._connection.execute(sa.insert(alterations).values(**row, told_at=made.told_at))

    def of(self, agent: AgentId, *, since: datetime) -> list[Alteration]:
        """What was done to the slots of an agent since, the newest first."""
        its = (alterations.c.agent == agent, alterations.c.at >= since)
        query = sa.select(alterations).where(*its)
        ordered = query.order_by(alterations.c.at.desc(), alterations.c.id)
        return [_read(row) for row in self._connection.execute(ordered).mappings()]

    def settled(self, *, before: datetime) -> list[AgentId]:
        """Whose last alteration was before, of those who are still to be told of any."""
        query = sa.select(alterations.c.agent).where(_UNTOLD).group_by(alterations.c.agent)
        found = self._connection.scalars(query.having(sa.func.max(alterations.c.at) <= before))
        return [AgentId(agent) for agent in found]

    def claim(self, agent: AgentId, *, at: datetime) -> int:
        """Take over telling an agent: of how many; 0 when somebody else did."""
        theirs = sa.update(alterations).where(alterations.c.agent == agent, _UNTOLD)
        return self._connection.execute(theirs.values(told_at=at)).rowcount

    def forget(self, agent: AgentId) -> None:
        """Keep nothing of this agent any more."""
        self._connection.execute(sa.delete(alterations).where(alterations.c.agent == agent))

    def unname(self, by: UserId) -> None:
        """Keep what they did, and not that it was they."""
        its = sa.update(alterations).where(alterations.c.by == by)
        self._connection.execute(its.values(by=None))


def _read(row: sa.RowMapping) -> Alteration:
    facts: dict[str, Any] = dict(row)
    span = None if facts["start"] is None else Span(facts["start"], facts["end"])
    done = Done(What(facts["what"]), facts["first_day"], facts["last_day"], span)
    by = None if facts["by"] is None else UserId(facts["by"])
    named = AlterationId(facts["id"]), AgentId(facts["agent"])
    return Alteration(*named, by, done, facts["at"], facts["told_at"])
