"""Masked, foreign and overseas callers are served; who cannot be rung back keys another number."""

import pytest

from dispatcher.simulator import answers
from tests.office import Office
from tests.people import INES, LINE, ROSE

CANNOT_BE_RUNG = {
    "masked": "anonymous",
    "restricted": "RESTRICTED",
    "empty": "",
    "Belgian": "+3225550100",
    "satellite": "+881612345678",
    "a client": "client:rose",
    "SIP": "sip:rose@exemple.test",
    "premium": "+33899123456",
    "odd": "266696687",
}


@pytest.mark.parametrize("shows", CANNOT_BE_RUNG.values(), ids=CANNOT_BE_RUNG)
def test_whoever_cannot_be_rung_back_is_served_all_the_same(office: Office, shows: str) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=5))

    async def somebody() -> None:
        call = await office.asks(ROSE, shows=shows)
        assert await call.talks_with_somebody() == INES.number
        await call.ends()

    office.run(somebody())


@pytest.mark.parametrize("shows", CANNOT_BE_RUNG.values(), ids=CANNOT_BE_RUNG)
def test_for_a_callback_they_key_a_number_which_is_read_back_in_pairs(
    office: Office, shows: str
) -> None:
    async def somebody() -> None:
        call = await office.asks(ROSE, shows=shows)
        await call.hears("À quel numéro vous rappeler")
        await call.presses("0199000042")
        await call.hears("Vous avez tapé le 01 99 00 00 42")
        await call.presses("1")
        await call.hears("Nous vous rappellerons au 01 99 00 00 42")
        await call.hangs_up()

    office.run(somebody())


def test_an_overseas_number_is_rung_back_as_it_is(office: Office) -> None:
    async def somebody() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE, shows="+262262991234")
        await call.hears("code postal")
        await call.presses("97410")
        await call.hears("tapez 1")
        await call.presses("1")
        await call.hears("Nous vous rappellerons au 02 62 99 12 34")
        await call.hangs_up()

    office.run(somebody())
