"""Wrap-ups of which their agent said when they end: a row an offer, so each is put off once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.wrap_ups import Talked
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata, offers

wrap_ups: Final = sa.Table(
    "wrap_ups",
    metadata,
    sa.Column("offer", sa.Text, primary_key=True),
    sa.Column("until", Moment, nullable=False),
    sa.Index("ix_wrap_ups_until", "until"),
)
_INSERT: Final = {name: statements.insert_or_ignore(name, wrap_ups) for name in statements.DIALECTS}
_UNTIL: Final = sa.select(wrap_ups.c.until).where(wrap_ups.c.offer == sa.bindparam("offer"))


class WrapUps:
    """The wrap-ups of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def extend(self, offer: OfferId, *, until: datetime) -> bool:
        """Put its end off, once; False when its agent put it off, or ended it, before."""
        insert = _INSERT[self._connection.dialect.name]
        row = {"offer": offer, "until": until}
        return self._connection.execute(insert, row).rowcount == 1

    def finish(self, offer: OfferId, *, at: datetime) -> None:
        """It ends now, and cannot be put off any more."""
        if not self.extend(offer, until=at):
            later = sa.update(wrap_ups).where(wrap_ups.c.offer == offer, wrap_ups.c.until > at)
            self._connection.execute(later.values(until=at))

    def until(self, offer: OfferId) -> datetime | None:
        """When its agent said that it ends; None when they said nothing."""
        found: datetime | None = self._connection.scalar(_UNTIL, {"offer": offer})
        return found

    def talked_since(
        self, since: datetime, *, agent: AgentId | None = None
    ) -> dict[AgentId, Talked]:
        """The last conversation of every agent, or of this one, that ended since then."""
        query = (
            sa.select(offers.c.agent, offers.c.id, offers.c.closed_at, wrap_ups.c.until)
            .join_from(offers, wrap_ups, wrap_ups.c.offer == offers.c.id, isouter=True)
            .where(offers.c.closed_at >= since, offers.c.accepted_at.is_not(None))
            .order_by(offers.c.closed_at)
        )
        if agent is not None:
            query = query.where(offers.c.agent == agent)
        return {
            AgentId(row.agent): Talked(OfferId(row.id), row.closed_at, row.until)
            for row in self._connection.execute(query)
        }
