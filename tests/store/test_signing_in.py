"""What serves once serves once, however many come with it at the same moment; on either database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import (
    Email,
    How,
    Lifetimes,
    LinkKind,
    Session,
    Stage,
    User,
    UserId,
)
from dispatcher.store.attempts import Attempt
from dispatcher.store.store import Store, Transaction
from tests.hands import hands
from tests.store.rows import AT

CARLA = User(UserId("c" * 24), Email("carla@exemple.test"), AT, grants=(Grant(Role.TECHNICAL),))
MINUTE = timedelta(minutes=1)
LASTING = Lifetimes()


def session_of(user: UserId, id: str) -> Session:
    return Session(id, user, Stage.IN, How.LINK, began_at=AT, seen_at=AT, until=AT + MINUTE)


@pytest.fixture
def carla(store: Store) -> UserId:
    with store.writing() as tx:
        assert tx.users.add(CARLA)
        tx.sign_in_links.add("link", CARLA.id, LinkKind.ASKED, until=AT + MINUTE)
        tx.sign_in_links.request("request", CARLA.email, at=AT)
        tx.proofs.replace_paper(CARLA.id, ["paper", "other"])
        tx.attempts.add("attempt", Attempt("nonce", "", ""), until=AT + MINUTE)
    return CARLA.id


def takes(tx: Transaction, carla: UserId, what: str) -> object:
    match what:
        case "link":
            return tx.sign_in_links.claim("link", at=AT)
        case "step":
            return tx.proofs.spend_step(carla, 7)
        case "paper":
            return tx.proofs.spend_paper(carla, "paper")
        case "attempt":
            return tx.attempts.claim("attempt", at=AT)
        case _:
            return tx.sign_in_links.take("request")


@pytest.mark.parametrize("what", ["link", "step", "paper", "request", "attempt"])
def test_of_six_hands_at_once_one_has_it(store: Store, carla: UserId, what: str) -> None:
    had: list[object] = []

    def act() -> None:
        with store.writing() as tx:
            had.append(takes(tx, carla, what))

    with hands() as together:
        together([act] * 6)

    assert len([each for each in had if each]) == 1


def test_a_step_of_time_only_moves_forward(store: Store, carla: UserId) -> None:
    with store.writing() as tx:
        assert [tx.proofs.spend_step(carla, step) for step in (7, 6, 7, 8)] == [
            True,
            False,
            False,
            True,
        ]


def test_a_user_is_read_as_they_were_written(store: Store, carla: UserId) -> None:
    with store.reading() as tx:
        assert tx.users.find(carla) == tx.users.of_email(CARLA.email) == CARLA
        assert tx.users.of_email(Email("nobody@exemple.test")) is None
    with store.writing() as tx:
        assert not tx.users.add(CARLA)


def test_whoever_is_kept_out_has_neither_link_nor_session(store: Store, carla: UserId) -> None:
    with store.writing() as tx:
        tx.sessions.add("hash", session_of(carla, "one"))
        assert tx.sessions.find("hash", LASTING, at=AT) is not None
        tx.users.disable(carla, at=AT)

        assert tx.sessions.find("hash", LASTING, at=AT) is None
        assert tx.sign_in_links.claim("link", at=AT) is None
        tx.users.enable(carla)
        assert tx.sign_in_links.claim("link", at=AT) == carla


def test_nobody_ends_the_session_of_another(store: Store, carla: UserId) -> None:
    dora = replace(CARLA, id=UserId("d" * 24), email=Email("dora@exemple.test"))
    with store.writing() as tx:
        assert tx.users.add(dora)
        tx.sessions.add("hash", session_of(carla, "one"))

        assert not tx.sessions.end_one("one", of=dora.id)
        assert tx.sessions.find("hash", LASTING, at=AT) is not None
        assert tx.sessions.end_one("one", of=carla)
        assert tx.sessions.find("hash", LASTING, at=AT) is None
