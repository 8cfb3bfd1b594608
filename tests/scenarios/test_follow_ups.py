"""An agent books another call for whom they helped last, or says that another service sees to it."""

from dataclasses import replace

import pytest

from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Why
from dispatcher.domain.dispositions import Outcome
from dispatcher.operations import person, redirections
from dispatcher.simulator import PhoneCall, answers
from dispatcher.simulator.wire.faults import Faults
from tests.office import Office
from tests.people import INES, MALO, MONA, ROSE, Citizen, Helper
from tests.scenarios.by_telephone import rings

ANNE = Citizen("Anne", "+33639980007", "05170")  # a mobile
MALO_LATER = replace(MALO, slots="mon-sun 10:03-24:00")


def owed(office: Office, number: str) -> list[Callback]:
    """Every callback of this number, oldest first."""
    held = person.export(number, office.parts.spool, office.services)  # type: ignore[arg-type]
    return [each.callback for each in held.callbacks]


def came_of_it(office: Office, helper: Helper) -> Outcome | None:
    """What is noted of the last conversation of this agent."""
    with office.services.store.reading() as tx:
        offer = tx.offers.last_answered(office.agent(helper).id)
        found = tx.dispositions.find(offer.id) if offer is not None else None
    return found.writing.outcome if found is not None else None


async def helps(office: Office, who: Citizen = ROSE, helper: Helper = INES) -> PhoneCall:
    """The agent talks with somebody who rang."""
    office.network.phone(helper.number).when_rung(answers(talks_for=20))
    call = await office.asks(who)
    await call.talks_with_somebody()
    await call.ends()
    return call


async def books(office: Office, mine: str, when: str, *, hears: str = "sera rappelée") -> PhoneCall:
    """The agent rings the line and books a follow-up."""
    call = await rings(office)
    await call.hears("Pour la dernière personne aidée, tapez 4")
    await call.presses("4")
    await call.hears("tapez 2")
    await call.presses(mine)
    await call.hears("Dans une semaine, tapez 3")
    await call.presses(when)
    await call.hears(hears)
    await call.hangs_up()
    return call


@pytest.mark.parametrize(("mine", "when"), [("1", "2"), ("2", "3"), ("1", "3")])
def test_a_follow_up_is_kept_for_the_person_helped_last(
    office: Office, mine: str, when: str
) -> None:
    office.has(INES)

    async def ines() -> None:
        await helps(office)
        await books(office, mine, when)

    office.run(ines(), until=200)

    [callback] = owed(office, ROSE.number)
    assert (callback.why, callback.state, callback.call) == (Why.FOLLOW_UP, State.WAITING, None)
    assert callback.helper == (office.agent(INES).id if mine == "1" else None)
    days = {"2": 1, "3": 7}[when]
    assert (callback.due_at.date() - callback.asked_at.date()).days == days
    assert callback.commune == "05096"
    assert came_of_it(office, INES) is Outcome.CONTINUED


def test_a_follow_up_as_soon_as_can_be_is_rung_by_the_agent_who_booked_it(office: Office) -> None:
    office.has(INES)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    told: list[PhoneCall] = []

    async def ines() -> None:
        await helps(office)
        office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=20))
        told.append(await books(office, "1", "1"))

    office.run(ines(), until=400)

    [callback] = owed(office, ROSE.number)
    assert callback.state is State.REACHED
    assert office.network.phone(ROSE.number).rung == 1
    heard = " ".join(line.text for line in told[0].transcript.lines)
    assert "01 99" not in heard
    assert ROSE.number not in heard


def test_a_person_with_a_mobile_is_told_by_text(office: Office) -> None:
    office.has(INES)

    async def ines() -> None:
        await helps(office, ANNE)
        await books(office, "1", "2")

    office.run(ines(), until=200)

    [text] = office.network.phone(ANNE.number).texts
    assert "/r/" in text


def test_webhooks_doubled_and_late_book_one_follow_up(office: Office) -> None:
    office.has(INES)

    async def ines() -> None:
        await helps(office)
        office.network.faults = Faults(seed=5, duplicate=1.0, delay=(0.0, 4.0))
        await books(office, "1", "2")

    office.run(ines(), until=200)

    assert len(owed(office, ROSE.number)) == 1


def test_somebody_who_is_owed_a_call_already_gets_no_second_one(office: Office) -> None:
    office.has(INES)

    async def ines() -> None:
        await helps(office)
        await books(office, "1", "2")
        await books(office, "2", "3", hears="déjà prévu")

    office.run(ines(), until=300)

    assert [each.state for each in owed(office, ROSE.number)] == [State.WAITING, State.JOINED]


def test_an_agent_who_helped_nobody_is_offered_nothing(office: Office) -> None:
    office.has(INES, MONA)
    heard: list[str] = []

    async def mona() -> None:
        await helps(office)
        call = await rings(office, MONA)
        await call.hears("Pour la permanence, tapez 0")
        await call.presses("4")
        await call.hears("Pour la permanence, tapez 0")
        heard.extend(line.text for line in call.transcript.lines)
        await call.hangs_up()

    office.run(mona(), until=200)

    assert "dernière personne" not in " ".join(heard)


def test_after_a_callback_its_agent_says_that_another_service_sees_to_it(office: Office) -> None:
    office.has(MALO_LATER)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=20))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].hears("Nous vous rappellerons au")
        await calls[0].hangs_up()
        await office.waits(400)
        call = await rings(office, MALO)
        await call.hears("la dernière personne aidée, tapez 4")
        await call.presses("4")
        await call.hears("Si un autre service s'en charge, tapez 3")
        await call.presses("3")
        await call.hears("C'est noté : un autre service s'en charge")
        await call.presses("4")
        await call.hears("Pour réécouter, étoile")
        assert "Si un autre service" not in call.transcript.lines[-1].text
        await call.hangs_up()

    office.run(rose(), until=600)

    callback = office.callback(calls[0])
    with office.services.store.reading() as tx:
        way = [state for _, state in tx.callbacks.moves(callback.id)]
    assert way == ["waiting", "offered", "calling", "reached", "redirected"]
    assert callback.attempts == 0
    assert came_of_it(office, MALO) is Outcome.SENT_ON


def test_a_supervisor_redirects_a_callback_that_waits_and_nobody_is_rung(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.has(MALO_LATER)
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].hears("Nous vous rappellerons au")
        await calls[0].hangs_up()
        id = office.callback(calls[0]).id
        assert redirections.redirect(id, "La mairie d'Orcières", office.services)
        assert not redirections.redirect(id, "un autre", office.services)

    office.run(rose(), until=600)

    [held] = person.export(
        office.callback(calls[0]).number, office.parts.spool, office.services
    ).callbacks
    assert held.callback.state is State.REDIRECTED
    assert held.redirected_to == "La mairie d'Orcières"
    assert [state for _, state in held.moves] == ["waiting", "redirected"]
    assert office.network.phone(MALO.number).rung == 0
    assert "mairie" not in caplog.text
