"""Two hands at the second gate: real threads, on both databases."""

from functools import partial
from threading import Barrier

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.offers import End, Offer
from dispatcher.store.database import connect
from dispatcher.store.store import Store, Withdrawn
from tests.hands import hands
from tests.office import vault
from tests.store.rows import (
    AT,
    a_call,
    a_callback,
    an_offer,
    claims,
    has_calls,
    seconds,
    sid,
    staff,
)

ROUNDS = 25
ONE, TWO = AgentId(1), AgentId(2)
CONTESTED = {
    "one agent": lambda: [an_offer(1, ONE, of=1), an_offer(2, ONE, of=2)],
    "one call": lambda: [an_offer(1, ONE, of=1), an_offer(2, TWO, of=1)],
    "one callback": lambda: [
        an_offer(id, agent, callback=CallbackId("k1")) for id, agent in ((1, ONE), (2, TWO))
    ],
}


@pytest.fixture
def desk(store: Store) -> Store:
    staff(store, 2)
    has_calls(store, a_call(1), a_call(2))
    with store.writing() as tx:
        tx.callbacks.keep(a_callback(1, of=1))
    return store


def numbered(offer: Offer, round: int) -> Offer:
    from dataclasses import replace

    return replace(offer, id=OfferId(f"{offer.id}-{round}"))


@pytest.mark.parametrize("contested", CONTESTED.values(), ids=CONTESTED)
def test_of_two_offers_at_once_exactly_one_is_made(desk: Store, contested: object) -> None:
    with hands() as together:
        for round in range(ROUNDS):
            offers = [numbered(each, round) for each in contested()]  # type: ignore[operator]

            made = together(partial(claims, desk, offer) for offer in offers)

            assert sorted(made) == [False, True]
            with desk.writing() as tx:
                [open] = tx.offers.open()
                assert open.id == offers[made.index(True)].id
                tx.offers.close(open.id, End.DECLINED, at=AT)


def test_of_three_who_close_one_offer_one_does(desk: Store) -> None:
    def close(id: OfferId, end: End) -> bool:
        with desk.writing() as tx:
            return tx.offers.close(id, end, at=AT + seconds(60), lapsed=end is End.LAPSED)

    with hands() as together:
        for round in range(ROUNDS):
            offer = an_offer(round, ONE, of=1)
            assert claims(desk, offer)
            ends = [End.LAPSED, End.DECLINED, End.CALLER_GONE]

            closed = together(partial(close, offer.id, end) for end in ends)

            assert sorted(closed) == [False, False, True]
            with desk.reading() as tx:
                after = tx.offers.find(offer.id)
            assert after is not None
            assert after.end is ends[closed.index(True)]


def test_an_offer_is_accepted_or_lapses_and_never_both(desk: Store) -> None:
    def accept(id: OfferId) -> bool:
        with desk.writing() as tx:
            return tx.offers.mark(id, accepted_at=AT + seconds(60))

    def lapse(id: OfferId) -> bool:
        with desk.writing() as tx:
            return tx.offers.close(id, End.LAPSED, at=AT + seconds(60), lapsed=True)

    with hands() as together:
        for round in range(ROUNDS):
            offer = an_offer(round, ONE, of=1)
            assert claims(desk, offer)

            accepted, lapsed = together([partial(accept, offer.id), partial(lapse, offer.id)])

            assert accepted is not lapsed
            with desk.writing() as tx:
                tx.offers.close(offer.id, End.ANSWERED, at=AT)


def test_an_offer_and_the_end_of_the_last_one_of_its_agent_do_not_wait_for_each_other_for_ever(
    desk: Store,
) -> None:
    """What takes a call's row and then an offer's, beside what takes them the other way round."""

    def ends(id: OfferId) -> bool:
        with desk.writing() as tx:
            call = tx.calls.find(sid(1))
            assert call is not None
            closed = tx.offers.close(id, End.DECLINED, at=AT)
            return tx.calls.save(call.again(), over=call, at=AT) and closed

    def takes(offer: Offer) -> bool:
        made = False
        with desk.writing() as tx:
            call = tx.calls.find(sid(2))
            assert call is not None
            saved = tx.calls.save(call.again(), over=call, at=AT)
            made = tx.offers.claim(offer)
            if not (saved and made):
                raise Withdrawn
        return made

    with hands() as together:
        for round in range(ROUNDS):
            first, second = an_offer(2 * round, ONE, of=1), an_offer(2 * round + 1, ONE, of=2)
            assert claims(desk, first)

            ended, took = together([partial(ends, first.id), partial(takes, second)])

            assert ended
            with desk.writing() as tx:
                open = tx.offers.open_of(ONE)
                assert (open is not None and open.id == second.id) is took
                tx.offers.close(second.id, End.DECLINED, at=AT)


def test_a_callback_is_moved_once_from_one_state(desk: Store) -> None:
    from dispatcher.domain.callbacks import State

    def move(id: CallbackId) -> bool:
        with desk.writing() as tx:
            return tx.callbacks.move(id, of=State.WAITING, to=State.OFFERED, at=AT)

    with hands() as together:
        for _ in range(ROUNDS):
            moved = together([partial(move, CallbackId("k1"))] * 3)

            assert sorted(moved) == [False, False, True]
            with desk.writing() as tx:
                assert tx.callbacks.move(
                    CallbackId("k1"), of=State.OFFERED, to=State.WAITING, at=AT
                )


def test_without_the_index_somebody_who_looks_first_and_takes_after_is_with_two(
    postgresql_url: str,
) -> None:
    """Both look before either takes: what only the index forbids."""
    engine = connect(postgresql_url)
    store = Store(engine, vault())
    staff(store)
    has_calls(store, a_call(1), a_call(2))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX uq_offers_open_agent")
    both_looked = Barrier(2)

    def look_then_take(offer: Offer) -> bool:
        with store.writing() as tx:
            free = tx.offers.open_of(offer.agent) is None
            both_looked.wait(20)
            return free and tx.offers.claim(offer)

    with hands() as together:
        taken = together(partial(look_then_take, an_offer(of, ONE, of=of)) for of in (1, 2))

    engine.dispose()
    assert taken == [True, True]
