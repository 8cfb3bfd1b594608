"""How either database is spoken to: transactions that are ours, and waits that end."""

import time
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from dispatcher.store.database import BUSY_MILLISECONDS, connect, reading, writing
from dispatcher.store.store import Store
from tests.hands import hands
from tests.office import vault
from tests.store.rows import a_call, has_calls, sid


def pragma(engine: sa.Engine, name: str) -> object:
    with reading(engine) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_sqlite_survives_a_power_cut_and_keeps_its_promises(sqlite_url: str) -> None:
    engine = connect(sqlite_url)

    found = {name: pragma(engine, name) for name in ("journal_mode", "synchronous", "foreign_keys")}

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert pragma(engine, "busy_timeout") == BUSY_MILLISECONDS
    engine.dispose()


def test_a_writer_on_sqlite_waits_for_the_others_at_its_start(sqlite_url: str) -> None:
    """Else two that read first and write after would fail each other."""
    engine = connect(sqlite_url)

    def add_one() -> None:
        with writing(engine) as connection:
            count = connection.scalar(sa.text("SELECT count(*) FROM structures"))
            values = {"id": f"s{count}"}
            connection.execute(
                sa.text("INSERT INTO structures (id, name, commune, zones) VALUES (:id,'','','')"),
                values,
            )

    with hands() as together:
        for _ in range(5):
            together([add_one] * 6)

    with reading(engine) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM structures")) == 30
    engine.dispose()


def test_who_reads_is_not_kept_waiting_by_who_writes(store: Store) -> None:
    has_calls(store, a_call(1))

    with store.writing() as tx:
        tx.calls.see(sid(1), "QU1", at=a_call().started_at)
        before = time.monotonic()
        with store.reading() as other:
            seen = other.calls.find(sid(1))
        waited = time.monotonic() - before

    assert seen == a_call(1)
    assert waited < 1


def test_a_read_goes_on_beside_many_writes(store: Store) -> None:
    has_calls(store, *(a_call(id) for id in range(8)))

    def see(id: int) -> None:
        with store.writing() as tx:
            tx.calls.see(sid(id), f"QU{id}", at=a_call().started_at)

    with hands() as together:
        for _ in range(5):
            together([*(partial(see, id) for id in range(8)), store.ping])


def test_what_is_not_there_is_refused(store: Store) -> None:
    """Foreign keys hold on SQLite too."""
    with pytest.raises(sa.exc.IntegrityError), store.writing() as tx:
        tx.decisions.keep({}, at=a_call().started_at, call=sid(404))


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"]
)
def test_a_database_that_is_away_says_so_in_a_few_seconds(url: str) -> None:
    before = time.monotonic()

    with pytest.raises(SQLAlchemyError):
        Store(connect(url), vault()).ping()

    assert time.monotonic() - before < 5


def test_an_error_of_the_database_shows_no_values(store: Store) -> None:
    """They end in a log: names, postal codes, hashes of PINs."""
    with pytest.raises(sa.exc.StatementError) as error, store.writing() as tx:
        tx.decisions.keep({"secret": "Rose Martin"}, at=a_call().started_at, call=sid(404))

    assert "Rose" not in str(error.value)


def test_a_postgresql_that_hangs_does_not_hold_a_webhook_for_ever(postgresql_url: str) -> None:
    engine = connect(postgresql_url)

    with reading(engine) as connection:
        found = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("lock_timeout", "statement_timeout")
        }

    engine.dispose()
    assert found == {"lock_timeout": "5s", "statement_timeout": "10s"}
