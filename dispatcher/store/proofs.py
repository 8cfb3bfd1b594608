"""What proves that somebody is who they say: password, code of a telephone, codes on paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.users import UserId
from dispatcher.store.schema import metadata
from dispatcher.store.users import users
from dispatcher.store.vault import Vault

recovery_codes: Final = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("user", sa.ForeignKey("users.id"), nullable=False, index=True),
)


class Proofs:
    """The proofs of one transaction: passwords and paper codes as hashes, code keys sealed."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def password(self, id: UserId) -> str | None:
        """The hash of their password."""
        return self._connection.scalar(sa.select(users.c.password).where(users.c.id == id))

    def set_password(self, id: UserId, hash: str) -> None:
        """Keep another password."""
        self._set(id, password=hash)

    def code_key(self, id: UserId) -> str | None:
        """What their telephone makes codes of."""
        return self._vault.read(
            self._connection.scalar(sa.select(users.c.code_key).where(users.c.id == id))
        )

    def next_code_key(self, id: UserId) -> str | None:
        """The key that they are putting into a telephone."""
        return self._vault.read(
            self._connection.scalar(sa.select(users.c.next_code_key).where(users.c.id == id))
        )

    def propose(self, id: UserId, key: str) -> None:
        """Keep a key until a code proves that it is in a telephone."""
        self._set(id, next_code_key=self._vault.seal(key))

    def enrol(self, id: UserId, *, step: int) -> bool:
        """The proposed key is the key, its code of ``step`` used; False when none is proposed."""
        proposed = users.c.next_code_key
        change = sa.update(users).where(users.c.id == id, proposed.is_not(None))
        enrolled = change.values(code_key=proposed, next_code_key=None, code_step=step)
        return self._connection.execute(enrolled).rowcount == 1

    def spend_step(self, id: UserId, step: int) -> bool:
        """Use the code of a step of time up; False when it, or a later one, was used."""
        later = sa.or_(users.c.code_step.is_(None), users.c.code_step < step)
        spent = sa.update(users).where(users.c.id == id, later).values(code_step=step)
        return self._connection.execute(spent).rowcount == 1

    def replace_paper(self, id: UserId, hashes: Iterable[str]) -> None:
        """Keep these codes on paper, and none of those before."""
        self._connection.execute(sa.delete(recovery_codes).where(recovery_codes.c.user == id))
        rows = [{"hash": hash, "user": id} for hash in hashes]
        if rows:
            self._connection.execute(sa.insert(recovery_codes), rows)

    def spend_paper(self, id: UserId, hash: str) -> bool:
        """Use a code on paper up; False when it is none, or used."""
        its = sa.and_(recovery_codes.c.user == id, recovery_codes.c.hash == hash)
        return self._connection.execute(sa.delete(recovery_codes).where(its)).rowcount == 1

    def papers(self, id: UserId) -> int:
        """How many codes on paper are left."""
        query = sa.select(sa.func.count()).where(recovery_codes.c.user == id)
        return self._connection.scalar(query) or 0

    def forget(self, id: UserId) -> None:
        """Neither password nor codes any more: they sign in by a link alone."""
        self.replace_paper(id, ())
        self._set(id, password=None, code_key=None, next_code_key=None, code_step=None)

    def _set(self, id: UserId, **facts: object) -> None:
        self._connection.execute(sa.update(users).where(users.c.id == id).values(**facts))
