"""The second gate: an agent, a call and a callback have one open offer each, closed once."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Past
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.offers import End, Offer
from dispatcher.store.store import Store
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


@pytest.fixture
def desk(store: Store) -> Store:
    """Three agents, three calls and a callback."""
    staff(store, 3)
    has_calls(store, a_call(1), a_call(2), a_call(3))
    with store.writing() as tx:
        assert tx.callbacks.keep(a_callback(1, of=3))
    return store


ONE, TWO = AgentId(1), AgentId(2)


def found(store: Store, id: int = 1) -> Offer:
    with store.reading() as tx:
        offer = tx.offers.find(OfferId(f"o{id}"))
    assert offer is not None
    return offer


def closes(store: Store, id: int, end: End, *, after: float = 0) -> bool:
    with store.writing() as tx:
        return tx.offers.close(OfferId(f"o{id}"), end, at=AT + seconds(after))


@pytest.mark.parametrize(
    "second",
    [
        an_offer(2, ONE, of=2),
        an_offer(2, TWO, of=1),
        an_offer(1, TWO, of=2),
    ],
    ids=["the agent", "the call", "the offer's id"],
)
def test_nobody_has_two_open_offers(desk: Store, second: Offer) -> None:
    assert claims(desk, an_offer(1, ONE, of=1))

    assert not claims(desk, second)

    with desk.reading() as tx:
        assert tx.offers.open() == [an_offer(1, ONE, of=1)]


def test_a_callback_has_one_open_offer_too(desk: Store) -> None:
    kept = CallbackId("k1")

    assert claims(desk, an_offer(1, ONE, callback=kept))

    assert not claims(desk, an_offer(2, TWO, callback=kept))
    assert claims(desk, an_offer(3, TWO, of=1)), "another subject is another matter"


def test_a_closed_offer_makes_room_for_the_next(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, of=1))
    assert closes(desk, 1, End.DECLINED)

    assert claims(desk, an_offer(2, ONE, of=1))


def test_an_offer_is_for_a_call_or_for_a_callback_and_not_for_both_or_none(desk: Store) -> None:
    for call, callback in ((None, None), (sid(1), CallbackId("k1"))):
        with pytest.raises(sa.exc.IntegrityError):
            claims(desk, replace(an_offer(1, ONE), call=call, callback=callback))


def test_an_offer_is_closed_once_and_its_first_end_stays(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, of=1))

    assert closes(desk, 1, End.DECLINED, after=5)
    assert not closes(desk, 1, End.ANSWERED, after=9)

    assert (found(desk).end, found(desk).closed_at) == (End.DECLINED, AT + seconds(5))


def test_a_moment_is_marked_once_and_other_facts_as_often_as_they_change(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, of=1))

    with desk.writing() as tx:
        id = OfferId("o1")
        assert tx.offers.mark(id, picked_up_at=AT, lease_until=AT + seconds(75))
        assert not tx.offers.mark(id, picked_up_at=AT + seconds(1), lease_until=AT + seconds(99))
        assert tx.offers.mark(id, key_tries=1)
        assert tx.offers.mark(id, key_tries=2)

    offer = found(desk)
    assert (offer.picked_up_at, offer.lease_until) == (AT, AT + seconds(75))
    assert offer.key_tries == 2


def test_nothing_but_what_may_come_late_is_noted_on_a_closed_offer(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, of=1))
    closes(desk, 1, End.NO_ANSWER)

    with desk.writing() as tx:
        id = OfferId("o1")
        assert not tx.offers.mark(id, accepted_at=AT)
        tx.offers.unplace(id)
        assert tx.offers.learn(id, ringing_at=AT)
        assert not tx.offers.learn(id, ringing_at=AT + seconds(1))
        tx.offers.amend(id, End.CALLER_GONE)

    offer = found(desk)
    assert (offer.accepted_at, offer.ringing_at, offer.end) == (None, AT, End.CALLER_GONE)


def test_an_open_offer_is_not_amended(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, of=1))

    with desk.writing() as tx:
        tx.offers.amend(OfferId("o1"), End.CALLER_GONE)

    assert found(desk).end is None


def test_an_offer_lapses_at_the_end_of_its_lease_unless_it_was_accepted(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, of=1))
    claims(desk, an_offer(2, TWO, of=2, accepted_at=AT))

    def lapsed(after: float) -> list[str]:
        with desk.reading() as tx:
            return [offer.id for offer in tx.offers.lapsed(at=AT + seconds(after))]

    assert lapsed(59.999) == []
    assert lapsed(60) == ["o1"]
    for id, expected in ((1, True), (2, False)):
        with desk.writing() as tx:
            early = tx.offers.close(OfferId(f"o{id}"), End.LAPSED, at=AT + seconds(59), lapsed=True)
            late = tx.offers.close(OfferId(f"o{id}"), End.LAPSED, at=AT + seconds(60), lapsed=True)
        assert (early, late) == (False, expected)


def test_offers_of_callbacks_wait_to_be_placed_once(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, callback=CallbackId("k1")))
    claims(desk, an_offer(2, TWO, of=1))

    def unplaced(after: float = 3) -> list[str]:
        with desk.reading() as tx:
            return [*tx.offers.unplaced(before=AT + seconds(after))]

    assert unplaced(0) == []
    assert unplaced() == ["o1"]
    with desk.writing() as tx:
        assert tx.offers.mark(OfferId("o1"), placed_at=AT)
        assert not tx.offers.mark(OfferId("o1"), placed_at=AT)
    assert unplaced() == []
    with desk.writing() as tx:
        tx.offers.unplace(OfferId("o1"))
    assert unplaced() == ["o1"]


def test_a_conversation_of_a_callback_gone_quiet_is_overdue(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, callback=CallbackId("k1"), accepted_at=AT))
    claims(desk, an_offer(2, TWO, of=1, accepted_at=AT))

    with desk.reading() as tx:
        assert tx.offers.overdue(at=AT + seconds(59)) == []
        assert [offer.id for offer in tx.offers.overdue(at=AT + seconds(60))] == ["o1"]


def test_how_an_agents_latest_offers_ended_newest_first(desk: Store) -> None:
    for id, end in enumerate([End.FAILED, End.CALLER_GONE, End.NO_ANSWER, End.NO_ANSWER]):
        claims(desk, an_offer(id, ONE, of=1, opened_at=AT + seconds(id), ringing_at=AT))
        closes(desk, id, end, after=id)

    with desk.reading() as tx:
        latest = tx.offers.latest(ONE, limit=9)

    missed, failed = Past(missed=True, no_such_number=False), Past(False, False)
    assert latest == [missed, missed, failed]


def test_what_was_before_the_last_pause_is_forgotten(desk: Store) -> None:
    for id in (1, 2):
        claims(desk, an_offer(id, ONE, of=1, opened_at=AT + seconds(id), ringing_at=AT))
        closes(desk, id, End.NO_ANSWER, after=id)
    from dispatcher.domain.agents import Pause

    with desk.writing() as tx:
        at, until = AT + seconds(2), AT + seconds(60)
        assert tx.agents.pause(ONE, Pause.MISSED, at=at, until=until)
        assert not tx.agents.pause(ONE, Pause.MISSED, at=at, until=until)
        assert tx.offers.latest(ONE, limit=9) == []


def test_counts_of_an_hour_failures_and_talks(desk: Store) -> None:
    claims(desk, an_offer(1, ONE, of=1))
    closes(desk, 1, End.FAILED, after=10)
    claims(desk, an_offer(2, ONE, of=1, opened_at=AT + seconds(20), accepted_at=AT))
    closes(desk, 2, End.ANSWERED, after=90)

    with desk.reading() as tx:
        assert tx.offers.counts_since(AT) == {1: 2}
        assert tx.offers.counts_since(AT + seconds(1)) == {1: 1}
        assert tx.offers.failed_since(AT + seconds(10)) == [1]
        assert tx.offers.failed_since(AT + seconds(11)) == []
        assert tx.wrap_ups.talked_since(AT)[AgentId(1)].ended_at == AT + seconds(90)
        assert tx.wrap_ups.talked_since(AT + seconds(91)) == {}
        assert [offer.id for offer in tx.offers.of(call=sid(1))] == ["o1", "o2"]
        assert tx.offers.open_of(ONE) is None
