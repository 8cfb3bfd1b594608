"""The connection to SQL: SQLite by default, PostgreSQL in production, the same code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

BUSY_MILLISECONDS: Final = 10_000
"""How long a SQLite writer waits for another; longer than any transaction of ours."""

POSTGRES_SECONDS: Final = 3
"""How long a connection is waited for: a webhook must have time left to apologise in its 15 s."""
_POSTGRES_OPTIONS: Final = "-c lock_timeout=5000 -c statement_timeout=10000"


def connect(url: str, *, pool: int = 10) -> sa.Engine:
    """An engine for this URL. On SQLite: WAL, enforced foreign keys, and transactions begun
    by us.
    """
    if sa.make_url(url).get_backend_name() != "sqlite":
        return sa.create_engine(
            url,
            pool_size=pool,
            max_overflow=pool,
            pool_timeout=POSTGRES_SECONDS,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"connect_timeout": POSTGRES_SECONDS, "options": _POSTGRES_OPTIONS},
        )
    engine = sa.create_engine(url, pool_size=pool, max_overflow=pool, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes; on SQLite it waits for the other writers at its start."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that only reads."""
    with engine.connect() as connection, connection.begin():
        yield connection


def migrate(url: str) -> None:
    """Bring the database to the newest schema; nothing to do when it is there already."""
    from alembic import command  # 12 MB that the processes which serve are spared
    from alembic.config import Config

    path = sa.make_url(url).database
    if url.startswith("sqlite") and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def _prepare_sqlite(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None  # pysqlite must not begin transactions of its own
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
