"""The PINs of agents: tried over the telephone, locked for a while after three wrong ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import PIN_LOCKED, PIN_TRIES, AgentId, Aside, Refused
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.schema import Moment, agents
from dispatcher.store.vault import Vault

_OF_NUMBER: Final = sa.select(agents.c.id, agents.c.pin_hash, agents.c.pin_locked_until).where(
    agents.c.telephone_key.in_(sa.bindparam("keys", expanding=True)),
    agents.c.pin_hash.is_not(None),
    sa.func.coalesce(agents.c.aside, "") != Aside.FORWARDED_TO_US,
)
"""The agent of a number who has a PIN, unless it is forwarded to us."""


class Pins:
    """The PINs of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def may_be_tried(self, number: PhoneNumber, *, at: datetime) -> bool | None:
        """Whether the PIN of this number's agent is not locked; None when nobody here has one."""
        found = self._connection.execute(_OF_NUMBER, self._keys(number)).first()
        return None if found is None else not _is_later(found.pin_locked_until, at)

    def attempt(self, number: PhoneNumber, pin: str, *, at: datetime) -> AgentId | Refused:
        """The agent of this number, if the PIN is theirs.

        The attempt is counted, and refused while the PIN is locked, in one step before anything is
        compared: however many try at once, three are compared and then nobody is let in for a
        while. A right one makes the count begin again.
        """
        found = self._connection.execute(_OF_NUMBER, self._keys(number)).first()
        if found is None:
            return Refused.WRONG
        counting = sa.update(agents).where(agents.c.id == found.id, _unlocked(at))
        if self._connection.execute(counting.values(**_one_more(at))).rowcount != 1:
            return Refused.LOCKED
        counted = self._connection.execute(_OF_NUMBER, self._keys(number)).one()
        if self._vault.is_pin(pin, counted.pin_hash):
            forgotten = sa.update(agents).where(agents.c.id == found.id)
            self._connection.execute(forgotten.values(pin_tries=0, pin_locked_until=None))
            return AgentId(found.id)
        return Refused.LOCKED if _is_later(counted.pin_locked_until, at) else Refused.WRONG

    def _keys(self, number: PhoneNumber) -> dict[str, list[str]]:
        return {"keys": self._vault.keys(number)}


def _unlocked(at: datetime) -> sa.ColumnElement[bool]:
    locked = agents.c.pin_locked_until
    return sa.or_(locked.is_(None), locked <= at)


def _one_more(at: datetime) -> dict[str, Any]:
    """A lock that is over begins the count again; the last try allowed locks behind itself."""
    tries = sa.case((agents.c.pin_locked_until.is_(None), agents.c.pin_tries), else_=0) + 1
    locks = sa.case((tries >= PIN_TRIES, sa.literal(at + PIN_LOCKED, Moment)), else_=None)
    return {"pin_tries": tries, "pin_locked_until": locks}


def _is_later(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment > at
