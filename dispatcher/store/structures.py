"""Structures: the houses that agents belong to."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from dispatcher.domain.directory import AgentRow, Parsed, Problem, StructureRow
from dispatcher.domain.identities import line_of_house, telephone_taken
from dispatcher.domain.numbers import PhoneNumber
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

    def names(self) -> dict[str, str]:
        """What every structure is called, by its id."""
        query = sa.select(structures.c.id, structures.c.name)
        return {row.id: row.name for row in self._connection.execute(query)}

    def all(self) -> list[tuple[str, str, str]]:
        """The id, name and commune of every house, by name."""
        query = sa.select(structures.c.id, structures.c.name, structures.c.commune)
        rows = self._connection.execute(query.order_by(structures.c.name, structures.c.id))
        return [(row.id, row.name, row.commune) for row in rows]

    def named(self, id: str) -> tuple[str, str] | None:
        """The name and commune of the house of this id."""
        query = sa.select(structures.c.name, structures.c.commune).where(structures.c.id == id)
        row = self._connection.execute(query).first()
        return None if row is None else (row.name, row.commune)

    def at_number(self, number: PhoneNumber) -> tuple[str, str] | None:
        """The id and commune of the house whose usual number this is."""
        query = sa.select(structures.c.id, structures.c.commune).where(
            structures.c.telephone_key.in_(self._vault.keys(number))
        )
        row = self._connection.execute(query.order_by(structures.c.id)).first()
        return None if row is None else (row.id, row.commune)

    def taken(self, rows: Collection[StructureRow]) -> tuple[Problem, ...]:
        """The rows whose telephone is that of a structure which the file does not name."""
        query = sa.select(structures.c.id, structures.c.name, structures.c.telephone_key)
        named = {row.id for row in rows}
        others = {
            row.telephone_key: row.name
            for row in self._connection.execute(
                query.where(structures.c.telephone_key.is_not(None))
            )
            if row.id not in named
        }
        return tuple(
            telephone_taken(row.line, row.telephone, others[key])
            for row in rows
            if row.telephone is not None
            for key in self._vault.keys(row.telephone)
            if key in others
        )

    def lines_of(self, rows: Collection[AgentRow]) -> tuple[Problem, ...]:
        """A warning for each agent's row whose telephone is a structure's usual one."""
        query = sa.select(structures.c.telephone_key, structures.c.name)
        found = self._connection.execute(query.where(structures.c.telephone_key.is_not(None)))
        houses = {row.telephone_key: row.name for row in found}
        return tuple(
            line_of_house(row, houses[key])
            for row in rows
            if row.telephone is not None
            for key in self._vault.keys(row.telephone)
            if key in houses
        )

    def put(self, parsed: Parsed[StructureRow]) -> tuple[int, int]:
        """Add or update structures by their id; how many were new, and how many known.

        Of one that is known, only the columns that the file has change.
        """
        known = self.ids()
        facts = [(row.id, self._facts(row)) for row in parsed.rows]
        new = [each for id, each in facts if id not in known]
        named = (
            [*parsed.columns, "telephone_key"] if "telephone" in parsed.columns else parsed.columns
        )
        old = [
            {name: each[name] for name in named} | {"of_id": id}
            for id, each in facts
            if id in known
        ]
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
