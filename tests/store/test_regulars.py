"""The list of regulars, on either database."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.calls import RegularId
from dispatcher.domain.regulars import Consent, Purpose, Regular, call_of
from dispatcher.domain.retention import Data
from dispatcher.store.regulars import regulars
from dispatcher.store.schema import callbacks
from dispatcher.store.store import Store
from dispatcher.store.vault import Vault
from tests.hands import hands
from tests.office import vault
from tests.store.rows import AT, LINE, number, staff
from tests.store.test_person import NEW, OLD
from tests.store.test_retention import erase

DAY = timedelta(days=1)


@pytest.fixture
def rose(store: Store) -> Regular:
    [agent] = staff(store)
    made = Regular(
        id=RegularId("r1"),
        line=LINE,
        number=number(1),
        first_name="Rose",
        commune="05096",
        need=Need.MEDIATION,
        purpose=Purpose.NEWS,
        agent=agent,
        every_days=30,
        next_at=AT,
        until=AT + 200 * DAY,
        consented_at=AT - 40 * DAY,
        consent=Consent.PAPER,
    )
    with store.writing() as tx:
        assert tx.regulars.add(made)
    return made


def test_what_is_kept_is_found_again_and_cannot_be_read(store: Store, rose: Regular) -> None:
    with store.reading() as tx:
        assert tx.regulars.of(number(1), "rosé", Purpose.NEWS) == rose
        assert tx.regulars.of(number(1), "Rose", Purpose.LEARNING) is None
        assert tx.regulars.all() == [rose]
    with store.engine.connect() as connection:
        row = connection.execute(sa.select(regulars)).one()
    assert not any("Rose" in str(cell) or number(1)[1:] in str(cell) for cell in row)


def test_one_person_is_on_the_list_once_for_one_purpose(store: Store, rose: Regular) -> None:
    with store.writing() as tx:
        assert not tx.regulars.add(replace(rose, id=RegularId("r2"), first_name="ROSE"))
        assert tx.regulars.add(replace(rose, id=RegularId("r3"), purpose=Purpose.LEARNING))
        assert tx.regulars.add(replace(rose, id=RegularId("r4"), first_name="Paul"))


def test_a_person_is_found_under_the_secret_before(store: Store, rose: Regular) -> None:
    before, now = Store(store.engine, Vault([OLD])), Store(store.engine, Vault([NEW, OLD]))
    with before.writing() as tx:
        assert tx.regulars.add(replace(rose, id=RegularId("r2"), number=number(2)))

    with now.writing() as tx:
        found = tx.regulars.of(number(2), "Rose", Purpose.NEWS)
        assert tx.person.regulars(number(2)) == ["r2"]
        assert tx.person.erase_regulars(number(2)) == 1
    assert found is not None
    assert found.id == "r2"


def test_of_many_who_claim_one_at_once_one_has_them(store: Store, rose: Regular) -> None:
    def claims() -> bool:
        with store.writing() as tx:
            return tx.regulars.claim(rose, next_at=AT + 30 * DAY)

    with hands() as together:
        claimed = together([partial(claims)] * 6)

    assert sorted(claimed) == [False] * 5 + [True]


def test_whoever_stopped_is_neither_due_nor_claimed_nor_renewed_by_an_old_consent(
    store: Store, rose: Regular
) -> None:
    with store.writing() as tx:
        assert tx.regulars.stop(rose.id, at=AT)
        assert not tx.regulars.stop(rose.id, at=AT + DAY)

        assert tx.regulars.due(at=AT + DAY, limit=9) == []
        assert not tx.regulars.claim(rose, next_at=AT + DAY)
        assert not tx.regulars.prolong(rose.id, Consent.PAPER, until=AT + 300 * DAY, at=AT)
        assert not tx.regulars.renew(rose)
        assert tx.regulars.renew(replace(rose, consented_at=AT + DAY))
        assert tx.regulars.due(at=AT + DAY, limit=9)


def test_nobody_is_due_whose_call_is_not_over_or_whose_last_day_is(
    store: Store, rose: Regular
) -> None:
    with store.writing() as tx:
        assert tx.regulars.due(at=AT - DAY, limit=9) == []
        assert tx.regulars.due(at=rose.until, limit=9) == []
        call = call_of(rose, CallbackId("k1"), at=AT)
        assert tx.callbacks.keep(call)
        assert tx.regulars.due(at=AT, limit=9) == []
        assert tx.regulars.planned(rose.id) == call.id
        assert tx.callbacks.find(call.id) == call

        tx.callbacks.move(call.id, of=State.WAITING, to=State.REACHED, at=AT + DAY)

        assert tx.regulars.due(at=AT, limit=9) == [rose]
        assert tx.regulars.last_call(rose.id) == (State.REACHED, AT + DAY)


def test_who_goes_on_was_asked(store: Store, rose: Regular) -> None:
    with store.writing() as tx:
        assert tx.regulars.claim(rose, next_at=AT, asked_again_at=AT)
        assert tx.regulars.prolong(rose.id, Consent.TELEPHONE, until=AT + 300 * DAY, at=AT)
        found = tx.regulars.find(rose.id)

    assert found == replace(
        rose, until=AT + 300 * DAY, consent=Consent.TELEPHONE, consented_at=AT, asked_again_at=None
    )


@pytest.mark.parametrize("stops", [True, False])
def test_whose_calls_ended_is_erased_with_the_period_of_numbers(
    store: Store, rose: Regular, stops: bool
) -> None:
    end = AT if stops else rose.until
    if stops:
        with store.writing() as tx:
            assert tx.regulars.stop(rose.id, at=AT)

    assert erase(store, Data.NUMBERS, end - DAY) == 0
    assert erase(store, Data.NUMBERS, end) == 1
    with store.reading() as tx:
        assert tx.regulars.all() == []


def test_a_call_of_theirs_leads_to_them_no_more_once_its_number_is_erased(
    store: Store, rose: Regular
) -> None:
    with store.writing() as tx:
        closed = replace(call_of(rose, CallbackId("k1"), at=AT), state=State.REACHED, closed_at=AT)
        assert tx.callbacks.keep(closed)

    assert erase(store, Data.NUMBERS, AT) == 1

    with store.engine.connect() as connection:
        assert connection.scalar(sa.select(callbacks.c.regular)) is None
    assert vault().key(number(1)) not in (None, "")
