"""Structures: the houses that agents belong to."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from dispatcher.domain.directory import StructureRow
from dispatcher.store.schema import structures
from dispatcher.store.vault import Vault


class Structures:
    """The structures of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def ids(self) -> set[str]:
        """Every structure's id."""
        return set(self._connection.scalars(sa.select(structures.c.id)))

    def put(self, rows: Iterable[StructureRow]) -> tuple[int, int]:
        """Add or update structures by their id; how many were new, and how many known."""
        known = self.ids()
        facts = [self._facts(row) for row in rows]
        new = [each for each in facts if each["id"] not in known]
        old = [each | {"of_id": each["id"]} for each in facts if each["id"] in known]
        if new:
            self._connection.execute(sa.insert(structures), new)
        if old:
            self._connection.execute(
                sa.update(structures).where(structures.c.id == sa.bindparam("of_id")), old
            )
        return len(new), len(old)

    def _facts(self, row: StructureRow) -> dict[str, object]:
        return {
            "id": row.id,
            "name": row.name,
            "commune": row.commune,
            "zones": str(row.zones),
            "telephone": self._vault.seal(row.telephone),
            "telephone_key": self._vault.key(row.telephone),
        }
