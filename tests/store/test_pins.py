"""An agent's PIN: whose it is, and that nobody may guess at it for long."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import PIN_LOCKED, AgentId, Aside, Refused
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.database import connect
from dispatcher.store.schema import agents
from dispatcher.store.store import Store, Withdrawn
from dispatcher.store.vault import Keys, Vault
from tests.hands import hands
from tests.office import vault
from tests.store.rows import AT, gives_telephones, number, seconds, staff

ONE, TWO = AgentId(1), AgentId(2)
GUESSES = 40


@pytest.fixture
def desk(store: Store) -> Store:
    """Two agents with a number and a PIN each."""
    staff(store, 2)
    gives_telephones(store, vault())
    return store


def keys(
    store: Store, pin: str, *, at: float = 0, by: PhoneNumber = number(1)
) -> AgentId | Refused:
    with store.writing() as tx:
        return tx.pins.attempt(by, pin, at=AT + seconds(at))
    raise AssertionError


def may(store: Store, *, at: float = 0, by: PhoneNumber = number(1)) -> bool | None:
    with store.reading() as tx:
        return tx.pins.may_be_tried(by, at=AT + seconds(at))


def becomes(store: Store, **facts: Any) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.update(agents).where(agents.c.id == ONE).values(**facts))


def test_the_right_pin_from_their_own_telephone_is_theirs(desk: Store) -> None:
    assert keys(desk, "4321") == ONE
    assert keys(desk, "4322", by=number(2)) == TWO


@pytest.mark.parametrize(
    ("pin", "by"),
    [("4322", number(1)), ("", number(1)), ("4321", number(2)), ("4321", number(9))],
    ids=["a colleague's PIN", "no PIN", "a colleague's telephone", "a stranger's telephone"],
)
def test_any_other_is_nobodys(desk: Store, pin: str, by: PhoneNumber) -> None:
    assert keys(desk, pin, by=by) is Refused.WRONG


def test_who_is_asked_for_a_pin(desk: Store) -> None:
    assert may(desk) is True
    assert may(desk, by=number(9)) is None
    becomes(desk, aside=Aside.NO_SUCH_NUMBER)
    assert may(desk) is True
    becomes(desk, aside=Aside.FORWARDED_TO_US)
    assert may(desk) is None
    assert keys(desk, "4321") is Refused.WRONG
    becomes(desk, aside=None, pin_hash=None)
    assert may(desk) is None
    assert keys(desk, "") is Refused.WRONG


def test_three_wrong_ones_lock_it_for_a_quarter_of_an_hour_even_for_the_right_one(
    desk: Store,
) -> None:
    assert [keys(desk, "0000", at=second) for second in range(3)] == [
        Refused.WRONG,
        Refused.WRONG,
        Refused.LOCKED,
    ]

    locked = 2 + PIN_LOCKED.total_seconds()
    assert [may(desk, at=at) for at in (3, locked - 1, locked)] == [False, False, True]
    assert [keys(desk, "4321", at=at) for at in (3, locked - 1)] == [Refused.LOCKED] * 2
    assert keys(desk, "4321", at=locked) == ONE
    assert keys(desk, "4322", by=number(2), at=4) == TWO, "a colleague's is not locked"


def test_tries_while_it_is_locked_do_not_make_it_last_longer(desk: Store) -> None:
    for second in range(10):
        keys(desk, "0000", at=second)

    assert keys(desk, "4321", at=2 + PIN_LOCKED.total_seconds()) == ONE


def test_a_lock_that_is_over_allows_three_more(desk: Store) -> None:
    for second in range(3):
        keys(desk, "0000", at=second)
    later = PIN_LOCKED.total_seconds() + 10

    again = [keys(desk, "0000", at=later + second) for second in range(3)]

    assert again == [Refused.WRONG, Refused.WRONG, Refused.LOCKED]


def test_a_right_one_makes_the_count_begin_again(desk: Store) -> None:
    tried = [keys(desk, pin) for pin in ("0000", "0000", "4321", "0000", "0000", "4321")]

    assert tried == [Refused.WRONG, Refused.WRONG, ONE, Refused.WRONG, Refused.WRONG, ONE]


def test_a_try_of_a_move_that_was_not_made_is_not_counted(desk: Store) -> None:
    for _ in range(5):
        with desk.writing() as tx:
            tx.pins.attempt(number(1), "0000", at=AT)
            raise Withdrawn

    assert keys(desk, "4321") == ONE


def test_however_many_guess_at_once_three_are_compared(
    desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    is_pin = Vault.is_pin

    def compares(self: Vault, pin: str, kept: str) -> bool:
        compared.append(pin)
        return is_pin(self, pin, kept)

    monkeypatch.setattr(Vault, "is_pin", compares)

    with hands(GUESSES) as together:
        for round in range(4):
            at = round * 2 * PIN_LOCKED.total_seconds()
            compared.clear()

            tried = together(partial(keys, desk, f"{guess:04}", at=at) for guess in range(GUESSES))

            assert len(compared) == 3
            assert tried.count(Refused.LOCKED) == GUESSES - 2
            assert keys(desk, "4321", at=at + 60) is Refused.LOCKED


def test_the_right_pin_among_many_guesses_is_never_let_in_after_the_lock(desk: Store) -> None:
    with hands(GUESSES) as together:
        for round in range(5):
            at = round * 2 * PIN_LOCKED.total_seconds()
            guesses = ["0000"] * 10 + ["4321"] + ["0000"] * 10

            tried = together(partial(keys, desk, pin, at=at) for pin in guesses)

            assert tried.count(Refused.WRONG) in ({2, 3, 4} if ONE in tried else {2})
            assert may(desk, at=at + 1) is False


def test_after_the_secret_changed_agents_are_still_known_by_number_and_pin(
    sqlite_url: str,
) -> None:
    old, new = (Keys(each * 32, each * 32, each * 32) for each in (b"o", b"n"))
    engine = connect(sqlite_url)
    before, after = Store(engine, Vault([old])), Store(engine, Vault([new, old]))
    staff(before, 2)
    gives_telephones(before, Vault([old]))

    assert keys(after, "4321") == ONE

    with after.reading() as tx:
        assert tx.agents.telephone(ONE) == number(1)
        assert tx.agents.at_number(number(2)) == TWO
    engine.dispose()


def test_how_long_a_pin_is_locked() -> None:
    assert timedelta(minutes=15) == PIN_LOCKED
