"""Everything about one number is found, under older secrets too, and nobody else's."""

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import Outcome
from dispatcher.domain.known_callers import KnownCaller
from dispatcher.domain.offers import End
from dispatcher.store.schema import agents
from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Vault
from tests.office import vault
from tests.store.rows import (
    AT,
    a_call,
    a_callback,
    an_offer,
    claims,
    gives_telephones,
    has_calls,
    number,
    seconds,
    sid,
    staff,
)

OLD = Keys(b"o" * 32, b"p" * 32, b"q" * 32)
NEW = Keys(b"n" * 32, b"m" * 32, b"l" * 32)


def test_a_number_kept_under_the_secret_before_is_found_and_erased(store: Store) -> None:
    before = Store(store.engine, Vault([OLD]))
    has_calls(before, a_call().ends(Outcome.ANSWERED, at=AT))
    has_calls(before, a_call(2, number=None, keyed_number=number(1)).ends(Outcome.ABANDONED, at=AT))
    with before.writing() as tx:
        tx.callbacks.keep(a_callback(closed_at=AT))
        tx.known_callers.remember(number(1), KnownCaller("05096", None), until=AT)
    now = Store(store.engine, Vault([NEW, OLD]))

    with now.writing() as tx:
        held = tx.person
        assert held.calls(number(1)) == [sid(1)]
        assert held.keyed_on(number(1)) == [sid(2)]
        assert held.callbacks(number(1)) == [a_callback().id]
        assert held.known(number(1)) == ("05096", AT)
        assert held.erase_calls(number(1), [sid(2)]) == 2
        assert held.erase_callbacks(number(1)) == 1
        assert held.erase_known(number(1)) == 1

    with now.reading() as tx:
        held = tx.person
        assert held.calls(number(1)) == held.keyed_on(number(1)) == []
        assert held.callbacks(number(1)) == []
        assert held.known(number(1)) is None


def test_somebody_else_on_whose_call_it_was_keyed_keeps_their_own_number(store: Store) -> None:
    has_calls(store, a_call(keyed_number=number(9)).ends(Outcome.CALLBACK, at=AT))

    with store.writing() as tx:
        assert tx.person.erase_calls(number(9), tx.person.keyed_on(number(9))) == 1

    with store.reading() as tx:
        left = tx.calls.find(sid(1))
    assert left is not None
    assert (left.number, left.keyed_number) == (number(1), None)


def test_calls_not_ended_and_callbacks_owed_stay(store: Store) -> None:
    has_calls(store, a_call(keyed_number=number(9)))
    with store.writing() as tx:
        tx.callbacks.keep(a_callback())

    with store.writing() as tx:
        assert tx.person.erase_calls(number(1), [sid(1)]) == 0
        assert tx.person.erase_calls(number(9), [sid(1)]) == 0
        assert tx.person.erase_callbacks(number(1)) == 0


def test_an_agent_is_blanked_but_not_while_their_telephone_rings(store: Store) -> None:
    staff(store, 2)
    gives_telephones(store, vault())
    has_calls(store, a_call())
    offer = an_offer(1, AgentId(1), of=1)
    assert claims(store, offer)

    with store.writing() as tx:
        assert tx.person.erase_agent(number(1), name="(effacé)") == 0
        tx.offers.close(offer.id, End.ANSWERED, at=AT + seconds(9))
        assert tx.person.rung(AgentId(1)) == [(AT, "answered")]
        assert tx.person.erase_agent(number(1), name="(effacé)") == 1
        assert tx.person.erase_agent(number(1), name="(effacé)") == 0

    with store.reading() as tx:
        assert tx.agents.at_number(number(1)) is None
        assert tx.agents.at_number(number(2)) == AgentId(2)
    with store.engine.connect() as connection:
        row = connection.execute(sa.select(agents).where(agents.c.id == 1)).mappings().one()
    assert (row["name"], row["email"], row["telephone"]) == ("(effacé)", None, None)
    assert row["pin_hash"] is row["telephone_key"] is None
