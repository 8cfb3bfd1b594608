"""Sessions: in which browsers somebody is signed in. A row that is gone lets nobody in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.users import How, Lifetimes, Session, Stage, UserId
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.users import users
from dispatcher.store.vault import Vault

sessions: Final = sa.Table(
    "sessions",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("user", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("how", sa.Text, nullable=False),
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),
    sa.Column("hint", sa.LargeBinary),
)
_ENABLED: Final = sa.exists().where(users.c.id == sessions.c.user, users.c.disabled_at.is_(None))


class Sessions:
    """The sessions of one transaction. Of what opens one only a hash is kept."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, hash: str, session: Session) -> None:
        """Begin a session."""
        row = {
            "hash": hash,
            "id": session.id,
            "user": session.user,
            "stage": session.stage,
            "how": session.how,
            "began_at": session.began_at,
            "seen_at": session.seen_at,
            "until": session.until,
            "hint": None if session.hint is None else self._vault.seal_words(session.hint),
        }
        self._connection.execute(sa.insert(sessions), row)

    def find(self, hash: str, lasting: Lifetimes, *, at: datetime) -> Session | None:
        """The session that this opens, unless it is over or its user is kept out."""
        query = sa.select(sessions).where(sessions.c.hash == hash, self._open(lasting, at))
        row = self._connection.execute(query).first()
        return None if row is None else self._session(row)

    def of(self, user: UserId, lasting: Lifetimes, *, at: datetime) -> list[Session]:
        """Where somebody is signed in, the newest first."""
        theirs = sa.and_(sessions.c.user == user, sessions.c.stage == Stage.IN)
        query = sa.select(sessions).where(theirs, self._open(lasting, at))
        rows = self._connection.execute(query.order_by(sessions.c.began_at.desc()))
        return [self._session(row) for row in rows]

    def going_on(
        self, ids: Collection[str], lasting: Lifetimes, *, at: datetime
    ) -> dict[str, UserId]:
        """Those of these sessions in which somebody is signed in, by their ids: whose."""
        theirs = (sessions.c.id.in_(list(ids)), sessions.c.stage == Stage.IN)
        query = sa.select(sessions.c.id, sessions.c.user).where(*theirs, self._open(lasting, at))
        return {row.id: UserId(row.user) for row in self._connection.execute(query)}

    def touch(self, hash: str, *, at: datetime) -> bool:
        """Note that a page was asked for; False when the session is gone."""
        seen = sa.update(sessions).where(sessions.c.hash == hash).values(seen_at=at)
        return self._connection.execute(seen).rowcount == 1

    def end(self, hash: str) -> bool:
        """End a session; False when it was over."""
        return self._gone(sessions.c.hash == hash) == 1

    def end_one(self, id: str, *, of: UserId) -> bool:
        """End the session that bears this id, if it is theirs."""
        return self._gone(sa.and_(sessions.c.id == id, sessions.c.user == of)) == 1

    def end_all(self, of: UserId, *, but: str | None = None) -> int:
        """End every session of somebody, ``but`` the one with this hash; how many."""
        theirs = sessions.c.user == of
        return self._gone(theirs if but is None else sa.and_(theirs, sessions.c.hash != but))

    def _gone(self, where: sa.ColumnElement[bool]) -> int:
        return self._connection.execute(sa.delete(sessions).where(where)).rowcount

    def _open(self, lasting: Lifetimes, at: datetime) -> sa.ColumnElement[bool]:
        return sa.and_(sessions.c.until > at, sessions.c.seen_at > at - lasting.idle, _ENABLED)

    def _session(self, row: sa.Row[tuple[object, ...]]) -> Session:
        return Session(
            id=row.id,
            user=UserId(row.user),
            stage=Stage(row.stage),
            how=How(row.how),
            began_at=row.began_at,
            seen_at=row.seen_at,
            until=row.until,
            hint=None if row.hint is None else self._vault.open_words(row.hint),
        )
