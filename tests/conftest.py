"""What every test may ask for: a Redis, a database of either kind, both real and both empty."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from redis import Redis

from tests import routes, servers
from tests.servers import NoPostgres, Postgres

NO_POSTGRES = "no PostgreSQL here"
NO_CHROMIUM = "no Chromium here"

# The same examples every time; `pytest --hypothesis-seed=N` looks for others.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
hypothesis_settings.register_profile("search", deadline=None, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", type=Path, help="a folder for what the browser tests see")
    parser.addoption("--soak", action="store_true", help="also what `make soak` alone runs")


def pytest_configure(config: pytest.Config) -> None:
    routes.remember_builders()
    given = config.getoption("--hypothesis-seed", default=None)
    hypothesis_settings.load_profile("same" if given is None else "search")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of tests of one kind, ``make test`` runs some; the full count is for ``make soak``."""
    if config.getoption("--soak"):
        return
    left = [each for each in items if each.get_closest_marker("soak")]
    items[:] = [each for each in items if each not in left]
    config.hook.pytest_deselected(items=left)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector of garbage need not look through it ever again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_report_header(config: pytest.Config) -> str:
    given = config.getoption("--hypothesis-seed", default=None)
    return f"hypothesis seed: {'fixed by each test' if given is None else given}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what a missing server has left untested."""
    skipped = terminalreporter.stats.get("skipped", [])
    for why, title, remedy in (
        (NO_POSTGRES, "ON POSTGRESQL", "install PostgreSQL, or set TEST_DATABASE_URL"),
        (NO_CHROMIUM, "IN A BROWSER", "install Chromium (apt install chromium)"),
    ):
        missed = [report for report in skipped if why in str(report.longrepr)]
        if missed:
            terminalreporter.section(f"NOT TESTED {title}", sep="!", red=True, bold=True)
            terminalreporter.line(f"{len(missed)} tests were skipped: {remedy}.")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of a Redis that lives as long as the tests."""
    with servers.redis_server() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of that Redis, emptied of everything and of every script."""
    with Redis.from_url(redis_server) as connection:
        connection.flushall()
        connection.script_flush()
    return redis_server


@pytest.fixture
def redis_client(redis_url: str) -> Iterator["Redis"]:
    """A connection to that empty Redis, which answers in text."""
    with Redis.from_url(redis_url, decode_responses=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that lives as long as the tests; they are skipped when there is none."""
    try:
        with servers.postgres_server() as server:
            yield server
    except NoPostgres as none:
        pytest.skip(f"{NO_POSTGRES}: {none}")


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> Iterator[str]:
    """The name of a migrated database, from which others are copied."""
    url = postgres.create()
    migrate(url)
    yield servers.name_in(url)
    postgres.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, from which others are copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    assert not path.with_name("template.db-wal").exists(), "a connection is still open"
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of one test's own, migrated and empty: every such test runs on both kinds."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """For the few tests to which the kind of database is all one."""
    copy = tmp_path / "permanence.db"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def postgresql_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    url = postgres.create(template=postgres_template)
    yield url
    postgres.drop(url)


def migrate(url: str) -> None:
    from dispatcher.store.database import migrate as migrate_database

    migrate_database(url)
