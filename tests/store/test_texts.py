"""A text is taken by one, settled by whoever has it, and kept from whoever said STOP."""

from datetime import timedelta
from functools import partial

import pytest

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.texts import LEASE, Caps, Kind, State, Text, TextId
from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Unreadable, Vault
from tests.hands import hands
from tests.store.rows import AT, seconds

CAPS, TODAY = Caps(), AT - timedelta(hours=9)
MONA = PhoneNumber("+33639980001")


def a_text(id: str = "t1", number: str = MONA, *, due: float = 0, lasts: float = 600) -> Text:
    return Text(
        *(TextId(id), Kind.AGENT_PAUSED, PhoneNumber(number), "Bonjour à toi", "a1"),
        *(AT, AT + seconds(due), AT + seconds(lasts)),
    )


def adds(store: Store, text: Text, caps: Caps = CAPS) -> bool:
    with store.writing() as tx:
        return tx.texts.add(text, caps, today=TODAY)


def claims(store: Store, text: Text, after: float = 0) -> Text | None:
    with store.writing() as tx:
        return tx.texts.claim(text, CAPS, today=TODAY, at=AT + seconds(after))


def settles(store: Store, text: Text, to: State) -> bool:
    with store.writing() as tx:
        return tx.texts.settle(text, to, {"due_at": AT})


def stops(store: Store, number: PhoneNumber = MONA) -> bool:
    with store.writing() as tx:
        return tx.stops.note(number, at=AT)


def test_what_was_taken_in_is_read_again_as_it_was(store: Store) -> None:
    assert adds(store, a_text())

    with store.reading() as tx:
        assert tx.texts.find(TextId("t1")) == a_text()
        assert tx.texts.find(TextId("t2")) is None


@pytest.mark.parametrize("after", [-1, 600, 601])
def test_a_text_is_taken_neither_before_it_is_due_nor_once_it_has_expired(
    store: Store, after: float
) -> None:
    adds(store, a_text())

    assert claims(store, a_text(), after) is None


def test_a_text_to_whom_said_stop_is_not_taken(store: Store) -> None:
    adds(store, a_text())
    assert stops(store)
    assert not stops(store), "once is enough"

    assert claims(store, a_text()) is None
    with store.writing() as tx:
        assert tx.stops.undo(MONA)
        assert not tx.stops.undo(MONA)
    assert claims(store, a_text()) is not None


def test_whoever_takes_a_text_has_it_to_themselves(store: Store) -> None:
    adds(store, a_text())

    taken = claims(store, a_text())

    assert taken is not None
    assert (taken.state, taken.tries, taken.lease_until) == (State.SENDING, 1, AT + LEASE)
    assert claims(store, a_text(), 5) is None


def test_an_earlier_try_is_fenced_out_while_a_later_one_goes_on(store: Store) -> None:
    adds(store, a_text())
    first = claims(store, a_text())
    assert first is not None
    assert settles(store, first, State.WAITING)
    second = claims(store, a_text(), 70)
    assert second is not None

    assert not settles(store, first, State.FAILED)
    with store.writing() as tx:
        assert not tx.texts.leave_unsure(first, until=AT)

    assert settles(store, second, State.SENT)
    assert not settles(store, second, State.WAITING), "it is over for whoever sent it"


def test_a_text_in_doubt_is_looked_up_by_one_once_its_lease_is_over(store: Store) -> None:
    adds(store, a_text())
    claims(store, a_text())

    def looks(after: float) -> bool:
        with store.writing() as tx:
            return tx.texts.claim_look(TextId("t1"), at=AT + seconds(after)) is not None

    assert not looks(59)
    with hands() as together:
        assert sorted(together([partial(looks, 60)] * 4)) == [False, False, False, True]


def test_a_worker_is_reminded_of_a_text_once_a_minute(store: Store) -> None:
    for n in range(3):
        adds(store, a_text(f"t{n}", f"+3363998000{n}", due=n))

    def due(after: float) -> int:
        with store.writing() as tx:
            return len(tx.texts.take_due(at=AT + seconds(after)))

    assert [due(after) for after in (5, 10, 11, 69, 70, 71)] == [0, 3, 0, 0, 3, 0]


def test_texts_at_the_same_moment_are_taken_in_once_each(store: Store) -> None:
    with hands() as together:
        same = together([partial(adds, store, a_text(f"t{n}")) for n in range(6)])
        others = together(
            [partial(adds, store, a_text(f"o{n}", f"+3363998010{n}")) for n in range(6)]
        )

    assert sum(same) == 1
    assert all(others)


def test_a_cap_is_kept_by_the_statement_that_takes_a_text_in(store: Store) -> None:
    caps = Caps(per_number=9, per_day=3)

    taken = [adds(store, a_text(f"t{n}", f"+3363998000{n}"), caps) for n in range(5)]

    assert taken == [True] * 3 + [False] * 2


def test_a_stop_noted_under_the_secret_before_holds_under_the_new_one(store: Store) -> None:
    old, new = Keys(b"o" * 32, b"p" * 32, b"q" * 32), Keys(b"r" * 32, b"s" * 32, b"t" * 32)
    before, now = Store(store.engine, Vault([old])), Store(store.engine, Vault([new, old]))
    adds(before, a_text())
    stops(before)

    assert claims(now, a_text()) is None
    assert not adds(now, a_text("t2"))
    with now.reading() as tx:
        assert tx.stops.holds(MONA)
        assert tx.texts.find(TextId("t1")) == a_text()


def test_words_are_sealed_and_no_other_key_opens_them() -> None:
    ours, theirs = (Vault([Keys(byte * 32, byte * 32, byte * 32)]) for byte in (b"a", b"b"))

    sealed = ours.seal_words("Bonjour à toi")

    assert b"Bonjour" not in sealed
    assert ours.open_words(sealed) == "Bonjour à toi"
    with pytest.raises(Unreadable):
        theirs.open_words(sealed)
    with pytest.raises(Unreadable):
        ours.open(sealed)
