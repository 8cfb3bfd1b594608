"""Alembic's way in: one connection, one transaction, on either database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context

from dispatcher.store.database import connect, writing
from dispatcher.store.schema import metadata


def _let_tables_be_made_again(connection: Any, record: Any) -> None:
    """SQLite changes a column by making its table again, and would miss its rows meanwhile.

    What it would have refused is looked for at the end (www.sqlite.org/lang_altertable.html).
    """
    del record
    connection.execute("PRAGMA foreign_keys=OFF")


engine = connect(context.config.attributes["url"], pool=1)
sqlite = engine.dialect.name == "sqlite"
if sqlite:
    sa.event.listen(engine, "connect", _let_tables_be_made_again)
with writing(engine) as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
    if sqlite and (missing := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise ValueError(f"a row of {missing[0]} is about one of {missing[2]} that is not there")
engine.dispose()
