"""A mail is taken in once, taken by one, and handed over by whoever has it still."""

from datetime import timedelta
from functools import partial

import pytest

from dispatcher.domain.mails import LEASE, SHOWN_FOR, Address, Kind, Mail, MailId, Now, State
from dispatcher.domain.retention import Data
from dispatcher.store.retention import SWEPT
from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Vault
from tests.hands import hands
from tests.store.rows import AT, seconds

CHEF = "chef@exemple.test"
OVER = LEASE.total_seconds()


def a_mail(id: str = "m1", to: str = CHEF, *, about: str = "a1", lasts: float = 6000) -> Mail:
    return Mail(
        *(MailId(id), Kind.WAITS, Address(to), "Une attente", "Bonjour à vous", about),
        *(AT, AT, AT + seconds(lasts)),
    )


def adds(store: Store, mail: Mail) -> bool:
    with store.writing() as tx:
        return tx.mails.add(mail)


def claims(store: Store, after: float = 0) -> Mail | None:
    with store.writing() as tx:
        return tx.mails.claim(MailId("m1"), at=AT + seconds(after))


def taken(store: Store, after: float = 0) -> Mail:
    mail = claims(store, after)
    assert mail is not None
    return mail


def hands_over(store: Store, mail: Mail, after: float = 0) -> bool:
    with store.writing() as tx:
        return tx.mails.hand(mail, at=AT + seconds(after))


def settles(store: Store, mail: Mail, to: State) -> bool:
    with store.writing() as tx:
        return tx.mails.settle(mail, to, {"due_at": AT})


def sweeps(store: Store, after: float) -> tuple[int, int]:
    """How many are left unsure, and how many wait again."""
    with store.writing() as tx:
        at = AT + seconds(after)
        back = tx.mails.give_back(at=at)
        return tx.mails.leave_unsure(at=at), back


def state(store: Store) -> State:
    with store.reading() as tx:
        mail = tx.mails.find(MailId("m1"))
    assert mail is not None
    return mail.state


def test_what_was_taken_in_is_read_again_as_it_was_and_lies_sealed(store: Store) -> None:
    assert adds(store, a_mail())

    with store.reading() as tx:
        assert tx.mails.find(MailId("m1")) == a_mail()
        assert tx.mails.find(MailId("m2")) is None
    with store.engine.connect() as connection:
        [row] = connection.exec_driver_sql("SELECT * FROM mails")
    kept = " ".join(repr(bytes(cell) if isinstance(cell, memoryview) else cell) for cell in row)
    assert "exemple" not in kept
    assert "Bonjour" not in kept
    assert "attente" not in kept


def test_one_mail_for_a_kind_an_address_and_a_matter(store: Store) -> None:
    adds(store, a_mail())

    assert not adds(store, a_mail("m2"))
    assert not adds(store, a_mail("m3", CHEF.title()))
    assert adds(store, a_mail("m4", about="a2"))
    assert adds(store, a_mail("m5", "adjointe@exemple.test"))


def test_of_those_who_take_one_mail_in_at_the_same_moment_one_does(store: Store) -> None:
    with hands() as together:
        found = together([partial(adds, store, a_mail(f"m{n}")) for n in range(6)])

    assert sum(found) == 1


@pytest.mark.parametrize("after", [-1, 6000, 6001])
def test_a_mail_is_taken_neither_before_it_is_due_nor_once_it_has_expired(
    store: Store, after: float
) -> None:
    adds(store, a_mail())

    assert claims(store, after) is None


def test_of_workers_who_take_a_mail_at_the_same_moment_one_has_it(store: Store) -> None:
    adds(store, a_mail())
    with hands() as together:
        found = [each for each in together([partial(claims, store)] * 4) if each is not None]

    [mail] = found
    assert (mail.state, mail.tries, mail.lease_until) == (State.SENDING, 1, AT + LEASE)
    assert claims(store, 5) is None


def test_whoever_died_before_the_server_had_it_leaves_it_waiting(store: Store) -> None:
    adds(store, a_mail())
    taken(store)

    assert sweeps(store, OVER - 1) == (0, 0)
    assert sweeps(store, OVER) == (0, 1)
    assert taken(store, OVER).tries == 2


