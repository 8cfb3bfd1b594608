"""Messages on either database: expected once, fetched by one, told of at any moment, erased."""

from datetime import timedelta

from dispatcher.domain.calls import CallSid
from dispatcher.domain.messages import LEASE, LOOKED_FOR_AFTER, Message, MessageId, State, expected
from dispatcher.store.store import Store
from tests.hands import hands
from tests.store.rows import AT, a_call, has_calls

ID = MessageId("a" * 24)
SID = a_call().sid
LATER = AT + LOOKED_FOR_AFTER


def expects(store: Store, *, id: MessageId = ID) -> bool:
    with store.writing() as tx:
        return tx.messages.expect(expected(id, SID, None, at=AT))
    raise AssertionError


def claimed(store: Store, **how: timedelta) -> Message | None:
    with store.writing() as tx:
        return tx.messages.claim(ID, at=LATER + how.get("after", timedelta(0)))
    raise AssertionError


def test_a_call_leaves_one_message(store: Store) -> None:
    has_calls(store, a_call())

    assert expects(store)
    assert not expects(store, id=MessageId("b" * 24))


def test_of_several_workers_one_takes_it_until_its_lease_is_over(store: Store) -> None:
    has_calls(store, a_call())
    expects(store)

    with hands(4) as together:
        taken = together([lambda: claimed(store)] * 4)

    assert sum(each is not None for each in taken) == 1
    assert claimed(store, after=LEASE) is not None


def test_who_comes_back_after_their_lease_keeps_nothing(store: Store) -> None:
    has_calls(store, a_call())
    expects(store)
    late, now = claimed(store), claimed(store, after=LEASE)
    assert late is not None
    assert now is not None

    with store.writing() as tx:
        assert not tx.messages.keep(late, b"late", at=LATER)
        assert tx.messages.keep(now, b"now", at=LATER)
        assert not tx.messages.keep(now, b"again", at=LATER)
    with store.reading() as tx:
        assert tx.messages.sound(ID) == b"now"


def test_what_the_carrier_tells_while_it_is_fetched_is_looked_at_after(store: Store) -> None:
    has_calls(store, a_call())
    expects(store)
    message = claimed(store)
    assert message is not None
    told = LATER + timedelta(seconds=1)

    with store.writing() as tx:
        assert tx.messages.heard_of(SID, at=told) == ID
        tx.messages.settle(message, State.OVER)
    with store.writing() as tx:
        assert tx.messages.take_due(at=told + timedelta(minutes=1)) == [ID]
        assert tx.messages.heard_of(CallSid("CA" + "9" * 32), at=told) is None


def test_one_that_is_over_is_looked_at_again_when_the_carrier_tells_of_it(store: Store) -> None:
    has_calls(store, a_call())
    expects(store)
    message = claimed(store)
    assert message is not None

    with store.writing() as tx:
        tx.messages.settle(message, State.OVER)
        assert tx.messages.take_due(at=LATER + LEASE) == []
        tx.messages.heard_of(SID, at=LATER + LEASE)
    with store.reading() as tx:
        again = tx.messages.find(ID)
    assert again is not None
    assert again.state is State.EXPECTED


def test_it_is_tried_again_when_it_is_due(store: Store) -> None:
    has_calls(store, a_call())
    expects(store)
    message = claimed(store)
    assert message is not None
    due_at = LATER + timedelta(minutes=3)

    with store.writing() as tx:
        tx.messages.settle(message, State.EXPECTED, due_at=due_at)
        assert tx.messages.take_due(at=LATER + timedelta(minutes=2)) == []
    with store.writing() as tx:
        assert tx.messages.take_due(at=due_at) == [ID]
        assert tx.messages.take_due(at=due_at) == [], "a worker was reminded just now"


def test_one_that_is_erased_is_never_kept_after(store: Store) -> None:
    has_calls(store, a_call())
    expects(store)
    message = claimed(store)
    assert message is not None

    with store.writing() as tx:
        assert tx.messages.erase([SID], [], at=LATER) == 1
        assert not tx.messages.keep(message, b"late", at=LATER)
        assert tx.messages.erase([SID], [], at=LATER) == 0
    with store.reading() as tx:
        assert tx.messages.sound(ID) is None
