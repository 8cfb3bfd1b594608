"""The journal on either database: one chain whoever writes, and nothing ever altered."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from dispatcher.domain.journal import Entry
from dispatcher.domain.journal_checks import check
from dispatcher.domain.journal_heads import signed
from dispatcher.domain.retention import Data
from dispatcher.store.journal import GUARDS, journal_secrets
from dispatcher.store.signing import SigningKey
from dispatcher.store.store import Store, Withdrawn
from tests.attacks import missed
from tests.hands import hands
from tests.store.rows import AT, number, seconds
from tests.store.test_retention import erase

WRITERS, EACH = 8, 12


def an_entry(mandate: str = "m1", **facts: str) -> Entry:
    return Entry("mandate.used", AT, {"mandate": mandate, **facts})


def appends(store: Store, mandate: str = "m1", times: int = 1) -> list[int]:
    made = []
    for _ in range(times):
        with store.writing() as tx:
            made.append(tx.journal.append(an_entry(mandate)))
    return made


def signs(store: Store) -> None:
    with store.writing() as tx:
        hashes = [row.hash for row in tx.journal.rows()]
        tx.journal_heads.add(signed(None, hashes, SigningKey.made(), at=AT))


def is_whole(store: Store) -> bool:
    with store.reading() as tx:
        return check(tx.journal.rows(), [], [], None).faults == ()


def test_what_is_appended_is_read_as_it_was(store: Store) -> None:
    assert appends(store) == [1]

    with store.writing() as tx:
        assert tx.journal.append(an_entry("m2", result="done")) == 2

    with store.reading() as tx:
        one, other = tx.journal.rows()
        assert [*tx.journal.rows(after=1)] == [other]
        assert tx.journal.last() == (2, other.hash)
    assert (other.facts, other.moment) == ({"mandate": "m2", "result": "done"}, AT)
    assert other.previous == one.hash
    assert is_whole(store)


def test_eight_writers_at_once_make_one_chain_without_a_gap(store: Store) -> None:
    with hands() as together:
        made = together(partial(appends, store, f"m{n}", EACH) for n in range(WRITERS))

    assert sorted(chain.from_iterable(made)) == [*range(1, WRITERS * EACH + 1)]
    assert is_whole(store)


def test_a_clock_that_steps_back_changes_nothing_of_the_order(store: Store) -> None:
    for back in (0, 5, 3600):
        with store.writing() as tx:
            tx.journal.append(replace(an_entry(), at=AT - seconds(back)))

    with store.reading() as tx:
        assert [row.moment for row in tx.journal.rows()] == [AT - seconds(b) for b in (0, 5, 3600)]
    assert is_whole(store)


def test_what_its_transaction_takes_back_leaves_no_gap(store: Store) -> None:
    def somebody_else_was_first() -> None:
        raise Withdrawn

    with store.writing() as tx:
        assert tx.journal.append(an_entry()) == 1
        somebody_else_was_first()

    assert appends(store) == [1]


def test_every_guard_is_there_at_head(store: Store) -> None:
    with store.reading() as tx:
        assert tx.journal.missing_guards() == []
    with store.engine.connect() as connection:
        dialect = connection.dialect.name
    assert len(GUARDS[dialect]) >= 3

    with store.engine.begin() as connection:
        if dialect == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER journal_no_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER journal_no_delete")

    with store.reading() as tx:
        assert tx.journal.missing_guards() == ["journal_no_delete"]


ROW = "SELECT {seq}, kind, at, facts, previous, hash FROM journal WHERE seq = 1"
HEAD = 'SELECT {seq}, "after", seq, hash, at, prints, "key", signature FROM journal_heads'
FORBIDDEN = {
    "an edit": "UPDATE journal SET kind = 'x' WHERE seq = 1",
    "an edit of nothing that is there": "UPDATE journal SET seq = seq",
    "a deletion": "DELETE FROM journal WHERE seq = 2",
    "emptying it": "DELETE FROM journal",
    "a row over another": f"INSERT INTO journal {ROW.format(seq=1)}",
    "a row beyond the next": f"INSERT INTO journal {ROW.format(seq=4)}",
    "a row before the first": f"INSERT INTO journal {ROW.format(seq=0)}",
    "an edit of a head": "UPDATE journal_heads SET seq = 1",
    "a deletion of a head": "DELETE FROM journal_heads",
    "a head over another": f"INSERT INTO journal_heads {HEAD.format(seq=1)}",
}
FORBIDDEN_SQLITE = {
    "a replacement": f"INSERT OR REPLACE INTO journal {ROW.format(seq=1)}",
    "a replacement by its other name": f"REPLACE INTO journal {ROW.format(seq=2)}",
    "an edit that replaces": "UPDATE OR REPLACE journal SET seq = 1 WHERE seq = 2",
    "a replaced head": f"REPLACE INTO journal_heads {HEAD.format(seq=1)}",
}
FORBIDDEN_POSTGRESQL = {
    "truncation": "TRUNCATE journal",
    "truncation of heads": "TRUNCATE journal_heads",
    "an upsert": f"INSERT INTO journal {ROW.format(seq=1)} ON CONFLICT (seq) DO UPDATE SET kind = 'x'",
    "what a replica may": "SET session_replication_role = replica; DELETE FROM journal",
}


def refused(store: Store, statements: dict[str, str]) -> None:
    appends(store, times=2)
    signs(store)
    with store.reading() as tx:
        before = [*tx.journal.rows()], tx.journal_heads.behind()
    for what, statement in statements.items():
        with pytest.raises(DBAPIError), store.engine.begin() as connection:
            connection.exec_driver_sql(statement)
            pytest.fail(what)
        with store.reading() as tx:
            assert ([*tx.journal.rows()], tx.journal_heads.behind()) == before, what


def test_nobody_alters_a_row_or_a_head(store: Store) -> None:
    sqlite = store.engine.dialect.name == "sqlite"
    refused(store, FORBIDDEN | (FORBIDDEN_SQLITE if sqlite else FORBIDDEN_POSTGRESQL))

    assert appends(store) == [3]


def test_retention_never_touches_the_journal(store: Store) -> None:
    appends(store, times=3)
    signs(store)
    with store.reading() as tx:
        before = [*tx.journal.rows()], tx.journal_heads.behind()

    for data in Data:
        if data is not Data.SPOOL:
            erase(store, data, AT.replace(year=2066))

    with store.reading() as tx:
        assert ([*tx.journal.rows()], tx.journal_heads.behind()) == before


def commits(store: Store, value: str, **about: object) -> str:
    with store.writing() as tx:
        standing = tx.journal.commit_to(value, at=AT, **about)  # type: ignore[arg-type]
        tx.journal.append(an_entry(person=standing))
    return standing


def opened(store: Store, standing: str) -> str | None:
    with store.reading() as tx:
        return tx.journal.opened(standing)


@pytest.mark.parametrize("how", [lambda tx: tx.journal.erase(number(1)), lambda tx: tx.journal.forget("p1")])  # fmt: skip
def test_a_person_is_erased_and_the_chain_stays_whole(
    store: Store, how: Callable[..., int]
) -> None:
    rose = commits(store, "Rose Martin", number=number(1), subject="p1")
    malo = commits(store, "Malo", number=number(2), subject="p2")
    assert (opened(store, rose), opened(store, malo)) == ("Rose Martin", "Malo")

    with store.writing() as tx:
        assert how(tx) == 1

    assert (opened(store, rose), opened(store, malo)) == (None, "Malo")
    assert is_whole(store)


def test_the_same_name_stands_under_another_hash_each_time_and_is_sealed(store: Store) -> None:
    standing = {commits(store, "Rose Martin", number=number(1)) for _ in range(3)}

    assert len(standing) == 3
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(journal_secrets)).all()
    assert not [row for row in rows if b"Rose" in row.sealed]
    with store.reading() as tx:
        assert tx.journal.held(number(1)) == ["Rose Martin"] * 3


def test_a_fact_beside_the_journal_goes_six_years_later(store: Store) -> None:
    rose = commits(store, "Rose", number=number(1))

    assert erase(store, Data.EVIDENCE, AT.replace(year=2032, month=10)) == 0
    assert erase(store, Data.EVIDENCE, AT.replace(year=2032, month=12)) == 1
    assert opened(store, rose) is None
    assert is_whole(store)


def test_a_row_that_reads_as_nothing_is_named_rather_than_stumbled_over(store: Store) -> None:
    appends(store, times=3)
    with store.reading() as tx:
        rows = [*tx.journal.rows()]
    with store.engine.begin() as connection:
        if store.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER journal_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER ALL")
        connection.exec_driver_sql(
            'UPDATE journal SET facts = \'{"mandate" : "m1"}\' WHERE seq = 2'
        )

    with store.reading() as tx:
        found = check(tx.journal.rows(), [], [], None)

    assert [fault.number for fault in found.faults] == [2]
    assert rows[1].hash == rows[1].recomputed


def test_five_attacks_at_random_places_are_found_and_the_row_is_named(store: Store) -> None:
    """A sample; ``make soak`` does it on 10,000 rows at 200 places."""
    assert [*missed(store, rows=60, places=6, seed=8)] == []
