"""Marks: up to which moment something was looked at, by its name."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.store import statements
from dispatcher.store.schema import marks

_INSERT: Final = {name: statements.insert_or_ignore(name, marks) for name in statements.DIALECTS}


class Marks:
    """The marks of one transaction. A mark only ever moves forward."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> datetime | None:
        """Where a mark stands; None before the first time."""
        found: datetime | None = self._connection.scalar(
            sa.select(marks.c.at).where(marks.c.name == name)
        )
        return found

    def move(self, name: str, *, to: datetime, if_before: datetime | None = None) -> bool:
        """Move a mark forward, if it stands before ``if_before`` (when given); False when not.

        A mark that was never made stands before everything.
        """
        moved = self._connection.execute(
            sa.update(marks)
            .where(marks.c.name == name, marks.c.at < min(to, if_before or to))
            .values(at=to)
        )
        if moved.rowcount == 1:
            return True
        insert = _INSERT[self._connection.dialect.name]
        return self._connection.execute(insert, {"name": name, "at": to}).rowcount == 1
