"""Transfers in SQL: one open for a call, each move over the turn it was made from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.transfers import Place, Side, Transfer, TransferId
from dispatcher.store.database import connect
from dispatcher.store.store import Store
from tests.office import vault

TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HELD = Transfer(
    TransferId("t1"), CallSid("CA1"), TEN, TEN, TEN, offer=OfferId("o1"), follows=Side.CITIZEN
).held(at=TEN)


@pytest.fixture
def store(sqlite_url: str) -> Store:
    store = Store(connect(sqlite_url), vault())
    with store.writing() as tx:
        assert tx.transfers.add(HELD)
    return store


def test_a_call_has_one_open_transfer_and_another_after_it(store: Store) -> None:
    another = replace(HELD, id=TransferId("t2"), begun_at=TEN + timedelta(minutes=1))

    with store.writing() as tx:
        assert not tx.transfers.add(another)
        assert tx.transfers.save(HELD.over(at=TEN), over=HELD)
        assert tx.transfers.add(another)
        assert tx.transfers.of(CallSid("CA1")) == another


def test_of_two_moves_from_one_turn_the_second_changes_nothing(store: Store) -> None:
    with store.writing() as tx:
        assert tx.transfers.save(HELD.together(at=TEN), over=HELD)
        assert not tx.transfers.save(HELD.over(at=TEN), over=HELD)

        found = tx.transfers.find(HELD.id)

    assert found == HELD.together(at=TEN)


def test_where_a_leg_is_is_noted_at_its_turn_only(store: Store) -> None:
    with store.writing() as tx:
        assert tx.transfers.note(HELD, Side.AGENT, Place.ROOM)
        assert not tx.transfers.note(replace(HELD, turn=7), Side.AGENT, Place.GONE)

        found = tx.transfers.find(HELD.id)

    assert found is not None
    assert found.agent_at is Place.ROOM


def test_of_two_jobs_at_once_one_asks_the_carrier(store: Store) -> None:
    with store.writing() as tx:
        assert tx.transfers.ask(HELD.id, at=TEN)
        assert not tx.transfers.ask(HELD.id, at=TEN + timedelta(seconds=4))
        assert tx.transfers.ask(HELD.id, at=TEN + timedelta(seconds=5))