def test_whoever_died_while_handing_it_over_leaves_it_to_be_verified(store: Store) -> None:
    adds(store, a_mail())
    assert hands_over(store, taken(store))

    assert sweeps(store, OVER - 1) == (0, 0)
    assert sweeps(store, OVER) == (1, 0)
    assert claims(store, OVER) is None
    with store.reading() as tx:
        assert tx.mails.standing(at=AT + seconds(OVER)) == Now(waiting=0, unsure=1)
        assert tx.mails.standing(at=AT + SHOWN_FOR) == Now(waiting=0, unsure=0)


def test_a_later_try_is_not_taken_for_handed_over_because_an_earlier_one_was(
    store: Store,
) -> None:
    adds(store, a_mail())
    first = taken(store)
    hands_over(store, first)
    settles(store, first, State.WAITING)
    taken(store, 10)

    assert sweeps(store, 10 + OVER) == (0, 1)


def test_whoever_was_held_up_past_their_lease_hands_nothing_over(store: Store) -> None:
    adds(store, a_mail())
    first = taken(store)

    assert not hands_over(store, first, OVER)
    sweeps(store, OVER)
    second = taken(store, OVER)

    assert not hands_over(store, first, OVER)
    assert hands_over(store, second, OVER)
    assert not settles(store, first, State.FAILED)
    assert settles(store, second, State.SENT)
    assert not settles(store, second, State.WAITING)


def test_nothing_is_handed_over_once_it_has_expired(store: Store) -> None:
    adds(store, a_mail(lasts=20))

    assert not hands_over(store, taken(store), 20)


def test_what_the_server_says_after_the_lease_settles_what_was_to_be_verified(
    store: Store,
) -> None:
    adds(store, a_mail())
    mail = taken(store)
    hands_over(store, mail)
    sweeps(store, OVER)

    assert settles(store, mail, State.SENT)
    assert state(store) is State.SENT


def test_a_worker_is_reminded_of_a_mail_once_a_minute(store: Store) -> None:
    for n in range(3):
        adds(store, a_mail(f"m{n}", about=f"a{n}"))

    def due(after: float) -> int:
        with store.writing() as tx:
            return len(tx.mails.take_due(at=AT + seconds(after)))

    assert [due(after) for after in (5, 10, 11, 69, 70, 71)] == [0, 3, 0, 0, 3, 0]


def test_what_waited_too_long_is_dropped(store: Store) -> None:
    adds(store, a_mail(lasts=60))

    with store.writing() as tx:
        assert tx.mails.drop_expired(at=AT + seconds(59)) == 0
        assert tx.mails.drop_expired(at=AT + seconds(60)) == 1
    assert state(store) is State.DROPPED


def test_a_mail_sealed_under_the_secret_before_is_read_under_the_new_one(store: Store) -> None:
    old, new = Keys(b"o" * 32, b"p" * 32, b"q" * 32), Keys(b"r" * 32, b"s" * 32, b"t" * 32)
    before, now = Store(store.engine, Vault([old])), Store(store.engine, Vault([new, old]))

    adds(before, a_mail())

    with now.reading() as tx:
        assert tx.mails.find(MailId("m1")) == a_mail()


@pytest.mark.parametrize("over", [State.SENT, State.UNSURE, State.FAILED])
def test_a_mail_that_is_over_is_erased_with_its_period_and_one_that_waits_is_not(
    store: Store, over: State
) -> None:
    adds(store, a_mail())
    settles(store, taken(store), over)
    adds(store, a_mail("m2", about="a2"))
    [rows] = SWEPT[Data.MAILS]
    before = AT + timedelta(days=1)

    with store.writing() as tx:
        assert tx.retention.outdated(rows, before=AT - seconds(1), limit=9) == []
        keys = tx.retention.outdated(rows, before=before, limit=9)
        assert keys == [("m1",)]
        assert tx.retention.erase(rows, keys, before=before) == 1
