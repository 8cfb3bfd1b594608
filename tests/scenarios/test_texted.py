"""Somebody texts RAPPEL, and somebody near them rings them back."""

from dispatcher.simulator import answers
from tests.office import Office
from tests.people import INES, LINE, MALO, ROSE, YANN, Citizen
from tests.scenarios.test_requests import heard, nothing_more

ADA = Citizen("Ada", "+33639980077", ROSE.postal_code)


def test_whoever_texts_rappel_is_rung_back_once_by_somebody_near_their_last_call(
    office: Office,
) -> None:
    """Nobody was on when they rang, and they hung up."""
    ada = office.network.phone(ADA.number)
    ada.when_rung(answers(at="tapez 1", talks_for=None))

    async def rings_then_writes() -> None:
        call = await ada.dials(LINE)
        await call.hears("code postal")
        await call.presses(ADA.postal_code)
        await call.hears("tapez 1")
        await call.hangs_up()
        await office.waits(60)
        office.has(YANN, MALO, INES)
        for each in (YANN, MALO, INES):
            office.network.phone(each.number).when_rung(answers(at="tapez 1", talks_for=20))
        for _ in range(2):
            await ada.texts_to(LINE, "Rappelez-moi svp")

    office.run(rings_then_writes(), nothing_more(office), until=240)

    [talk] = office.network.ledger.bridges()
    assert {talk.caller, talk.callee} == {INES.number, ADA.number}
    assert ada.rung == 1
    [rung] = office.network.phone(INES.number).calls
    assert "Rappel. Orcières." in heard(rung)
    assert all("nous vous appelons" in each for each in ada.texts)


def test_a_stranger_who_texts_rappel_is_rung_back_by_whoever_is_on(office: Office) -> None:
    office.has(YANN)
    office.network.phone(YANN.number).when_rung(answers(at="tapez 1", talks_for=20))
    ada = office.network.phone(ADA.number)
    ada.when_rung(answers(at="tapez 1", talks_for=None))

    office.run(ada.texts_to(LINE, "RAPPEL"), until=120)

    [talk] = office.network.ledger.bridges()
    assert {talk.caller, talk.callee} == {YANN.number, ADA.number}
    assert len(ada.texts) == 1
