"""A table that is made again keeps its rows, and what is about them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from dispatcher.store.database import connect
from tests.servers import Postgres
from tests.store.test_migrations import alembic

BEFORE, AFTER = "0006", "0007"
ROWS = (
    (
        "INSERT INTO calls (sid, line, started_at, step, turn, tries, page, offers)"
        " VALUES ('CA1', 'x', 1, 'ended', 3, 0, 0, 1)"
    ),
    (
        "INSERT INTO callbacks (id, call, line, number, number_key, need, why, asked_at, place_since,"
        " due_at, state) VALUES ('k1', 'CA1', 'x', '', 'h', 'either', 'asked', 1, 1, 1, 'waiting')"
    ),
    "INSERT INTO callback_moves (callback, at, state) VALUES ('k1', 1, 'waiting')",
    "INSERT INTO structures (id, name, commune, zones) VALUES ('o', 'O', '05096', '')",
    (
        "INSERT INTO agents (id, name, structure, skills, zones, status, languages, slots, automatic)"
        " VALUES (1, 'A', 'o', '', '', 'employed', 'fr', '', {false})"
    ),
    (
        "INSERT INTO offers (id, agent, callback, opened_at, lease_until, key_tries)"
        " VALUES ('o1', 1, 'k1', 1, 1, 0)"
    ),
)
WITHOUT_A_CALL = (
    "INSERT INTO callbacks (id, line, number, number_key, need, why, asked_at, place_since, due_at,"
    " state) VALUES ('{id}', 'x', '', '{id}', 'either', 'form', 1, 1, 1, 'waiting')"
)
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'callbacks'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'callbacks'",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def before_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database as it was before."""
    url = f"sqlite:///{tmp_path}/before.db"
    server: Postgres | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        url = server.create()
    command.upgrade(alembic(url), BEFORE)
    yield url
    if server is not None:
        server.drop(url)


def runs(url: str, *statements: str) -> list[Any]:
    """What the last of these says."""
    engine = connect(url, pool=1)
    no = "0" if engine.dialect.name == "sqlite" else "false"
    try:
        with engine.begin() as connection:
            said = [connection.exec_driver_sql(each.replace("{false}", no)) for each in statements]
            return list(said[-1]) if said[-1].returns_rows else []
    finally:
        engine.dispose()


def test_callbacks_their_offers_and_their_moves_stay(before_url: str) -> None:
    runs(before_url, *ROWS)

    command.upgrade(alembic(before_url), AFTER)

    kept = runs(before_url, "SELECT id, call, person, first_name, part FROM callbacks")
    assert [tuple(row) for row in kept] == [("k1", "CA1", "", None, "any")]
    assert len(runs(before_url, "SELECT * FROM offers WHERE callback = 'k1'")) == 1
    assert len(runs(before_url, "SELECT * FROM callback_moves WHERE callback = 'k1'")) == 1
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        runs(before_url, "INSERT INTO callback_moves (callback, at, state) VALUES ('no', 1, 'x')")


def test_its_indexes_stay_with_their_conditions(before_url: str) -> None:
    dialect = "sqlite" if before_url.startswith("sqlite") else "postgresql"
    command.upgrade(alembic(before_url), AFTER)

    made = {name: sql or "" for name, sql in runs(before_url, INDEXES[dialect])}

    assert "ix_callbacks_number_key" in made
    for name in ("ix_callbacks_open", "uq_callbacks_open_person"):
        assert "closed_at IS NULL" in made[name]
    assert "UNIQUE" in made["uq_callbacks_open_person"]


def test_two_callbacks_may_have_no_call_and_two_may_not_have_one(before_url: str) -> None:
    runs(before_url, *ROWS)
    command.upgrade(alembic(before_url), AFTER)

    runs(before_url, *(WITHOUT_A_CALL.format(id=id) for id in ("k2", "k3")))

    with pytest.raises(Exception, match=r"(?i)unique"):
        runs(before_url, "UPDATE callbacks SET call = 'CA1' WHERE id = 'k2'")


def test_taken_back_those_without_a_call_are_gone_and_the_others_stay(before_url: str) -> None:
    runs(before_url, *ROWS)
    command.upgrade(alembic(before_url), AFTER)
    about = "INSERT INTO callback_moves (callback, at, state) VALUES ('k2', 1, 'waiting')"
    runs(before_url, WITHOUT_A_CALL.format(id="k2"), about)

    command.downgrade(alembic(before_url), BEFORE)

    assert [row.id for row in runs(before_url, "SELECT id FROM callbacks")] == ["k1"]
    assert len(runs(before_url, "SELECT * FROM callback_moves")) == 1


def test_the_hours_of_the_directory_become_slots_where_each_agent_is(before_url: str) -> None:
    runs(before_url, *ROWS)
    week = "mon-fri 09:00-12:30 22:00-06:00; mon,sat 13:30-24:00"
    runs(before_url, f"UPDATE agents SET slots = '{week}'")

    command.upgrade(alembic(before_url), "0012")

    columns = 'agent, by_directory, days, start, "end", zone, holidays, first_day'
    kept = runs(before_url, f"SELECT {columns} FROM slots ORDER BY start")
    assert [(row.agent, bool(row.by_directory), row.days) for row in kept] == [
        (1, True, "0 1 2 3 4"), (1, True, "0 5"), (1, True, "0 1 2 3 4"),
    ]  # fmt: skip
    assert [(row.start, row.end) for row in kept] == [(540, 750), (810, 1440), (1320, 1800)]
    assert {(row.zone, bool(row.holidays), str(row.first_day)) for row in kept} == {
        ("", True, "2000-01-03")
    }
    command.downgrade(alembic(before_url), BEFORE)
    assert [row.slots for row in runs(before_url, "SELECT slots FROM agents")] == [week]


def test_agents_who_were_there_before_pages_could_ring_need_no_practice(before_url: str) -> None:
    runs(before_url, *ROWS)

    command.upgrade(alembic(before_url), "0022")

    assert runs(before_url, "SELECT agent, practised_at FROM practices") == [(1, 0)]
