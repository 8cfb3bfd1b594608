"""Offers: the second gate. Redis proposes an agent; the INSERT here makes it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Need, Past
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.channels import Via
from dispatcher.domain.dispositions import talked
from dispatcher.domain.offers import UNREACHABLE, End, Offer
from dispatcher.store import statements
from dispatcher.store.schema import agents, calls, offers

_FIELDS: Final = tuple(field.name for field in fields(Offer))
_INSERT: Final = {name: statements.insert_or_ignore(name, offers) for name in statements.DIALECTS}
_HELD: Final = ("closed_at", "opened_at")
_SELECT: Final = sa.select(offers).where(offers.c.id == sa.bindparam("id"))


class Offers:
    """The offers of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def claim(self, offer: Offer) -> bool:
        """Make this offer, unless its agent, call or callback has an open one; False then.

        The caller's own row must have been moved in the same transaction before: that is what
        keeps an offer from being made for a call that has ended.
        """
        insert = _INSERT[self._connection.dialect.name]
        row = {name: getattr(offer, name) for name in _FIELDS}
        return self._connection.execute(insert, row).rowcount == 1

    def find(self, id: OfferId) -> Offer | None:
        """The offer as it stands."""
        row = self._connection.execute(_SELECT, {"id": id}).mappings().first()
        return None if row is None else _offer(row)

    def mark(self, id: OfferId, **facts: Any) -> bool:
        """Note facts on an offer that is still open; False when it is not.

        A fact in ``facts`` given as a moment is only written the first time.
        """
        once = [offers.c[name].is_(None) for name in facts if name.endswith("_at")]
        return self._update(facts, offers.c.id == id, offers.c.closed_at.is_(None), *once)

    def accept(self, id: OfferId, *, at: datetime, lease_until: datetime) -> bool:
        """Its agent takes it; False when it is over, or they took it or passed it on before."""
        untold = (offers.c.accepted_at.is_(None), offers.c.declined_at.is_(None))
        facts = {"accepted_at": at, "lease_until": lease_until}
        return self._update(facts, offers.c.id == id, offers.c.closed_at.is_(None), *untold)

    def decline(self, id: OfferId, *, of: AgentId, at: datetime) -> bool:
        """This agent passes it on; False when it is over, not theirs, or they took it or passed it
        on before.
        """
        untold = (offers.c.accepted_at.is_(None), offers.c.declined_at.is_(None))
        theirs = (offers.c.id == id, offers.c.agent == of, offers.c.closed_at.is_(None))
        return self._update({"declined_at": at}, *theirs, *untold)

    def learn(self, id: OfferId, **facts: Any) -> bool:
        """Note facts that may come after the end, each only the first time."""
        return self._update(facts, offers.c.id == id, *(offers.c[name].is_(None) for name in facts))

    def unplace(self, id: OfferId) -> None:
        """The carrier surely did not begin to ring for this offer: somebody may try again."""
        self._update({"placed_at": None}, offers.c.id == id, offers.c.closed_at.is_(None))

    def amend(self, id: OfferId, end: End) -> None:
        """The carrier's last word on how a closed offer ended."""
        self._update({"end": end}, offers.c.id == id, offers.c.closed_at.is_not(None))

    def close(self, id: OfferId, end: End, *, at: datetime, lapsed: bool = False) -> bool:
        """End an open offer, once; False when it was closed before.

        With ``lapsed``, only one whose lease is over and that nobody accepted.
        """
        only = [offers.c.lease_until <= at, offers.c.accepted_at.is_(None)] if lapsed else []
        return self._update(
            {"closed_at": at, "end": end}, offers.c.id == id, offers.c.closed_at.is_(None), *only
        )

    def open(self) -> list[Offer]:
        """Every open offer."""
        rows = self._connection.execute(
            sa.select(offers).where(offers.c.closed_at.is_(None))
        ).mappings()
        return [_offer(row) for row in rows]

    def open_of(self, agent: AgentId) -> Offer | None:
        """The agent's open offer, if any."""
        query = sa.select(offers).where(offers.c.agent == agent, offers.c.closed_at.is_(None))
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _offer(row)

    def last_answered(self, agent: AgentId) -> Offer | None:
        """The agent's last conversation that is over."""
        query = sa.select(offers).where(offers.c.agent == agent, offers.c.end == End.ANSWERED)
        newest = query.order_by(offers.c.closed_at.desc()).limit(1)
        row = self._connection.execute(newest).mappings().first()
        return None if row is None else _offer(row)

    def conversations(self, agent: AgentId, *, since: datetime) -> list[Offer]:
        """Those of the agent that are going on, or ended since then, newest first."""
        ended = sa.and_(offers.c.end == End.ANSWERED, offers.c.closed_at >= since)
        going_on = sa.and_(offers.c.closed_at.is_(None), offers.c.accepted_at.is_not(None))
        theirs = sa.select(offers).where(offers.c.agent == agent, sa.or_(going_on, ended))
        rows = self._connection.execute(theirs.order_by(offers.c.opened_at.desc())).mappings()
        return [each for each in map(_offer, rows) if talked(each)]

    def unplaced(self, *, before: datetime) -> list[OfferId]:
        """Open offers of callbacks made before then, whose agent nobody has yet begun to ring."""
        query = sa.select(offers.c.id).where(
            offers.c.closed_at.is_(None),
            offers.c.callback.is_not(None),
            offers.c.placed_at.is_(None),
            offers.c.opened_at < before,
        )
        return [OfferId(id) for id in self._connection.scalars(query.order_by(offers.c.opened_at))]

    def overdue(self, *, at: datetime) -> list[Offer]:
        """Accepted offers of callbacks of which nothing was heard for a lease."""
        query = sa.select(offers).where(
            offers.c.closed_at.is_(None),
            offers.c.callback.is_not(None),
            offers.c.accepted_at.is_not(None),
            offers.c.lease_until <= at,
        )
        return [_offer(row) for row in self._connection.execute(query).mappings()]

    def unreachable_since(self, since: datetime) -> dict[AgentId, datetime]:
        """Agents whose telephone was engaged or could not be rung since then, and when.

        Not those who were on the line with us and have hung up since.
        """
        failed = (offers.c.end.in_(UNREACHABLE), offers.c.accepted_at.is_(None))
        with_us = sa.exists().where(
            calls.c.as_agent == offers.c.agent, calls.c.ended_at >= offers.c.closed_at
        )
        return self._last_ended(since, *failed, ~with_us)

    def occupied_since(self, since: datetime) -> dict[Need, tuple[timedelta, int]]:
        """How long offers that ended since then held agents in all, by the caller's need; and how
        many of them were answered.
        """
        closed, opened = (sa.type_coerce(offers.c[n], sa.BigInteger) for n in _HELD)
        query = (
            sa.select(
                calls.c.need, sa.func.sum(closed - opened), sa.func.count(offers.c.accepted_at)
            )
            .join(calls, calls.c.sid == offers.c.call)
            .where(offers.c.closed_at >= since, calls.c.need.is_not(None))
            .group_by(calls.c.need)
        )
        return {
            Need(need): (timedelta(milliseconds=int(held)), answered)
            for need, held, answered in self._connection.execute(query)
        }

    def lapsed(self, *, at: datetime) -> list[Offer]:
        """Open offers whose lease is over and that nobody accepted."""
        query = sa.select(offers).where(
            offers.c.closed_at.is_(None), offers.c.lease_until <= at, offers.c.accepted_at.is_(None)
        )
        return [_offer(row) for row in self._connection.execute(query).mappings()]

    def of(self, *, call: CallSid | None = None, callback: CallbackId | None = None) -> list[Offer]:
        """Every offer made for a call or a callback, oldest first."""
        subject = offers.c.call == call if call is not None else offers.c.callback == callback
        rows = self._connection.execute(
            sa.select(offers).where(subject).order_by(offers.c.opened_at)
        )
        return [_offer(row) for row in rows.mappings()]

    def latest(self, agent: AgentId, *, limit: int) -> list[Past]:
        """How the agent's latest offers ended, newest first, since they were last paused or
        mended.
        """
        since = sa.func.coalesce(agents.c.judged_since, 0)
        query = (
            sa.select(offers)
            .join(agents, agents.c.id == offers.c.agent)
            .where(offers.c.agent == agent, offers.c.closed_at.is_not(None))
            .where(offers.c.opened_at > since, offers.c.end != End.CALLER_GONE)
            .order_by(offers.c.closed_at.desc(), offers.c.opened_at.desc())
            .limit(limit)
        )
        return [_offer(row).past for row in self._connection.execute(query).mappings()]

    def failed_since(self, since: datetime) -> list[AgentId]:
        """The agents of the offers that failed at the carrier since then."""
        query = sa.select(offers.c.agent).where(
            offers.c.closed_at >= since, offers.c.end == End.FAILED
        )
        return [AgentId(agent) for agent in self._connection.scalars(query)]

    def counts_since(self, since: datetime) -> dict[AgentId, int]:
        """How many offers each agent had since then."""
        query = (
            sa.select(offers.c.agent, sa.func.count())
            .where(offers.c.opened_at >= since)
            .group_by(offers.c.agent)
        )
        return {AgentId(agent): count for agent, count in self._connection.execute(query)}

    def _last_ended(
        self, since: datetime, *where: sa.ColumnElement[bool]
    ) -> dict[AgentId, datetime]:
        query = (
            sa.select(offers.c.agent, sa.func.max(offers.c.closed_at))
            .where(offers.c.closed_at >= since, *where)
            .group_by(offers.c.agent)
        )
        return {AgentId(agent): ended for agent, ended in self._connection.execute(query)}

    def _update(self, facts: Mapping[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        return (
            self._connection.execute(sa.update(offers).where(*where).values(**facts)).rowcount == 1
        )


def _offer(row: sa.RowMapping) -> Offer:
    facts = {name: row[name] for name in _FIELDS}
    facts["end"] = None if row["end"] is None else End(row["end"])
    facts["via"] = None if row["via"] is None else Via(row["via"])
    return Offer(**facts)
