"""Waiting well: their place, how long it may take, what to prepare, and a way to leave."""

from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import INES, ROSE


def talking(office: Office, seconds: float = 600) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=seconds))


async def engages(office: Office) -> None:
    call = await office.asks(office.other(ROSE))
    await call.talks_with_somebody(within=900)
    await call.ends(within=3000)


def test_somebody_who_waits_hears_their_place_how_long_and_what_to_prepare(office: Office) -> None:
    talking(office, 60)
    calls: list[PhoneCall] = []

    async def rose(delay: float) -> None:
        await office.waits(delay)
        call = await office.asks(office.other(ROSE))
        calls.append(call)
        await call.talks_with_somebody(within=900)
        await call.ends()

    office.run(engages(office), rose(8), rose(16))

    first, second = (str(call.transcript) for call in calls)
    assert "Vous êtes la prochaine personne" in first
    assert "Il y a une personne avant vous" in second
    assert "Quelqu'un devrait répondre dans moins de" in first
    assert "L'attente est de" in second
    assert "préparez une pièce d'identité" in second
    assert "étoile" in first


def test_a_star_repeats_what_was_just_said(office: Office) -> None:
    talking(office)

    async def rose() -> None:
        await office.waits(10)
        call = await office.asks(ROSE)
        await call.hears("préparez une pièce d'identité", within=60)
        await call.presses("*")
        await call.hears("préparez une pièce d'identité", within=8)
        await call.hangs_up()

    office.run(engages(office), rose(), until=90)
