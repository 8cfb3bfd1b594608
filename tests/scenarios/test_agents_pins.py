"""An agent's telephone rings the line: their PIN, its lock, and whoever has none."""

from dataclasses import replace

import pytest

from dispatcher.domain.agents import PIN_LOCKED
from dispatcher.domain.calls import Outcome
from dispatcher.domain.offers import End
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import INES, LINE, ROSE
from tests.scenarios.by_telephone import PIN, rings

QUARTER = PIN_LOCKED.total_seconds()


def test_three_wrong_pins_lock_it_and_after_a_quarter_of_an_hour_the_right_one_is_in(
    office: Office,
) -> None:
    office.has(INES)

    async def ines() -> None:
        call = await rings(office, pin="1111#")
        for wrong in ("2222#", "3333"):  # the hash may be forgotten
            await call.hears("Ce n'est pas votre code")
            await call.presses(wrong)
        await call.hears("bloqué pour quinze minutes")
        await call.hears("cinq chiffres de votre code postal")
        await call.hangs_up()
        call = await office.network.phone(INES.number).dials(LINE)
        await call.hears("bloqué pour quinze minutes")
        await call.hears("Vous êtes à la permanence")
        await call.hears("cinq chiffres de votre code postal")
        assert PIN not in str(call.transcript)
        await call.hangs_up()
        await office.waits(QUARTER)
        call = await rings(office)
        await call.hears("Vous êtes disponible")
        await call.hangs_up()

    office.run(ines(), until=QUARTER + 60)


def test_wrong_pins_are_counted_from_one_call_to_the_next(office: Office) -> None:
    office.has(INES)

    async def ines() -> None:
        for _ in range(2):
            call = await rings(office, pin="1111#")
            await call.hears("Ce n'est pas votre code")
            await call.hangs_up()
        call = await rings(office, pin="1111#")
        await call.hears("bloqué pour quinze minutes")
        await call.hangs_up()

    office.run(ines())


def test_a_new_pin_from_the_directory_is_not_locked(office: Office) -> None:
    office.has(INES)

    async def ines() -> None:
        call = await rings(office, pin="1111#")
        for wrong in ("2222#", "3333#"):
            await call.hears("Ce n'est pas votre code")
            await call.presses(wrong)
        await call.hears("bloqué")
        await call.hangs_up()
        office.has(replace(INES, pin="8765"))
        call = await rings(office, pin="8765#")
        await call.hears("Vous êtes disponible")
        await call.hangs_up()

    office.run(ines())


@pytest.mark.parametrize("keys", ["0", "0#", ""])
def test_an_agent_who_rings_as_a_citizen_is_served(office: Office, keys: str) -> None:
    office.has(INES, replace(INES, name="Lea", number="+33465710009"))
    office.network.phone("+33465710009").when_rung(answers())
    calls: list[PhoneCall] = []

    async def ines() -> None:
        call = await office.network.phone(INES.number).dials(LINE)
        calls.append(call)
        await call.hears(PIN)
        if keys:
            await call.presses(keys)
        await call.hears("Vous êtes à la permanence", within=60)
        await call.hears("cinq chiffres de votre code postal")
        await call.presses("05170")
        await call.hears("démarche administrative, tapez 1")
        await call.presses("1")
        assert await call.talks_with_somebody(within=90) == "+33465710009"
        await call.ends()

    office.run(ines())

    assert office.call(calls[0]).outcome is Outcome.ANSWERED


def test_a_ring_that_reaches_somebody_at_their_pin_is_busy_and_nobodys_miss(
    office: Office,
) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers())
    calls: list[PhoneCall] = []

    async def both() -> None:
        ines = await office.network.phone(INES.number).dials(LINE)
        await ines.hears(PIN)
        for _ in range(3):
            calls.append(await office.asks(office.other(ROSE)))
            await calls[-1].hears("Cette personne ne peut pas répondre")
        for call in calls[:2]:
            await call.hangs_up()
        await ines.hangs_up()
        assert await calls[-1].talks_with_somebody(within=60) == INES.number
        await calls[-1].ends()

    office.run(both())

    ends = [end for call in calls for end in office.ends(call)]
    assert set(ends) == {End.BUSY, End.ANSWERED}
    assert office.agent(INES).paused_until is None
