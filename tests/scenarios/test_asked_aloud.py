"""A mandate consented to on the call: asked alone, answered once, and together again whatever for."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from dispatcher.domain.calls import Outcome
from dispatcher.domain.consents import Answer, Channel, Consent, Identity
from dispatcher.domain.holders import Holder, Refusal
from dispatcher.domain.mandates import Mandate, Person, State
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import consent_answers, consent_calls, mandates, transfers
from dispatcher.operations.consents import Asking
from dispatcher.simulator import PhoneCall, answers
from dispatcher.simulator.wire.faults import Faults
from tests.office import Office
from tests.operations.mandating import ADULT, PAPERS, holder
from tests.people import INES, MALO, ROSE, Helper
from tests.scenarios.colleagues import agent_id, offer_of, on_line, stays, transfer_of

SCOPE = "Papiers : refaire sa carte d'identité. Durée : 31 jours."
ALOUD = Asking(Channel.VOICE, Identity.QUESTIONS, SCOPE)
HERSELF = Person(PhoneNumber(ROSE.number), "Rosemonde Canari")


def prepares(office: Office, person: Person = HERSELF) -> Mandate:
    made = mandates.prepare(_ines(office), person, [PAPERS], ADULT, office.services)
    assert isinstance(made, Mandate)
    return made


def asks(office: Office, mandate: Mandate) -> Refusal | None:
    return consent_calls.ask(mandate.id, ALOUD, _ines(office), office.services)


def stands(office: Office) -> tuple[State, list[Consent]]:
    with office.services.store.reading() as tx:
        [now] = tx.mandates.of_structure("orcieres")
    return now.state(office.services.now()), list(now.consents)


def kept(office: Office, consent: Consent) -> str:
    with office.services.store.reading() as tx:
        return tx.consents.text(consent.id)


def answers_counted(office: Office) -> list[str]:
    with office.services.store.reading() as tx:
        rows = [row for row in tx.journal.rows() if row.kind == "mandate.answered"]
    return [dict(row.facts)["answer"] for row in rows]


def _ines(office: Office) -> Holder:
    return holder(agent_id(office, INES))


async def talking(office: Office, *others: Helper) -> PhoneCall:
    """Rose talks with Ines."""
    office.has(INES, *others)
    stays(office, INES, *others)
    call = await office.asks(ROSE)
    assert await call.talks_with_somebody() == INES.number
    return call


async def asked(office: Office, *others: Helper) -> PhoneCall:
    """Ines has her asked."""
    call = await talking(office, *others)
    assert asks(office, prepares(office)) is None
    await call.hears("Écoutez bien")
    return call


async def together(call: PhoneCall) -> None:
    assert await call.talks_with_somebody(within=40) == INES.number
    await call.waits(40)
    assert call.with_whom == INES.number, "and they stay so"
    await call.hangs_up()


@pytest.mark.parametrize(
    ("key", "state", "answer", "said"),
    [
        ("1", State.ACTIVE, Answer.YES, "vous avez dit oui"),
        ("2", State.REFUSED, Answer.NO, "vous avez dit non"),
    ],
)
def test_she_hears_alone_what_it_is_about_and_her_key_decides(
    office: Office, key: str, state: State, answer: Answer, said: str
) -> None:
    async def rose() -> None:
        call = await asked(office)
        await call.hears("Êtes-vous d'accord", within=90)
        assert call.with_whom is None
        assert on_line(office, INES).transcript.find("La personne écoute la question")
        await call.presses(key)
        await call.hears(said)
        await together(call)
        heard = str(call.transcript)
        assert kept(office, stands(office)[1][0]) in heard, "kept to the letter"

    office.run(rose())

    now, [consent] = stands(office)
    assert (now, consent.answer, answers_counted(office)) == (state, answer, [answer])
    assert (consent.channel, consent.template) == (Channel.VOICE, "aloud/1")
    assert not office.network.ledger.failures()


def test_rung_back_she_is_asked_as_well(office: Office) -> None:
    office.has(replace(INES, slots="mon-sun 10:03-24:00"))
    stays(office, INES)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))

    async def live() -> None:
        first = await office.asks(ROSE)
        await first.hears("Nous vous rappellerons")
        await first.hangs_up()
        await office.waits(330)
        rose = office.network.phone(ROSE.number).calls[-1]
        assert rose.with_whom == INES.number
        assert asks(office, prepares(office)) is None
        await rose.hears("Êtes-vous d'accord", within=90)
        await rose.presses("1")
        await together(rose)

    office.run(live())

    assert stands(office)[0] is State.ACTIVE
    assert office.open_offers() == []


def test_star_says_all_of_it_again_and_decides_nothing(office: Office) -> None:
    async def rose() -> None:
        call = await asked(office)
        for _ in range(3):
            await call.hears("Êtes-vous d'accord", within=90)
            await call.presses("*")
            await call.hears("Écoutez bien")
        await call.hears("Êtes-vous d'accord", within=90)
        await call.presses("1")
        await together(call)

    office.run(rose())

    assert stands(office)[0] is State.ACTIVE


@pytest.mark.parametrize("keys", [["5", "9", "0"], ["", "", ""], ["", "5", ""]])
def test_what_is_no_answer_is_asked_again_twice_and_is_unclear_then(
    office: Office, keys: list[str]
) -> None:
    async def rose() -> None:
        call = await asked(office)
        await call.hears("Êtes-vous d'accord", within=90)
        for key in keys:
            await (call.presses(key) if key else call.waits(15))
            await call.hears("Nous n'avons pas compris", within=20)
        await call.hears("rien n'est décidé")
        await together(call)

    office.run(rose())

    assert stands(office)[0] is State.UNCLEAR
    assert answers_counted(office) == ["unclear"]


@pytest.mark.parametrize("early", ["1", "*1", "1#1"])
def test_a_yes_before_the_question_is_none(office: Office, early: str) -> None:
    async def rose() -> None:
        call = await asked(office)
        await call.presses(early)
        await call.hears("Êtes-vous d'accord", within=90)
        assert stands(office)[0] is State.ASKED
        await call.presses("2")
        await together(call)

    office.run(rose())

    assert stands(office)[0] is State.REFUSED


def test_hung_up_midway_nothing_is_decided_and_nobody_is_left_alone(office: Office) -> None:
    async def rose() -> None:
        call = await asked(office)
        await call.hears("Êtes-vous d'accord", within=90)
        await call.hangs_up()
        await office.waits(8)
        assert on_line(office, INES).ended

    office.run(rose())

    assert (stands(office)[0], answers_counted(office)) == (State.UNANSWERED, [])
    assert office.open_offers() == []


def test_an_agent_lost_midway_leaves_it_unanswered_and_another_serves_her(office: Office) -> None:
    async def rose() -> None:
        call = await asked(office, MALO)
        await call.hears("Êtes-vous d'accord", within=90)
        await on_line(office, INES).hangs_up()
        assert await call.talks_with_somebody(within=40) == MALO.number
        await call.hangs_up()

    office.run(rose())

    assert office.all_calls()[0].outcome is Outcome.ANSWERED
    assert (stands(office)[0], answers_counted(office)) == (State.UNANSWERED, [])


async def _takes_her_back(office: Office, call: PhoneCall) -> None:
    transfers.resume(offer_of(office, INES), office.services)


async def _hears_her_say_no(office: Office, call: PhoneCall) -> None:
    _, [consent] = stands(office)
    refused = consent_answers.hear_no(consent.id, _ines(office), office.services)
    assert refused is None
    await call.presses("1")


@pytest.mark.parametrize(
    ("meanwhile", "state"),
    [(_takes_her_back, State.UNANSWERED), (_hears_her_say_no, State.REFUSED)],
)
def test_what_the_agent_does_meanwhile_is_what_holds(
    office: Office, meanwhile: Callable[[Office, PhoneCall], Awaitable[None]], state: State
) -> None:
    async def rose() -> None:
        call = await asked(office)
        await call.hears("Êtes-vous d'accord", within=90)
        await meanwhile(office, call)
        await together(call)
        assert "vous avez dit" not in str(call.transcript), "it was not counted"

    office.run(rose())

    assert stands(office)[0] is state


def test_asked_twice_the_second_wish_changes_nothing(office: Office) -> None:
    async def rose() -> None:
        call = await talking(office)
        mandate = prepares(office)
        assert [asks(office, mandate), asks(office, mandate)] == [None, Refusal.NO_CALL]
        await call.hears("Êtes-vous d'accord", within=90)
        await call.presses("1")
        await together(call)

    office.run(rose())

    assert len(stands(office)[1]) == 1


def test_another_telephone_than_the_persons_is_not_asked(office: Office) -> None:
    async def rose() -> None:
        call = await talking(office)
        elses = prepares(office, Person(PhoneNumber("+33639980077"), "Ada Merle"))
        assert asks(office, elses) is Refusal.NO_CALL
        assert call.with_whom == INES.number
        await call.hangs_up()
        await office.waits(10)
        assert asks(office, elses) is Refusal.NO_CALL, "nor when nobody talks"

    office.run(rose())

    assert stands(office) == (State.DRAFT, [])


def test_when_the_carrier_moves_nobody_the_question_is_over_with_the_hold(office: Office) -> None:
    async def rose() -> None:
        call = await talking(office)
        office.network.rest_faults.fail_next(40, path="/Calls/")
        assert asks(office, prepares(office)) is None
        await call.waits(60)
        assert call.with_whom == INES.number
        assert not transfer_of(office, call).open
        await call.hangs_up()

    office.run(rose())

    assert stands(office)[0] is State.UNANSWERED


@pytest.mark.parametrize("seed", range(4))
def test_doubled_late_and_disordered_webhooks_count_one_answer(office: Office, seed: int) -> None:
    office.network.faults = Faults(
        seed=seed, duplicate=0.5, twins=0.4, reorder=0.5, held_for=(1.0, 6.0)
    )

    async def rose() -> None:
        call = await asked(office)
        await call.hears("Êtes-vous d'accord", within=90)
        await call.presses("7")
        await call.hears("Nous n'avons pas compris", within=20)
        await call.presses("1")
        await together(call)

    office.run(rose())

    state, [consent] = stands(office)
    assert (state, consent.again, answers_counted(office)) == (State.ACTIVE, 1, ["yes"])
    assert office.open_offers() == []
