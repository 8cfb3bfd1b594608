"""The migrations make what the schema says, on either database, and can be taken back."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from dispatcher.store import database
from dispatcher.store.database import connect, migrate
from dispatcher.store.schema import metadata
from tests.servers import Postgres

MIGRATIONS = Path(database.__file__).parent / "migrations"


def alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A database that nobody has touched."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/deeper/empty.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


def tables(url: str) -> set[str]:
    engine = connect(url, pool=1)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_an_empty_database_becomes_the_schema_and_a_second_time_changes_nothing(
    empty_url: str,
) -> None:
    migrate(empty_url)
    migrate(empty_url)

    engine = connect(empty_url, pool=1)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_every_partial_index_is_there_with_its_condition(database_url: str) -> None:
    """Alembic does not compare conditions, and without them the second gate would hold nobody."""
    engine = connect(database_url, pool=1)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master")
        else:
            found = connection.exec_driver_sql("SELECT indexname, indexdef FROM pg_indexes")
        made = {name: sql or "" for name, sql in found}
    engine.dispose()

    for subject in ("agent", "call", "callback"):
        sql = made[f"uq_offers_open_{subject}"]
        assert "UNIQUE" in sql
        assert "closed_at IS NULL" in sql
    assert "ended_at IS NULL" in made["ix_calls_open"]
    assert "closed_at IS NULL" in made["ix_callbacks_open"]


def test_every_migration_can_be_taken_back(empty_url: str) -> None:
    migrate(empty_url)
    assert tables(empty_url) > {"calls", "offers"}

    command.downgrade(alembic(empty_url), "base")

    assert tables(empty_url) <= {"alembic_version"}
    migrate(empty_url)


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
