"""A closed house's usual line is forwarded to us: its number says where the caller belongs."""

from dispatcher.domain.calls import Placed
from dispatcher.operations import directory
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import GUY, INES, LINE, MALO, ROSE

GAP_LINE = "+33465710020"
HOUSES = "id,name,commune,telephone\ngap,France services de Gap,05061,04 65 71 00 20\n"


def forward(office: Office) -> None:
    assert not directory.import_structures(HOUSES.encode(), office.services).problems
    for helper in (INES, MALO, GUY):
        office.network.phone(helper.number).when_rung(answers(talks_for=10))
    office.has(INES, MALO, GUY)


async def rings(office: Office, forwarded_from: str) -> PhoneCall:
    return await office.network.phone(ROSE.number).dials(LINE, forwarded_from=forwarded_from)


def test_no_postal_code_is_asked_and_the_house_answers_for_its_own(office: Office) -> None:
    forward(office)
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await rings(office, GAP_LINE))
        await calls[0].hears("Vous avez appelé votre maison de Gap")
        assert "code postal" not in str(calls[0].transcript)
        await calls[0].hears("Pour une autre commune, tapez 9")
        await calls[0].presses("1")
        assert await calls[0].talks_with_somebody() == MALO.number
        await calls[0].ends()

    office.run(rose())

    assert office.reasons(calls[0])[0]["ring"] == "house:gap"
    assert office.call(calls[0]).placed is Placed.HOUSE


def test_somebody_of_another_commune_presses_nine(office: Office) -> None:
    forward(office)

    async def rose() -> None:
        call = await rings(office, GAP_LINE)
        await call.hears("Pour une autre commune, tapez 9")
        await call.presses("9")
        await call.hears("cinq chiffres de votre code postal")
        await call.presses("05170")
        await call.hears("tapez 1")
        await call.presses("1")
        assert await call.talks_with_somebody() == INES.number
        await call.ends()

    office.run(rose())


def test_a_number_that_is_no_house_is_ignored(office: Office) -> None:
    forward(office)

    async def rose() -> None:
        for before in ("+33199000077", LINE):
            call = await rings(office, before)
            await call.hears("cinq chiffres de votre code postal")
            await call.hangs_up()

    office.run(rose())


def test_a_callback_for_the_house_goes_to_its_own_people_first(office: Office) -> None:
    assert not directory.import_structures(HOUSES.encode(), office.services).problems
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await rings(office, GAP_LINE))
        await calls[0].hears("tapez 1")
        await calls[0].presses("1")
        await calls[0].hears("Nous vous rappellerons")
        await calls[0].hangs_up()

    office.run(rose())

    assert office.callback(calls[0]).house == "gap"
