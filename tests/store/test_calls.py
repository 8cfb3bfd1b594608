"""A move is saved over the turn it was made from, and over no other."""

from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, OfferId, Outcome, Step, Why
from dispatcher.store.schema import calls
from dispatcher.store.store import Store, Withdrawn
from tests.hands import hands
from tests.store.rows import AT, a_call, has_calls, number, seconds, sid

ROUNDS = 20


def found(store: Store, id: int = 1) -> Call | None:
    with store.reading() as tx:
        return tx.calls.find(sid(id))


def test_a_call_comes_back_as_it_was_kept(store: Store) -> None:
    full = a_call(
        number=number(7),
        keyed_number=number(8),
        postal_code="05170",
        commune="05096",
        need=Need.MEDIATION,
        why=Why.NOBODY_ON,
        seen_at=AT + seconds(3.25),
        queue="QU1",
        ended_at=AT,
        outcome=Outcome.CALLBACK,
    )

    has_calls(store, full)

    assert found(store) == full


def test_the_same_call_twice_is_kept_once_and_as_it_was_first(store: Store) -> None:
    has_calls(store, a_call())

    with store.writing() as tx:
        assert not tx.calls.add(a_call(step=Step.NEED))

    assert found(store) == a_call()
    with store.reading() as tx:
        assert tx.calls.moves(sid(1)) == [(4, AT, Step.WAITING)]


def test_a_move_over_a_turn_that_has_passed_changes_nothing(store: Store) -> None:
    first = a_call(step=Step.NEED, turn=2)
    has_calls(store, first)
    second = first.waits(at=AT)
    late = replace(first, need=Need.MEDIATION).waits(at=AT + seconds(9))

    with store.writing() as tx:
        assert tx.calls.save(second, over=first, at=AT)
    with store.writing() as tx:
        assert not tx.calls.save(late, over=first, at=AT + seconds(9))

    assert found(store) == second
    with store.reading() as tx:
        assert tx.calls.moves(sid(1)) == [(2, AT, Step.NEED), (3, AT, Step.WAITING)]


def test_a_move_by_way_of_a_step_is_one_save_and_both_steps_are_noted(store: Store) -> None:
    asked = a_call(step=Step.NEED, turn=2)
    has_calls(store, asked)
    waits = asked.waits(at=AT)
    offered = waits.is_offered(OfferId("o1"))

    with store.writing() as tx:
        assert tx.calls.save(offered, over=asked, by_way_of=waits, at=AT)
    with store.writing() as tx:
        assert not tx.calls.save(waits, over=asked, at=AT), "its first half may not come after it"

    assert found(store) == offered
    with store.reading() as tx:
        noted = [(turn, step) for turn, _, step in tx.calls.moves(sid(1))]
    assert noted == [(2, Step.NEED), (3, Step.WAITING), (4, Step.OFFERED)]


def test_of_two_moves_at_once_from_one_turn_one_is_saved(store: Store) -> None:
    def move(to: Step, over: Call) -> bool:
        with store.writing() as tx:
            return tx.calls.save(over.to(to), over=over, at=AT)

    with hands() as together:
        for id in range(ROUNDS):
            has_calls(store, a_call(id))

            saved = together(partial(move, to, a_call(id)) for to in (Step.OFFERED, Step.ENDED))

            assert sorted(saved) == [False, True]
            after = found(store, id)
            assert after is not None
            assert (after.turn, after.step) == (5, Step.OFFERED if saved[0] else Step.ENDED)


def test_a_move_leaves_alone_what_it_did_not_change(store: Store) -> None:
    """The carrier may show us the caller between the moment a call is read and that it is saved."""
    read = a_call()
    has_calls(store, read)
    with store.writing() as tx:
        tx.calls.see(sid(1), "QU9", at=AT + seconds(5))

    with store.writing() as tx:
        assert tx.calls.save(read.again(), over=read, at=AT)

    after = found(store)
    assert after is not None
    assert (after.seen_at, after.queue) == (AT + seconds(5), "QU9")


def test_whoever_is_shown_without_a_queue_stays_in_the_one_known(store: Store) -> None:
    has_calls(store, a_call(queue="QU1"))

    with store.writing() as tx:
        tx.calls.see(sid(1), None, at=AT + seconds(5))

    assert found(store) == a_call(queue="QU1", seen_at=AT + seconds(5))


def test_a_call_that_ended_is_seen_no_more(store: Store) -> None:
    ended = a_call().hung_up(at=AT)
    has_calls(store, ended)

    with store.writing() as tx:
        tx.calls.see(sid(1), "QU1", at=AT + seconds(60))

    assert found(store) == ended


def test_only_the_outcome_of_a_call_that_has_ended_is_amended(store: Store) -> None:
    has_calls(store, a_call(1), a_call(2).ends(Outcome.ANSWERED, at=AT))

    with store.writing() as tx:
        tx.calls.amend(sid(1), Outcome.ABANDONED)
        tx.calls.amend(sid(2), Outcome.ABANDONED)

    assert found(store, 1) == a_call(1)
    assert found(store, 2) == a_call(2).ends(Outcome.ABANDONED, at=AT)


def test_a_quiet_call_is_asked_about_once_in_a_while(store: Store) -> None:
    quiet, heard = a_call(1), a_call(2, seen_at=AT + seconds(100))
    has_calls(store, quiet, heard, a_call(3).hung_up(at=AT))
    now = AT + seconds(130)

    with store.writing() as tx:
        assert tx.calls.unheard(now - seconds(120), at=now) == [sid(1)]
        assert tx.calls.unheard(now - seconds(120), at=now) == []
    with store.writing() as tx:
        later = now + seconds(121)
        assert tx.calls.unheard(later - seconds(120), at=later) == [sid(1), sid(2)]


def test_many_quiet_calls_are_asked_about_in_turn(store: Store) -> None:
    has_calls(store, *(a_call(id, started_at=AT + seconds(id)) for id in range(5)))
    asked = []

    for round in range(3):
        now = AT + seconds(200 + round)
        with store.writing() as tx:
            asked += tx.calls.unheard(now - seconds(120), at=now, limit=2)

    assert asked == [sid(id) for id in range(5)]


def test_calls_at_a_step_come_oldest_first_and_only_those_on_the_line(store: Store) -> None:
    has_calls(store, a_call(1, started_at=AT + seconds(1)), a_call(2), a_call(3).hung_up(at=AT))

    with store.reading() as tx:
        assert [call.sid for call in tx.calls.at_step(Step.WAITING)] == [sid(2), sid(1)]
        assert tx.calls.at_step(Step.ENDED) == []


def test_no_number_can_be_read_in_the_table(store: Store) -> None:
    has_calls(store, a_call(number=number(123456), keyed_number=number(654321)))

    with store.engine.connect() as connection:
        [row] = connection.execute(sa.select(calls))

    text = b" ".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
    assert b"123456" not in text
    assert b"654321" not in text


def test_a_transaction_that_somebody_else_was_first_in_leaves_nothing(store: Store) -> None:
    with store.writing() as tx:
        tx.calls.add(a_call())
        raise Withdrawn

    assert found(store) is None  # type: ignore[unreachable]


def test_a_transaction_that_fails_leaves_nothing_and_tells(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as tx:
        tx.calls.add(a_call())
        raise ZeroDivisionError

    assert found(store) is None


def test_a_moment_without_its_zone_is_refused(store: Store) -> None:
    naive = a_call(started_at=AT.replace(tzinfo=None))

    with pytest.raises(sa.exc.StatementError, match="time zone"), store.writing() as tx:
        tx.calls.add(naive)
