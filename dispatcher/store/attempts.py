"""Who was sent to the identity provider and is not back yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.store.schema import Moment, metadata

provider_attempts: Final = sa.Table(
    "provider_attempts",
    metadata,
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("nonce", sa.Text, nullable=False),
    sa.Column("verifier", sa.Text, nullable=False),
    sa.Column("back", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """What must come back; ``back``: the page that was asked for."""

    nonce: str
    verifier: str
    back: str


class Attempts:
    """The attempts of one transaction, by a hash of their state."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, state: str, attempt: Attempt, *, until: datetime) -> None:
        """Keep one."""
        row = {"state": state, "nonce": attempt.nonce, "verifier": attempt.verifier}
        row |= {"back": attempt.back}
        self._connection.execute(sa.insert(provider_attempts), [{**row, "until": until}])

    def claim(self, state: str, *, at: datetime) -> Attempt | None:
        """Take one, once."""
        its = sa.and_(provider_attempts.c.state == state, provider_attempts.c.until > at)
        row = self._connection.execute(sa.select(provider_attempts).where(its)).first()
        taken = self._connection.execute(sa.delete(provider_attempts).where(its)).rowcount == 1
        return Attempt(row.nonce, row.verifier, row.back) if row is not None and taken else None
