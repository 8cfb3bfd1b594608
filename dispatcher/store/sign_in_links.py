"""Links to sign in with, each once; and who asked for one, until that is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.users import Email, LinkKind, UserId
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.users import users
from dispatcher.store.vault import Vault

sign_in_links: Final = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("user", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),
    sa.Column("used_at", Moment),
)
link_requests: Final = sa.Table(
    "link_requests",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("email", sa.LargeBinary, nullable=False),
    sa.Column("asked_at", Moment, nullable=False, index=True),
)
_ENABLED: Final = sa.exists().where(
    users.c.id == sign_in_links.c.user, users.c.disabled_at.is_(None)
)


class SignInLinks:
    """The links of one transaction. Only hashes of them are kept."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, hash: str, user: UserId, kind: LinkKind, *, until: datetime) -> None:
        """Keep a link."""
        row = {"hash": hash, "user": user, "kind": kind, "until": until}
        self._connection.execute(sa.insert(sign_in_links), row)

    def claim(self, hash: str, *, at: datetime) -> UserId | None:
        """Use a link up; whose it is, or None when it is used, too old, of somebody kept out, or no
        link at all.
        """
        its = sign_in_links.c.hash == hash
        claimed = self._connection.execute(
            sa.update(sign_in_links)
            .where(its, sign_in_links.c.used_at.is_(None), sign_in_links.c.until > at, _ENABLED)
            .values(used_at=at)
        )
        if claimed.rowcount != 1:
            return None
        return self._connection.scalar(sa.select(sign_in_links.c.user).where(its))

    def void(self, user: UserId) -> None:
        """None of their links is any good any more."""
        self._connection.execute(sa.delete(sign_in_links).where(sign_in_links.c.user == user))

    def request(self, id: str, email: Email, *, at: datetime) -> None:
        """Note that a link was asked for, for whoever it is."""
        row = {"id": id, "email": self._vault.seal_words(email), "asked_at": at}
        self._connection.execute(sa.insert(link_requests), row)

    def requested(self, *, since: datetime) -> list[str]:
        """What was asked for since then and is not answered yet."""
        query = sa.select(link_requests.c.id).where(link_requests.c.asked_at > since)
        query = query.order_by(link_requests.c.asked_at).limit(100)
        return list(self._connection.scalars(query))

    def take(self, id: str) -> tuple[Email, datetime] | None:
        """Take a request to answer it: for whom, and since when; None when somebody else did."""
        its = link_requests.c.id == id
        row = self._connection.execute(sa.select(link_requests).where(its)).first()
        taken = self._connection.execute(sa.delete(link_requests).where(its)).rowcount == 1
        if row is None or not taken:
            return None
        return Email(self._vault.open_words(row.email)), row.asked_at
