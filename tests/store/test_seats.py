"""Two who want the last half-hour: real threads, on both databases."""

from datetime import timedelta
from functools import partial

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.bookings import Seat
from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.retention import Data
from dispatcher.store.store import Store
from tests.hands import hands
from tests.store.rows import AT, a_call, a_callback, has_calls, staff
from tests.store.test_retention import erase

ROUNDS = 15
HANDS = 6


@pytest.fixture
def desk(store: Store) -> Store:
    """So many people who may choose, and two agents."""
    staff(store, 2)
    has_calls(store, *(a_call(id) for id in range(1, HANDS + 1)))
    with store.writing() as tx:
        for id in range(1, HANDS + 1):
            assert tx.callbacks.keep(a_callback(id, of=id))
    return store


def claim(desk: Store, seats: list[Seat], id: int) -> Seat | None:
    with desk.writing() as tx:
        return tx.seats.claim(seats, CallbackId(f"k{id}"))


def taken(desk: Store) -> set[Seat]:
    with desk.reading() as tx:
        return tx.seats.taken(since=AT, until=AT + timedelta(days=1))


def test_of_six_at_once_as_many_have_a_seat_as_there_are_and_no_seat_is_had_twice(
    desk: Store,
) -> None:
    """Each reads the same two as free, as a page shows them, and then wants the first."""
    with hands() as together:
        for round in range(ROUNDS):
            at = AT + timedelta(minutes=30 * round)
            seats = [Seat(AgentId(1), at, 0), Seat(AgentId(2), at, 0)]

            had = together(partial(claim, desk, seats, id) for id in range(1, HANDS + 1))

            assert sorted(seat for seat in had if seat is not None) == seats
            assert {seat for seat in taken(desk) if seat.at == at} == set(seats)


def test_what_ends_gives_its_seat_back_and_what_goes_on_does_not(desk: Store) -> None:
    first, second = Seat(AgentId(1), AT, 0), Seat(AgentId(2), AT, 0)
    claim(desk, [first], 1)
    claim(desk, [second], 2)

    with desk.writing() as tx:
        tx.callbacks.move(CallbackId("k1"), of=State.WAITING, to=State.CANCELLED, at=AT)
        tx.callbacks.move(CallbackId("k2"), of=State.WAITING, to=State.OFFERED, at=AT)
        agent = tx.seats.agent_of(CallbackId("k2"))

    assert taken(desk) == {second}
    assert agent == 2


def test_who_takes_another_seat_leaves_the_first_once_they_have_it(desk: Store) -> None:
    first, second = Seat(AgentId(1), AT, 0), Seat(AgentId(1), AT, 1)
    claim(desk, [first], 1)

    claim(desk, [second], 1)
    both = taken(desk)
    with desk.writing() as tx:
        tx.seats.give_back(CallbackId("k1"), but=second)

    assert (both, taken(desk)) == ({first, second}, {second})


def test_two_who_exchange_their_half_hours_do_not_wait_for_each_other_for_ever(
    desk: Store,
) -> None:
    """Each has what the other wants: neither gets it, and nobody loses theirs."""
    mine = {1: Seat(AgentId(1), AT, 0), 2: Seat(AgentId(2), AT, 0)}
    for id, seat in mine.items():
        claim(desk, [seat], id)

    def exchange(id: int) -> bool:
        with desk.writing() as tx:
            had = tx.seats.claim([mine[3 - id]], CallbackId(f"k{id}"))
            if had is not None:
                tx.seats.give_back(CallbackId(f"k{id}"), but=had)
            return had is not None

    with hands() as together:
        for _ in range(ROUNDS):
            assert together([partial(exchange, 1), partial(exchange, 2)]) == [False, False]

    assert taken(desk) == set(mine.values())


def test_a_seat_goes_with_the_history_of_its_day(desk: Store) -> None:
    claim(desk, [Seat(AgentId(1), AT, 0)], 1)

    assert erase(desk, Data.HISTORY, AT - timedelta(seconds=1)) == 0
    assert erase(desk, Data.HISTORY, AT) == 1

    assert taken(desk) == set()
