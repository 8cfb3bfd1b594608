"""Agents' browsers: by which id the carrier rings each, and whether its agent wants it to ring.

Whoever never opened a page that rings has no row, and is rung on their telephone.
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.channels import Channel, Softphone
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store import statements
from dispatcher.store.schema import agents, metadata, offers
from dispatcher.store.vault import Vault

softphones: Final = sa.Table(
    "softphones",
    metadata,
    sa.Column("agent", sa.ForeignKey("agents.id"), primary_key=True),
    sa.Column("identity", sa.Text, nullable=False, unique=True),
    sa.Column("channel", sa.Text, nullable=False),
)

_INSERT: Final = {
    name: statements.insert_or_ignore(name, softphones) for name in statements.DIALECTS
}
_TELEPHONES: Final = (
    sa.select(agents.c.telephone, agents.c.aside, softphones.c.identity, softphones.c.channel)
    .join(offers, offers.c.agent == agents.c.id)
    .outerjoin(softphones, softphones.c.agent == agents.c.id)
    .where(offers.c.id == sa.bindparam("offer"))
)


@dataclass(frozen=True, slots=True)
class Telephones:
    """All that an agent could be rung on; ``aside``: not on that number."""

    number: PhoneNumber | None
    aside: bool
    softphone: Softphone | None
    channel: Channel


class Softphones:
    """The browsers of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def open(self, agent: AgentId) -> Softphone:
        """The agent's browser; the first time it gets its id, and is rung before a telephone."""
        insert = _INSERT[self._connection.dialect.name]
        row = {"agent": agent, "identity": token_hex(12), "channel": Channel.EITHER}
        self._connection.execute(insert, row)
        kept = sa.select(softphones.c.identity).where(softphones.c.agent == agent)
        return Softphone(self._connection.execute(kept).scalar_one())

    def find(self, agent: AgentId) -> Softphone | None:
        """The agent's browser; None when they never opened a page that rings."""
        kept = sa.select(softphones.c.identity).where(softphones.c.agent == agent)
        identity = self._connection.scalar(kept)
        return None if identity is None else Softphone(identity)

    def choose(self, agent: AgentId, channel: Channel) -> None:
        """The agent wants to be rung on this from now on."""
        self.open(agent)
        chosen = sa.update(softphones).where(softphones.c.agent == agent)
        self._connection.execute(chosen.values(channel=channel))

    def forget(self, agent: AgentId) -> None:
        """No browser is the agent's any more."""
        self._connection.execute(sa.delete(softphones).where(softphones.c.agent == agent))

    def rung_for(self, offer: OfferId) -> Telephones | None:
        """All that this offer's agent could be rung on; None when there is no such offer."""
        row = self._connection.execute(_TELEPHONES, {"offer": offer}).first()
        if row is None:
            return None
        number, channel = self._vault.open(row.telephone), Channel(row.channel or Channel.TELEPHONE)
        softphone = None if row.identity is None else Softphone(row.identity)
        return Telephones(number, row.aside is not None, softphone, channel)
