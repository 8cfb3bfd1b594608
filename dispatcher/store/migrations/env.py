"""Alembic's way in: one connection, one transaction, on either database."""

from __future__ import annotations

from alembic import context

from dispatcher.store.database import connect, writing
from dispatcher.store.schema import metadata

engine = connect(context.config.attributes["url"], pool=1)
with writing(engine) as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
engine.dispose()
