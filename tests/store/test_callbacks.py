"""Callbacks: one for a call, in the order of their places, moved from state to state once."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.store.schema import callbacks
from dispatcher.store.store import Store
from tests.store.rows import AT, a_call, a_callback, has_calls, number, seconds, sid


@pytest.fixture
def desk(store: Store) -> Store:
    has_calls(store, *(a_call(id) for id in range(1, 6)))
    return store


def keeps(store: Store, callback: Callback) -> bool:
    with store.writing() as tx:
        return tx.callbacks.keep(callback)


def found(store: Store, of: int = 1) -> Callback | None:
    with store.reading() as tx:
        return tx.callbacks.of(sid(of))


def test_a_callback_comes_back_as_it_was_kept(desk: Store) -> None:
    assert keeps(desk, a_callback())

    assert found(desk) == a_callback()
    with desk.reading() as tx:
        assert tx.callbacks.find(CallbackId("k1")) == a_callback()
        assert tx.callbacks.open() == 1
    assert found(desk, of=2) is None


def test_a_call_has_one_callback(desk: Store) -> None:
    keeps(desk, a_callback(1))

    assert not keeps(desk, a_callback(2, need=Need.MEDIATION))

    assert found(desk) == a_callback(1)


@pytest.mark.parametrize(
    ("state", "changed"),
    [
        (State.WAITING, True),
        (State.OFFERED, True),
        (State.CALLING, False),
        (State.REACHED, False),
        (State.CLOSED, False),
    ],
)
def test_another_number_replaces_the_first_as_long_as_nobody_is_rung(
    desk: Store, state: State, changed: bool
) -> None:
    keeps(desk, a_callback(state=state))

    with desk.writing() as tx:
        assert tx.callbacks.renumber(sid(1), number(99)) is changed

    after = found(desk)
    assert after is not None
    assert after.number == (number(99) if changed else number(1))


def test_a_move_from_another_state_changes_nothing(desk: Store) -> None:
    keeps(desk, a_callback())
    id = CallbackId("k1")

    with desk.writing() as tx:
        assert tx.callbacks.move(id, of=State.WAITING, to=State.OFFERED, at=AT)
        assert not tx.callbacks.move(id, of=State.WAITING, to=State.OFFERED, at=AT)
        assert not tx.callbacks.move(id, of=State.CALLING, to=State.REACHED, at=AT)

    assert found(desk) == a_callback(state=State.OFFERED)


@pytest.mark.parametrize("end", [each for each in State if each.over])
def test_a_callback_that_was_placed_is_owed_no_more(desk: Store, end: State) -> None:
    keeps(desk, a_callback(state=State.CALLING))

    with desk.writing() as tx:
        assert tx.callbacks.move(CallbackId("k1"), of=State.CALLING, to=end, at=AT + seconds(9))

    assert found(desk) == a_callback(state=end, closed_at=AT + seconds(9))
    with desk.reading() as tx:
        assert tx.callbacks.open() == 0
        assert tx.callbacks.due(at=AT + seconds(99)) == []


def test_callbacks_are_due_in_the_order_of_their_places_and_of_their_asking(desk: Store) -> None:
    """Those who rang at night all have the place of the morning's opening."""
    morning = AT + seconds(60)
    for id, asked_at in ((1, AT + seconds(3)), (2, AT + seconds(1)), (3, AT + seconds(2))):
        keeps(desk, a_callback(id, of=id, asked_at=asked_at, place_since=morning, due_at=morning))
    keeps(desk, a_callback(4, of=4, place_since=AT))
    keeps(desk, a_callback(5, of=5, state=State.OFFERED))

    with desk.reading() as tx:
        assert [each.id for each in tx.callbacks.due(at=morning - seconds(1))] == ["k4"]
        assert [each.id for each in tx.callbacks.due(at=morning)] == ["k4", "k2", "k3", "k1"]
        assert [each.id for each in tx.callbacks.due(at=morning, limit=2)] == ["k4", "k2"]


def test_whoever_waits_to_be_rung_back_for_a_need_is_known_by_their_number(desk: Store) -> None:
    keeps(desk, a_callback())

    with desk.writing() as tx:
        tx.callbacks.move(CallbackId("k1"), of=State.WAITING, to=State.OFFERED, at=AT)
        assert tx.callbacks.awaiting(number(1), Need.PROCEDURES)
        assert not tx.callbacks.awaiting(number(1), Need.MEDIATION)
        assert not tx.callbacks.awaiting(number(1), Need.PROCEDURES, "another of the house")
        assert not tx.callbacks.awaiting(number(2), Need.PROCEDURES)
        tx.callbacks.move(CallbackId("k1"), of=State.OFFERED, to=State.CANCELLED, at=AT)
        assert not tx.callbacks.awaiting(number(1), Need.PROCEDURES)


def test_people_of_one_telephone_are_told_apart_however_they_write_their_names(
    desk: Store,
) -> None:
    keeps(desk, a_callback(first_name="Anne-Zoé"))

    with desk.writing() as tx:
        for name in ("Anne-Zoé", "anne zoe", "ANNEZOÉ"):
            found = tx.callbacks.awaiting(number(1), Need.PROCEDURES, name)
            assert found is not None
            assert found.first_name == "Anne-Zoé"
        assert not tx.callbacks.awaiting(number(1), Need.PROCEDURES, "Anne")
        assert not tx.callbacks.awaiting(number(1), Need.PROCEDURES)
        again = a_callback(2, call=None, first_name="annezoe")
        assert not tx.callbacks.keep(again)
        assert tx.callbacks.keep(replace(again, first_name="Léon"))


def test_no_number_can_be_read_in_the_table(desk: Store) -> None:
    keeps(desk, a_callback(number=number(123456), first_name="Rosamonde"))

    with desk.engine.connect() as connection:
        [row] = connection.execute(sa.select(callbacks))

    text = b" ".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
    assert b"123456" not in text
    assert b"rosamonde" not in text.lower()
