"""Transfers: each move is saved only over the turn it was made from."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.transfers import (
    ASKED_AGAIN_AFTER,
    GIVEN_UP_AFTER,
    Kind,
    Place,
    Side,
    State,
    Transfer,
    TransferId,
)
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata

transfers: Final = sa.Table(
    "transfers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("begun_at", Moment, nullable=False),
    sa.Column("moved_at", Moment, nullable=False),
    sa.Column("deadline", Moment, nullable=False),
    sa.Column("offer", sa.Text),
    sa.Column("agent_leg", sa.Text),
    sa.Column("target_offer", sa.Text),
    sa.Column("target_leg", sa.Text),
    sa.Column("referral", sa.Text),
    sa.Column("leaver_leg", sa.Text),
    sa.Column("citizen_at", sa.Text, nullable=False),
    sa.Column("agent_at", sa.Text, nullable=False),
    sa.Column("target_at", sa.Text, nullable=False),
    sa.Column("leaver_at", sa.Text, nullable=False),
    sa.Column("follows", sa.Text),
    sa.Column("asked_at", Moment),
    sa.Column("closed_at", Moment),
    sa.Column("consent", sa.Text),
    sa.Index("ix_transfers_closed_at", "closed_at"),
    sa.Index("ix_transfers_call", "call"),
    sa.Index("ix_transfers_offer", "offer"),
    sa.Index(
        "uq_transfers_open_call",  # one at a time for a call
        "call",
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
)
_FIELDS: Final = tuple(field.name for field in fields(Transfer))
_INSERT: Final = {
    name: statements.insert_or_ignore(name, transfers) for name in statements.DIALECTS
}
_OPEN: Final = transfers.c.closed_at.is_(None)


class Transfers:
    """The transfers of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, transfer: Transfer) -> bool:
        """Begin one; False when its call has an open one."""
        insert = _INSERT[self._connection.dialect.name]
        return self._connection.execute(insert, _row(transfer)).rowcount == 1

    def save(self, moved: Transfer, *, over: Transfer) -> bool:
        """Save a move over the turn it was made from; False when that turn has passed."""
        return self._update(_row(moved), over.id, transfers.c.turn == over.turn)

    def note(self, transfer: Transfer, side: Side, place: Place) -> bool:
        """Where a leg is now, if nothing has moved since."""
        facts = {f"{side}_at": place}
        return self._update(facts, transfer.id, transfers.c.turn == transfer.turn)

    def learn(self, id: TransferId, target_leg: str) -> bool:
        """The leg of the target, the first time we hear of it."""
        unknown = transfers.c.target_leg.is_(None)
        return self._update({"target_leg": target_leg}, id, unknown, _OPEN)

    def ask(self, id: TransferId, *, at: datetime) -> bool:
        """Be the one who asks the carrier to move its legs now; False when somebody just has."""
        rested = sa.or_(
            transfers.c.asked_at.is_(None), transfers.c.asked_at <= at - ASKED_AGAIN_AFTER
        )
        return self._update({"asked_at": at}, id, rested)

    def find(self, id: TransferId) -> Transfer | None:
        """The transfer as it stands."""
        return self._one(transfers.c.id == id)

    def of(self, call: CallSid) -> Transfer | None:
        """The newest transfer of a call, over or not."""
        return self._one(transfers.c.call == call)

    def led_by(self, offer: OfferId) -> Transfer | None:
        """The open transfer whose call this offer's agent has."""
        return self._one(transfers.c.offer == offer, _OPEN)

    def of_offer(self, offer: OfferId) -> Transfer | None:
        """The newest transfer that this offer's agent began, over or not."""
        return self._one(transfers.c.offer == offer)

    def asking(self, offer: OfferId) -> Transfer | None:
        """The open transfer for which this offer's agent is asked."""
        return self._one(transfers.c.target_offer == offer, _OPEN)

    def overdue(self, *, at: datetime) -> list[Transfer]:
        """Open ones whose deadline has passed."""
        return self._all(_OPEN, transfers.c.deadline <= at)

    def unmoved(self, *, at: datetime) -> list[Transfer]:
        """Those some leg of which may still have to be moved, and for which nobody asks now."""
        going = sa.or_(_OPEN, transfers.c.moved_at > at - GIVEN_UP_AFTER)
        heard = sa.func.coalesce(transfers.c.asked_at, transfers.c.moved_at)
        return self._all(going, heard <= at - ASKED_AGAIN_AFTER)

    def _all(self, *where: sa.ColumnElement[bool]) -> list[Transfer]:
        query = sa.select(transfers).where(*where)
        return [_transfer(row) for row in self._connection.execute(query).mappings()]

    def _one(self, *where: sa.ColumnElement[bool]) -> Transfer | None:
        newest = transfers.c.closed_at.is_(None).desc(), transfers.c.begun_at.desc()
        query = sa.select(transfers).where(*where).order_by(*newest).limit(1)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _transfer(row)

    def _update(
        self, facts: dict[str, Any], id: TransferId, *where: sa.ColumnElement[bool]
    ) -> bool:
        change = sa.update(transfers).where(transfers.c.id == id, *where).values(**facts)
        return self._connection.execute(change).rowcount == 1


def _row(transfer: Transfer) -> dict[str, Any]:
    return {name: getattr(transfer, name) for name in _FIELDS}


def _transfer(row: sa.RowMapping) -> Transfer:
    facts = {name: row[name] for name in _FIELDS}
    facts |= {"kind": Kind(row["kind"]), "state": State(row["state"])}
    facts |= {f"{side}_at": Place(row[f"{side}_at"]) for side in Side}
    facts["follows"] = None if row["follows"] is None else Side(row["follows"])
    return Transfer(**facts)
