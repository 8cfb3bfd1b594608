"""The one statement that the two databases spell differently."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

DIALECTS: Final = ("sqlite", "postgresql")


def insert_or_ignore(dialect: str, table: sa.Table) -> sa.Insert:
    """An INSERT that changes nothing, and counts no row, where a unique index forbids it."""
    kind = postgresql if dialect == "postgresql" else sqlite
    insert = kind.insert(table).on_conflict_do_nothing()
    # Else SQLAlchemy 2.1 forgets an INSERT's count on PostgreSQL: every claim would seem lost.
    counted: sa.Insert = insert.execution_options(preserve_rowcount=True)
    return counted
