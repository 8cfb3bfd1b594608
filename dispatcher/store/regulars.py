"""Regulars: who is on the list, and who of them is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.calls import RegularId
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.regulars import Consent, Purpose, Regular
from dispatcher.domain.requests import same_name
from dispatcher.store import statements
from dispatcher.store.schema import Moment, callbacks, metadata
from dispatcher.store.vault import Vault

regulars: Final = sa.Table(
    "regulars",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("number", sa.LargeBinary, nullable=False),
    sa.Column("number_key", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("first_name", sa.LargeBinary, nullable=False),
    sa.Column("commune", sa.Text, nullable=False),
    sa.Column("need", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("agent", sa.ForeignKey("agents.id")),
    sa.Column("every_days", sa.Integer, nullable=False),
    sa.Column("next_at", Moment, nullable=False, index=True),
    sa.Column("until", Moment, nullable=False),
    sa.Column("consented_at", Moment, nullable=False),
    sa.Column("consent", sa.Text, nullable=False),
    sa.Column("asked_again_at", Moment),
    sa.Column("stopped_at", Moment),
    sa.UniqueConstraint("number_key", "person", "purpose", name="uq_regulars_once"),
)
_FIELDS: Final = tuple(field.name for field in fields(Regular))
_INSERT: Final = {name: statements.insert_or_ignore(name, regulars) for name in statements.DIALECTS}
_RUNG: Final = sa.exists().where(
    callbacks.c.regular == regulars.c.id, callbacks.c.closed_at.is_(None)
)
"""One of their calls is not over yet."""


class Regulars:
    """The regulars of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, regular: Regular) -> bool:
        """Put somebody new on the list; False when they are on it for that purpose already."""
        insert = _INSERT[self._connection.dialect.name]
        return self._connection.execute(insert, self._row(regular)).rowcount == 1

    def renew(self, regular: Regular) -> bool:
        """What is said anew of somebody on the list: they have consented again since they were
        asked, or stopped. False when they stopped since this consent.
        """
        before = sa.or_(
            regulars.c.stopped_at.is_(None), regulars.c.stopped_at < regular.consented_at
        )
        return self._update(self._row(regular), regulars.c.id == regular.id, before)

    def of(self, number: PhoneNumber, first_name: str, purpose: Purpose) -> Regular | None:
        """This person for this purpose."""
        return self._one(
            regulars.c.number_key.in_(self._vault.keys(number)),
            regulars.c.person.in_(self._vault.persons(number, same_name(first_name))),
            regulars.c.purpose == purpose,
        )

    def find(self, id: RegularId) -> Regular | None:
        """As they stand."""
        return self._one(regulars.c.id == id)

    def all(self) -> list[Regular]:
        """Everybody on the list who is not erased yet, who is due first, first."""
        return self._many(sa.true())

    def due(self, *, at: datetime, limit: int) -> list[Regular]:
        """Who goes on, has no call that is not over, and is to be looked at by now."""
        on = sa.and_(regulars.c.stopped_at.is_(None), regulars.c.until > at)
        return self._many(sa.and_(on, regulars.c.next_at <= at, ~_RUNG), limit=limit)

    def planned(self, id: RegularId) -> CallbackId | None:
        """Their call that is not over yet."""
        query = sa.select(callbacks.c.id).where(
            callbacks.c.regular == id, callbacks.c.closed_at.is_(None)
        )
        found = self._connection.scalar(query)
        return None if found is None else CallbackId(found)

    def last_call(self, id: RegularId) -> tuple[State, datetime] | None:
        """How and when their last call ended that is over."""
        query = sa.select(callbacks.c.state, callbacks.c.closed_at).where(
            callbacks.c.regular == id, callbacks.c.closed_at.is_not(None)
        )
        row = self._connection.execute(query.order_by(callbacks.c.closed_at.desc())).first()
        return None if row is None else (State(row.state), row.closed_at)

    def claim(
        self, regular: Regular, *, next_at: datetime, asked_again_at: datetime | None = None
    ) -> bool:
        """Look at them again at ``next_at``; False when somebody else moved that, or they stopped
        since.
        """
        facts: dict[str, Any] = {"next_at": next_at}
        if asked_again_at is not None:
            facts["asked_again_at"] = asked_again_at
        return self._update(
            facts,
            regulars.c.id == regular.id,
            regulars.c.next_at == regular.next_at,
            regulars.c.stopped_at.is_(None),
        )

    def stop(self, id: RegularId, *, at: datetime) -> bool:
        """They want none of these calls any more; False when they are not on the list, or stopped
        before.
        """
        return self._update(
            {"stopped_at": at}, regulars.c.id == id, regulars.c.stopped_at.is_(None)
        )

    def prolong(self, id: RegularId, consent: Consent, *, until: datetime, at: datetime) -> bool:
        """They were asked, and go on until then; False when they stopped."""
        facts = {"until": until, "consent": consent, "consented_at": at, "asked_again_at": None}
        return self._update(facts, regulars.c.id == id, regulars.c.stopped_at.is_(None))

    def _row(self, regular: Regular) -> dict[str, Any]:
        number, name = regular.number, regular.first_name
        return {field: getattr(regular, field) for field in _FIELDS} | {
            "number": self._vault.seal(number),
            "number_key": self._vault.key(number),
            "person": self._vault.persons(number, same_name(name))[0],
            "first_name": self._vault.seal(name),
        }

    def _one(self, *where: sa.ColumnElement[bool]) -> Regular | None:
        return next(iter(self._many(sa.and_(*where), limit=1)), None)

    def _many(self, where: sa.ColumnElement[bool], *, limit: int | None = None) -> list[Regular]:
        query = sa.select(regulars).where(where).order_by(regulars.c.next_at, regulars.c.id)
        rows = self._connection.execute(query.limit(limit)).mappings()
        return [self._regular(row) for row in rows]

    def _update(self, facts: Mapping[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        change = sa.update(regulars).where(*where).values(**facts)
        return self._connection.execute(change).rowcount == 1

    def _regular(self, row: sa.RowMapping) -> Regular:
        facts = {name: row[name] for name in _FIELDS} | {
            "number": self._vault.open(row["number"]),
            "first_name": self._vault.read(row["first_name"]),
            "need": Need(row["need"]),
            "purpose": Purpose(row["purpose"]),
            "consent": Consent(row["consent"]),
        }
        return Regular(**facts)
