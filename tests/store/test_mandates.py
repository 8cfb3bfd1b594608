"""Mandates in SQL: decided once, answered once and in time, and nobody's name to be read."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.consents import WITHIN, Answer, Channel, Consent, ConsentId, Identity
from dispatcher.domain.grants import Duration, End, Grant
from dispatcher.domain.mandates import Deed, Mandate, MandateId, Person, Reference, State
from dispatcher.domain.matters import Topic
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.retention import Data
from dispatcher.store.retention import SWEPT
from dispatcher.store.store import Store
from tests.hands import PATIENCE, hands
from tests.store.rows import AT, number, staff

ROSE = Person(number(1), "Rosemonde Canari")
PAPERS = Grant(Topic.PAPERS, "refaire sa carte d'identité", Duration.MONTH)
WELFARE = Grant(Topic.WELFARE, "demander la prime d'activité", Duration.YEAR)


def a_mandate(letter: str = "a", *grants: Grant, person: Person = ROSE) -> Mandate:
    return Mandate(
        id=MandateId(letter * 24),
        reference=Reference(letter * 12),
        structure="orcieres",
        prepared_by=AgentId(1),
        prepared_at=AT,
        grants=grants or (PAPERS,),
        person=person,
    )


def asked(letter: str = "c", *, of: str = "a", channel: Channel = Channel.CODE) -> Consent:
    until = AT + WITHIN[channel]
    facts = (Identity.QUESTIONS, "hash", "recap/1", "7K3F")
    made = Consent(ConsentId(letter * 24), of * 24, channel, AT, until, *facts, sendings=1)
    return replace(made, questioned_at=AT)


def prepares(store: Store, *mandates: Mandate) -> None:
    with store.writing() as tx:
        for each in mandates:
            tx.mandates.prepare(each)


def asks(store: Store, consent: Consent) -> None:
    with store.writing() as tx:
        tx.consents.ask(consent, "Rosemonde Canari, un mandat")
        tx.consents.give_code(consent.id, "424242")


def consents(store: Store, mandate: Mandate) -> bool:
    with store.writing() as tx:
        tx.mandates.lock(mandate)
        return tx.mandates.consent(mandate, at=AT) is not None


def found(store: Store, letter: str = "a") -> Mandate:
    with store.reading() as tx:
        mandate = tx.mandates.find(MandateId(letter * 24))
    assert mandate is not None
    return mandate


def test_a_mandate_is_found_by_its_person_number_house_and_reference(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate(), a_mandate("b", person=Person(ROSE.number, "Paul Canari")))

    with store.reading() as tx:
        by_person = tx.mandates.of_person(Person(ROSE.number, " rosemonde  CANARI"))
        by_number = tx.mandates.of_number(ROSE.number)
        by_house = tx.mandates.of_structure("orcieres")
        by_reference = tx.mandates.of_reference(Reference("b" * 12))

    assert by_person == [a_mandate()]
    assert {each.id[0] for each in by_number} == {each.id[0] for each in by_house} == {"a", "b"}
    assert by_reference is not None
    assert by_reference.id[0] == "b"


def test_no_name_number_or_word_of_theirs_can_be_read_in_the_database(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate())
    asks(store, asked())
    consents(store, a_mandate())
    with store.writing() as tx:
        deed = Deed("d", MandateId("a" * 24), Topic.PAPERS, AgentId(1), AT, "Canari : dossier fait")
        assert tx.mandate_deeds.keep(deed)

    with store.engine.connect() as connection:
        kept = [
            repr(tuple(row))
            for table in ("mandates", "mandate_grants", "mandate_consents", "mandate_deeds")
            for row in connection.execute(sa.text(f"SELECT * FROM {table}"))
        ]

    assert kept
    for secret in ("Canari", "carte", "99000001", "424242"):
        assert not any(secret in row for row in kept)


def test_two_answers_at_once_are_one(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate())
    asks(store, asked())

    def answers(answer: Answer) -> Callable[[], bool]:
        def deed() -> bool:
            with store.writing() as tx:
                return tx.consents.answer(ConsentId("c" * 24), answer, Channel.CODE, at=AT)

        return deed

    with hands() as together:
        counted = together([answers(each) for each in (Answer.YES, Answer.NO) * 4])

    assert counted.count(True) == 1
    [consent] = found(store).consents
    assert consent.answer is (Answer.YES, Answer.NO)[counted.index(True) % 2]


@pytest.mark.parametrize(
    ("channel", "minutes", "counts"),
    [
        (Channel.CODE, 1439, True),
        (Channel.CODE, 1440, False),  # 24 hours are over
        (Channel.LINK, 1, False),  # it was not asked so
    ],
)
def test_an_answer_counts_in_time_and_by_the_way_it_was_asked(
    store: Store, channel: Channel, minutes: int, counts: bool
) -> None:
    staff(store)
    prepares(store, a_mandate())
    asks(store, asked())

    with store.writing() as tx:
        at = AT + timedelta(minutes=minutes)
        counted = tx.consents.answer(ConsentId("c" * 24), Answer.YES, channel, at=at)

    assert counted is counts


def test_nothing_is_answered_before_the_question_nor_once_it_is_asked_anew(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate())
    asks(store, replace(asked(), questioned_at=None))
    with store.writing() as tx:
        early = tx.consents.answer(ConsentId("c" * 24), Answer.YES, Channel.CODE, at=AT)
        tx.consents.question(ConsentId("c" * 24), at=AT)
    later = AT + timedelta(minutes=5)
    asks(store, replace(asked("e"), asked_at=later, questioned_at=later))

    with store.writing() as tx:
        late = tx.consents.answer(ConsentId("c" * 24), Answer.YES, Channel.CODE, at=later)
        newest = tx.consents.answer(ConsentId("e" * 24), Answer.YES, Channel.CODE, at=later)

    assert (early, late, newest) == (False, False, True)


def test_three_tries_at_a_code_are_three_also_all_at_once(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate())
    asks(store, asked())

    def tries(code: str) -> Callable[[], bool]:
        def deed() -> bool:
            with store.writing() as tx:
                return tx.consents.try_code(ConsentId("c" * 24), code, at=AT)

        return deed

    with hands() as together:
        together([tries(f"00000{digit}") for digit in range(8)])

    assert found(store).consents[0].tries == 3
    assert tries("424242")() is False


def test_a_new_grant_closes_the_one_held_for_the_same_and_leaves_the_rest(store: Store) -> None:
    staff(store)
    other = a_mandate("o", person=Person(ROSE.number, "Paul Canari"))
    prepares(store, a_mandate("a", PAPERS, WELFARE), a_mandate("b"), other)
    consents(store, found(store))
    consents(store, found(store, "o"))

    consents(store, found(store, "b"))

    papers, welfare = found(store).grants
    assert (papers.end, welfare.end) == (End.REPLACED, None)
    assert found(store, "b").state(AT) is State.ACTIVE
    assert found(store, "o").state(AT) is State.ACTIVE  # another person on the same telephone


def test_two_consents_for_the_same_at_once_leave_one_grant(store: Store) -> None:
    staff(store)
    letters = "abcdef"
    prepares(store, *(a_mandate(each) for each in letters))
    mandates = [found(store, each) for each in letters]

    with hands() as together:
        together([partial(consents, store, each) for each in mandates])

    standing = [found(store, each).state(AT) for each in letters]
    assert standing.count(State.ACTIVE) == 1
    assert standing.count(State.REPLACED) == len(letters) - 1


def test_said_yes_no_and_withdrawn_at_once_it_is_one_of_them(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate())
    mandate = found(store)

    def refuses() -> bool:
        with store.writing() as tx:
            return tx.mandates.refuse(mandate.id, at=AT)

    def withdraws() -> bool:
        with store.writing() as tx:
            return tx.mandates.withdraw(mandate.id, at=AT)

    with hands() as together:
        done = together([lambda: consents(store, mandate), refuses, withdraws] * 3)

    assert done.count(True) == 1
    expected = (State.ACTIVE, State.REFUSED, State.WITHDRAWN)[done.index(True) % 3]
    assert found(store).state(AT) is expected


def test_used_and_revoked_at_once_nothing_is_done_after_the_end(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate())
    consents(store, found(store))

    def uses(key: int) -> Callable[[], bool]:
        def deed() -> bool:
            with store.writing() as tx:
                done = Deed(f"d{key}", MandateId("a" * 24), Topic.PAPERS, AgentId(1), AT, "fait")
                return tx.mandate_deeds.keep(done)

        return deed

    def revokes() -> bool:
        with store.writing() as tx:
            return bool(tx.mandates.end(MandateId("a" * 24), End.REVOKED, at=AT))

    with hands() as together:
        done = together([*(uses(key) for key in range(6)), revokes, revokes])

    assert done[-2:].count(True) == 1
    with store.reading() as tx:
        assert len(tx.mandate_deeds.of(MandateId("a" * 24))) == done[:-2].count(True)
    assert uses(9)() is False


def test_what_is_being_revoked_waits_for_nobody_and_is_not_used_behind_it(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate())
    consents(store, found(store))

    def uses() -> bool:
        with store.writing() as tx:
            done = Deed("d", MandateId("a" * 24), Topic.PAPERS, AgentId(1), AT, "fait")
            return tx.mandate_deeds.keep(done)

    with ThreadPoolExecutor(1) as pool:
        with store.writing() as tx:
            tx.mandates.end(MandateId("a" * 24), End.REVOKED, at=AT)
            used = pool.submit(uses)
            wait([used], timeout=0.3)  # long enough to be done, if it waited for nobody
        assert used.result(PATIENCE) is False


def test_what_is_over_is_erased_and_what_holds_is_left(store: Store) -> None:
    staff(store)
    prepares(store, a_mandate("a"), a_mandate("b", WELFARE), a_mandate("d"))
    consents(store, found(store, "a"))
    consents(store, found(store, "b"))
    asks(store, asked(of="d"))
    with store.writing() as tx:
        tx.mandates.end(MandateId("a" * 24), End.REVOKED, at=AT)

    with store.writing() as tx:
        gone = tx.mandates.erase(PhoneNumber(ROSE.number), at=AT)

    assert {each[0] for each in gone} == {"a", "d"}
    assert found(store, "a").person is found(store, "d").person is None
    assert found(store, "a").grants[0].precision == ""
    assert found(store, "d").state(AT) is State.WITHDRAWN
    assert found(store, "b").person == ROSE
    with store.reading() as tx:
        assert tx.consents.text(ConsentId("c" * 24)) == ""


@pytest.mark.parametrize(("data", "letter"), [(Data.MANDATES, "a"), (Data.DRAFTS, "b")])
def test_words_of_what_is_over_go_with_their_period_and_what_holds_keeps_them(
    store: Store, data: Data, letter: str
) -> None:
    staff(store)
    prepares(store, a_mandate("a"), a_mandate("b"), a_mandate("d", WELFARE))
    asks(store, asked(of=letter))
    consents(store, found(store, "a"))
    consents(store, found(store, "d"))
    with store.writing() as tx:
        tx.mandates.end(MandateId("a" * 24), End.REVOKED, at=AT)
    for before in (AT - timedelta(seconds=1), AT):
        with store.writing() as tx:
            for rows in SWEPT[data]:
                keys = tx.retention.outdated(rows, before=before, limit=9)
                tx.retention.erase(rows, keys, before=before)
        kept = {each: found(store, each).person is not None for each in "abd"}
        assert kept == {each: before < AT or each != letter for each in "abd"}

    assert found(store, letter).grants[0].precision == ""
    with store.reading() as tx:
        assert tx.consents.text(ConsentId("c" * 24)) == ""
