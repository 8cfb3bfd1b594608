"""Mails: taken in once, taken to be sent by one, and settled by whoever has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.mails import (
    LEASE,
    RUNG_AT_ONCE,
    RUNG_EVERY,
    SHOWN_FOR,
    Address,
    Kind,
    Mail,
    MailId,
    Now,
    Reason,
    State,
    came_before,
)
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.vault import Vault

mails: Final = sa.Table(
    "mails",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("address", sa.LargeBinary, nullable=False),
    sa.Column("address_key", sa.Text, nullable=False),
    sa.Column("subject", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("tried_at", Moment),
    sa.Column("handed_at", Moment),
    sa.Column("lease_until", Moment),
    sa.Column("rung_until", Moment),
    sa.Column("sent_at", Moment),
    sa.Column("reason", sa.Text),
    sa.UniqueConstraint("kind", "about", "address_key", name="uq_mails_once"),
    sa.Index("ix_mails_created_at", "created_at"),
    sa.Index(
        "ix_mails_open",
        "due_at",
        sqlite_where=sa.text("state IN ('waiting', 'sending')"),
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    ),
)

_FIELDS: Final = tuple(field.name for field in fields(Mail))


class Mails:
    """The mails of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, mail: Mail) -> bool:
        """Take in a mail; False when there is one already of this kind, address and matter."""
        row = {name: getattr(mail, name) for name in _FIELDS} | self._sealed(mail)
        row["rung_until"] = mail.created_at + RUNG_AT_ONCE
        insert = statements.insert_or_ignore(self._connection.dialect.name, mails)
        return self._connection.execute(insert, row).rowcount == 1

    def claim(self, id: MailId, *, at: datetime) -> Mail | None:
        """Take a mail to send it; None: not now, or not by you.

        The count of tries is the fence: what an earlier try does or learns later changes nothing.
        """
        taken = self._update(
            {
                "state": State.SENDING,
                "tries": mails.c.tries + 1,
                "tried_at": at,
                "handed_at": None,
                "lease_until": at + LEASE,
            },
            mails.c.id == id,
            mails.c.state == State.WAITING,
            mails.c.due_at <= at,
            mails.c.expires_at > at,
        )
        return self.find(id) if taken else None

    def hand(self, mail: Mail, *, at: datetime) -> bool:
        """Note that the server gets this mail now; False when it must not: somebody else has it, or
        it is too late.
        """
        return self._update(
            {"handed_at": at},
            mails.c.id == mail.id,
            mails.c.tries == mail.tries,
            mails.c.state == State.SENDING,
            mails.c.lease_until > at,
            mails.c.expires_at > at,
        )

    def settle(self, mail: Mail, to: State, facts: Mapping[str, Any]) -> bool:
        """What came of this try of a mail; False when a later one, or somebody else, was first."""
        return self._update(
            {"state": to, "lease_until": None, "rung_until": None, **facts},
            mails.c.id == mail.id,
            mails.c.tries == mail.tries,
            mails.c.state.in_(came_before(to) - {State.WAITING}),
        )

    def hold_back(self, *, until: datetime) -> None:
        """Let every mail that waits wait until then: a server that is away is tried by one."""
        late = sa.update(mails).where(mails.c.state == State.WAITING, mails.c.due_at < until)
        self._connection.execute(late.values(due_at=until, rung_until=None))

    def drop_expired(self, *, at: datetime) -> int:
        """Drop every mail that waited too long; how many."""
        late = sa.update(mails).where(mails.c.state == State.WAITING, mails.c.expires_at <= at)
        dropped = late.values(state=State.DROPPED, reason=Reason.EXPIRED)
        return self._connection.execute(dropped).rowcount

    def give_back(self, *, at: datetime) -> int:
        """Let what somebody took, and died before the server had it, wait again; how many."""
        back = self._left(at).where(mails.c.handed_at.is_(None))
        back = back.values(state=State.WAITING, lease_until=None, rung_until=None, due_at=at)
        return self._connection.execute(back).rowcount

    def leave_unsure(self, *, at: datetime) -> int:
        """Of what somebody was handing over when they died nobody can say whether it was sent."""
        left = self._left(at).where(mails.c.handed_at.is_not(None))
        left = left.values(state=State.UNSURE, lease_until=None, rung_until=None)
        return self._connection.execute(left).rowcount

    def take_due(self, *, at: datetime, limit: int = 50) -> list[MailId]:
        """Mails to be sent of which no worker was reminded lately; a mail is so again later."""
        due = (mails.c.state == State.WAITING, mails.c.due_at <= at)
        unreminded = sa.or_(mails.c.rung_until.is_(None), mails.c.rung_until <= at)
        chosen = sa.select(mails.c.id).where(*due, unreminded, _open())
        chosen = chosen.order_by(mails.c.due_at).limit(limit)
        taken = (
            sa.update(mails)
            .where(mails.c.id.in_(chosen.scalar_subquery()), *due, unreminded)
            .values(rung_until=at + RUNG_EVERY)
            .returning(mails.c.id)
        )
        return [MailId(id) for id in self._connection.scalars(taken)]

    def find(self, id: MailId) -> Mail | None:
        """The mail as it stands."""
        row = self._connection.execute(sa.select(mails).where(mails.c.id == id)).mappings().first()
        return None if row is None else self._mail(row)

    def told(self, kinds: Iterable[Kind], *, since: datetime) -> set[tuple[Kind, str]]:
        """Of these kinds, what mails taken in since then are about, with their kind."""
        of_kinds = mails.c.kind.in_(list(kinds))
        query = sa.select(mails.c.kind, mails.c.about).where(of_kinds, mails.c.created_at > since)
        return {(Kind(row.kind), row.about) for row in self._connection.execute(query)}

    def standing(self, *, at: datetime) -> Now:
        """How mails stand now."""
        many = sa.select(sa.func.count()).select_from(mails)
        waiting = many.where(mails.c.state.in_((State.WAITING, State.SENDING)), _open())
        unsure = many.where(mails.c.state == State.UNSURE, mails.c.created_at > at - SHOWN_FOR)
        query = sa.select(waiting.scalar_subquery(), unsure.scalar_subquery())
        return Now(*self._connection.execute(query).one())

    def _left(self, at: datetime) -> sa.Update:
        return sa.update(mails).where(
            mails.c.state == State.SENDING, mails.c.lease_until <= at, _open()
        )

    def _update(self, facts: dict[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        update = sa.update(mails).where(*where).values(**facts)
        return self._connection.execute(update).rowcount == 1

    def _sealed(self, mail: Mail) -> dict[str, Any]:
        return {
            "address": self._vault.seal_words(mail.address),
            "address_key": self._vault.address_key(mail.address),
            "subject": self._vault.seal_words(mail.subject),
            "body": self._vault.seal_words(mail.body),
        }

    def _mail(self, row: sa.RowMapping) -> Mail:
        facts = {name: row[name] for name in _FIELDS}
        opened = {name: self._vault.open_words(row[name]) for name in ("subject", "body")}
        facts |= opened | {"address": Address(self._vault.open_words(row["address"]))}
        return Mail(**facts | {"kind": Kind(row["kind"]), "state": State(row["state"])})


def _open() -> sa.ColumnElement[bool]:
    """As the partial index has it, so that it is used."""
    return sa.text("state IN ('waiting', 'sending')")  # type: ignore[return-value]
