"""Whether an agent may be rung: pauses, what ends them, and numbers put aside."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Agent, AgentId, Aside, Pause
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.database import connect
from dispatcher.store.schema import agents
from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Vault
from tests.office import vault
from tests.store.rows import AT, number, seconds, staff

ONE, TWO = AgentId(1), AgentId(2)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def desk(store: Store) -> Store:
    """Two agents with a number and a PIN each."""
    staff(store, 2)
    gives_telephones(store, vault())
    return store


def gives_telephones(store: Store, vault: Vault) -> None:
    with store.engine.begin() as connection:
        for id in (1, 2):
            facts = {
                "telephone": vault.seal(number(id)),
                "telephone_key": vault.key(number(id)),
                "pin_hash": vault.hash_pin(f"432{id}"),
            }
            connection.execute(sa.update(agents).where(agents.c.id == id).values(**facts))


def pauses(store: Store, id: AgentId = ONE) -> None:
    with store.writing() as tx:
        assert tx.agents.pause(id, Pause.MISSED, at=AT, until=AT + HALF_AN_HOUR)


def resumes(store: Store, pin: str, *, at: float = 60, by: PhoneNumber = number(1)) -> bool:
    with store.writing() as tx:
        return tx.agents.resume(by, pin, at=AT + seconds(at)) is not None


def agent(store: Store, id: AgentId = ONE) -> Agent:
    with store.reading() as tx:
        [found] = tx.agents.roster(lambda commune: "Europe/Paris", only=[id])
    return found


def test_the_roster_has_everybody_or_those_asked_for(desk: Store) -> None:
    with desk.reading() as tx:
        assert [a.id for a in tx.agents.roster(lambda _: "Europe/Paris")] == [1, 2]
        assert [a.id for a in tx.agents.roster(lambda _: "Europe/Paris", only=[TWO])] == [2]
        assert tx.agents.roster(lambda _: "Europe/Paris", only=[]) == []
        assert tx.agents.telephone(ONE) == number(1)
        assert tx.agents.at_number(number(2)) == TWO
        assert tx.agents.at_number(number(3)) is None


def test_a_paused_agent_is_not_on_until_their_pause_ends_by_itself(desk: Store) -> None:
    pauses(desk)

    assert agent(desk).on_until(AT + HALF_AN_HOUR - seconds(1)) is None
    assert agent(desk).on_until(AT + HALF_AN_HOUR) is not None
    assert agent(desk, TWO).on_until(AT) is not None


def test_the_right_pin_from_their_own_telephone_ends_a_pause(desk: Store) -> None:
    pauses(desk)

    assert resumes(desk, "4321")

    assert agent(desk).on_until(AT + seconds(60)) is not None


@pytest.mark.parametrize(
    ("pin", "by"),
    [("4322", number(1)), ("", number(1)), ("4321", number(2)), ("4321", number(9))],
    ids=["a colleague's PIN", "no PIN", "a colleague's telephone", "a stranger's telephone"],
)
def test_anything_else_ends_no_pause(desk: Store, pin: str, by: PhoneNumber) -> None:
    pauses(desk)

    assert not resumes(desk, pin, by=by)

    assert agent(desk).on_until(AT + seconds(60)) is None


def test_a_pause_that_is_over_asks_for_no_pin(desk: Store) -> None:
    pauses(desk)

    with desk.reading() as tx:
        assert tx.agents.paused_at_number(number(1), at=AT + seconds(1)) == ONE
        assert tx.agents.paused_at_number(number(1), at=AT + HALF_AN_HOUR) is None
    assert not resumes(desk, "4321", at=30 * 60)


def test_somebody_without_a_pin_is_not_asked_for_one(desk: Store) -> None:
    with desk.engine.begin() as connection:
        connection.execute(sa.update(agents).values(pin_hash=None))
    pauses(desk)

    with desk.reading() as tx:
        assert tx.agents.paused_at_number(number(1), at=AT) is None
    assert not resumes(desk, "")


def test_a_number_is_put_aside_once_and_rung_no_more(desk: Store) -> None:
    with desk.writing() as tx:
        assert tx.agents.put_aside(ONE, Aside.NO_SUCH_NUMBER, at=AT)
        assert not tx.agents.put_aside(ONE, Aside.FORWARDED_TO_US, at=AT)

    assert agent(desk).aside is Aside.NO_SUCH_NUMBER
    assert agent(desk).on_until(AT) is None


def test_after_the_secret_changed_agents_are_still_known_by_number_and_pin(
    sqlite_url: str,
) -> None:
    old, new = (Keys(each * 32, each * 32, each * 32) for each in (b"o", b"n"))
    engine = connect(sqlite_url)
    before, after = Store(engine, Vault([old])), Store(engine, Vault([new, old]))
    staff(before, 2)
    gives_telephones(before, Vault([old]))
    pauses(before)

    assert resumes(after, "4321")

    with after.reading() as tx:
        assert tx.agents.telephone(ONE) == number(1)
        assert tx.agents.at_number(number(2)) == TWO
    engine.dispose()
