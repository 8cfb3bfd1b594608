"""Nobody can take the call: a callback keeps the caller's place, and is placed once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome
from dispatcher.simulator import PhoneCall, answers, declines, lets_it_ring, voicemail
from tests.office import Office
from tests.people import INES, LINE, MALO, MASKED, ROSE

LATER = "mon-sun 10:03-24:00"  # three minutes after the scenario begins
MALO_LATER = replace(MALO, slots=LATER)
INES_LATER = replace(INES, slots=LATER)


def test_nobody_on_means_a_callback_that_is_placed_once(office: Office) -> None:
    office.has(MALO_LATER)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=30))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].hears("Personne ne peut répondre")
        await calls[0].hears("Nous vous rappellerons au 01 99 00 00 01")
        await calls[0].hangs_up()

    office.run(rose(), until=400)

    assert office.call(calls[0]).outcome is Outcome.CALLBACK
    assert office.callback(calls[0]).state is State.REACHED
    [talk] = office.network.ledger.bridges()
    assert {talk.caller, talk.callee} == {MALO.number, ROSE.number}
    assert office.network.phone(ROSE.number).rung == 1
    assert office.network.phone(MALO.number).rung == 1


def test_what_the_agent_hears_of_a_callback(office: Office) -> None:
    office.has(MALO_LATER)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=30))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()

    office.run(rose(), until=400)

    [rung] = office.network.phone(MALO.number).calls
    heard = " ".join(line.text for line in rung.transcript.lines if line.sort == "heard")
    assert "Rappel. Orcières. Démarche." in heard
    _, rang_back = office.network.phone(ROSE.number).calls
    first = next(line for line in rang_back.transcript.lines if line.sort == "heard")
    assert first.text.startswith("Bonjour. Voici l'appel que vous avez demandé. Pour le prendre")


def test_a_callback_whose_agent_does_not_take_it_goes_to_the_next(office: Office) -> None:
    office.has(MALO_LATER, INES_LATER)
    office.network.phone(INES.number).when_rung(declines())
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=30))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].hears("Nous vous rappellerons")
        await calls[0].hangs_up()

    office.run(rose(), until=400)

    assert office.callback(calls[0]).state is State.REACHED
    assert office.network.phone(INES.number).rung == 1
    assert office.network.phone(ROSE.number).rung == 1


@pytest.mark.parametrize("behaviour", [lets_it_ring, voicemail])
def test_a_citizen_who_is_not_there_is_rung_once_and_tells_nothing_to_a_voicemail(
    office: Office, behaviour: object
) -> None:
    office.has(MALO_LATER)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1"))
    office.network.phone(ROSE.number).when_rung(behaviour())  # type: ignore[operator]
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].hears("Nous vous rappellerons")
        await calls[0].hangs_up()

    office.run(rose(), until=400)

    callback = office.callback(calls[0])
    assert (callback.state, callback.attempts) == (State.WAITING, 1)
    assert callback.tried_at is not None
    assert callback.due_at >= callback.tried_at + timedelta(hours=3)
    assert office.network.phone(ROSE.number).rung == 1
    assert not office.network.ledger.bridges()
    told = office.network.phone(MALO.number).calls[0].transcript
    assert any("La personne n'a pas répondu" in line.text for line in told.lines)


def test_a_masked_caller_keys_a_number_which_is_read_back(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def masked() -> None:
        call = await office.asks(MASKED)
        calls.append(call)
        await call.hears("À quel numéro")
        await call.presses("0899123456")
        await call.hears("Nous ne pouvons pas appeler ce numéro")
        await call.presses("0199000007")
        await call.hears("Vous avez tapé le 01 99 00 00 07")
        await call.presses("1")
        await call.hears("Nous vous rappellerons au 01 99 00 00 07")
        await call.ends()

    office.run(masked())

    assert office.callback(calls[0]).number == "+33199000007"
    assert office.call(calls[0]).outcome is Outcome.CALLBACK


def test_somebody_who_waits_leaves_for_a_callback_that_keeps_their_place(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=300))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=20))
    calls: list[PhoneCall] = []

    async def first() -> None:
        call = await office.asks(office.other(ROSE))
        await call.talks_with_somebody()
        await call.ends()

    async def rose() -> None:
        await office.waits(5)
        calls.append(await office.asks(ROSE))
        await calls[0].hears("sans perdre votre place", within=90)
        await calls[0].presses("1")
        await calls[0].hears("Nous vous rappellerons au")
        await calls[0].ends()

    office.run(first(), rose(), until=600)

    callback = office.callback(calls[0])
    assert callback.place_since == office.call(calls[0]).waiting_since
    assert callback.state is State.REACHED


def test_another_number_than_the_one_they_call_from(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].hears("pour un autre numéro, tapez 2")
        await calls[0].presses("2")
        await calls[0].hears("À quel numéro")
        await calls[0].presses("0199000009")
        await calls[0].hears("Vous avez tapé le 01 99 00 00 09")
        await calls[0].hangs_up()

    office.run(rose())

    assert office.callback(calls[0]).number == "+33199000001"  # not confirmed: the first one stays


def test_somebody_who_rings_again_is_rung_back_once(office: Office) -> None:
    office.has(MALO_LATER)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=10))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))

    async def rose() -> None:
        for _ in range(2):
            call = await office.asks(ROSE, shows=ROSE.number)
            await call.hears("Nous vous rappellerons au 01 99 00 00 01")
            await call.hangs_up()

    office.run(rose(), until=400)

    rung = [call for call in office.network.phone(ROSE.number).calls if call.shown == LINE]
    assert len(rung) == 1
