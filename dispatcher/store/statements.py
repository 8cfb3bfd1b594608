"""The one statement that the two databases spell differently."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

DIALECTS: Final = ("sqlite", "postgresql")


def insert_or_ignore(dialect: str, table: sa.Table) -> sa.Insert:
    """An INSERT that changes nothing, and counts no row, where a unique index forbids it."""
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
