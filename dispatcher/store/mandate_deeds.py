"""What was done by mandates, each within a grant that holds, and who looked at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.mandates import Deed, MandateId
from dispatcher.domain.matters import Topic
from dispatcher.store.consents import mandate_consents
from dispatcher.store.mandates import mandate_grants
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.vault import Vault

mandate_deeds: Final = sa.Table(
    "mandate_deeds",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("mandate", sa.ForeignKey("mandates.id"), nullable=False, index=True),
    sa.Column("procedure", sa.Text, nullable=False),
    sa.Column("agent", sa.ForeignKey("agents.id"), index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("result", sa.LargeBinary),
)
mandate_readings: Final = sa.Table(
    "mandate_readings",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("mandate", sa.ForeignKey("mandates.id"), nullable=False, index=True),
    sa.Column("agent", sa.ForeignKey("agents.id"), index=True),
    sa.Column("at", Moment, nullable=False),
)


WORDS: Final = (
    (mandate_grants, "precision"),
    (mandate_consents, "text"),
    (mandate_deeds, "result"),
)
"""Where words about somebody stand besides their name."""


class MandateDeeds:
    """The deeds and readings of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def keep(self, deed: Deed) -> bool:
        """Keep what was done in somebody's place; False when no grant for it holds."""
        holds = sa.exists().where(
            mandate_grants.c.mandate == deed.mandate,
            mandate_grants.c.procedure == deed.procedure,
            mandate_grants.c.until > deed.at,
            mandate_grants.c.ended_at.is_(None),
        )
        # The row of its grant is taken first, so that a revocation comes before or after.
        its = sa.select(mandate_grants.c.procedure).where(
            mandate_grants.c.mandate == deed.mandate, mandate_grants.c.procedure == deed.procedure
        )
        self._connection.execute(its.with_for_update()).all()
        row = asdict(deed) | {"result": self._vault.seal_words(deed.result)}
        columns = mandate_deeds.c
        values = sa.select(
            *(sa.literal(row[column.name], column.type) for column in columns)
        ).where(holds)
        insert = sa.insert(mandate_deeds).from_select([each.name for each in columns], values)
        # As in ``statements.py``: else its count is forgotten on PostgreSQL.
        insert = insert.execution_options(preserve_rowcount=True)
        return self._connection.execute(insert).rowcount == 1

    def of(self, id: MandateId) -> list[Deed]:
        """What was done by it, oldest first."""
        query = sa.select(mandate_deeds).where(mandate_deeds.c.mandate == id)
        rows = self._connection.execute(query.order_by(mandate_deeds.c.at, mandate_deeds.c.id))
        return [self._deed(row) for row in rows.mappings()]

    def note_reading(self, id: MandateId, agent: AgentId, *, key: str, at: datetime) -> None:
        """Keep who looked at it."""
        row = {"id": key, "mandate": id, "agent": agent, "at": at}
        self._connection.execute(sa.insert(mandate_readings), row)

    def readings(self, id: MandateId) -> list[tuple[datetime, AgentId | None]]:
        """Who looked at it, and when."""
        query = sa.select(mandate_readings).where(mandate_readings.c.mandate == id)
        rows = self._connection.execute(query.order_by(mandate_readings.c.at))
        return [(row.at, row.agent) for row in rows]

    def forget(self, mandates: Sequence[MandateId]) -> None:
        """Erase in what words the deeds of these were told."""
        its = mandate_deeds.c.mandate.in_(mandates)
        self._connection.execute(sa.update(mandate_deeds).where(its).values(result=None))

    def _deed(self, row: sa.RowMapping) -> Deed:
        result = self._vault.open_words(row["result"]) if row["result"] else ""
        return Deed(**dict(row) | {"procedure": Topic(row["procedure"]), "result": result})
