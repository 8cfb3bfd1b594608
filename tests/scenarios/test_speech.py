"""Somebody whose telephone has no keys, or who would rather speak, is served all the same."""

from dispatcher.domain.calls import Placed
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import GINA, INES, LINE, MALO, MASKED, ROSE


async def dials(office: Office, number: str = ROSE.number) -> PhoneCall:
    return await office.network.phone(ROSE.number).dials(LINE, shows=number)


def test_a_whole_call_without_one_key(office: Office) -> None:
    office.has(INES, MALO)
    office.network.phone(MALO.number).when_rung(answers(talks_for=10))
    calls: list[PhoneCall] = []

    async def gina() -> None:
        call = await dials(office, GINA.number)
        calls.append(call)
        await call.hears("cinq chiffres de votre code postal")
        await call.says("zéro cinq mille")
        await call.hears("Dites le nom de la vôtre")
        await call.says("À Gap, madame.")
        await call.hears("Vous avez dit Gap.")
        await call.hears("démarche administrative")
        await call.says("C'est pour ma retraite.")
        assert await call.talks_with_somebody() == MALO.number
        await call.ends()

    office.run(gina())

    found = office.call(calls[0])
    assert (found.commune, found.placed) == ("05061", Placed.SAID)


def test_a_commune_heard_wrongly_is_put_right_with_one_key(office: Office) -> None:
    office.has(MALO)

    async def gina() -> None:
        call = await dials(office)
        await call.hears("code postal")
        await call.presses(GINA.postal_code)
        await call.hears("Dites le nom")
        await call.says("Pelleautier")
        await call.hears("Vous avez dit Pelleautier.")
        await call.hears("Pour une autre commune, tapez 9.")
        await call.presses("9")
        await call.hears("Pour Gap, tapez 1.")
        await call.presses("1")
        await call.hears("démarche administrative")
        await call.hangs_up()

    office.run(gina())


def test_when_nothing_is_recognised_the_list_by_keys_comes_again(office: Office) -> None:
    office.has(MALO)

    async def gina() -> None:
        call = await dials(office)
        await call.hears("code postal")
        await call.presses(GINA.postal_code)
        await call.hears("Dites le nom")
        await call.says("Ta ta ti")
        await call.hears("Nous n'avons pas compris. Tapez le chiffre de votre commune.")
        await call.hears("Pour Gap, tapez 1.")
        await call.presses("1")
        await call.hears("démarche administrative")
        await call.hangs_up()

    office.run(gina())


def test_somebody_asks_aloud_to_hear_it_again(office: Office) -> None:
    async def rose() -> None:
        call = await dials(office)
        await call.hears("code postal")
        await call.says("Pardon ?")
        await call.hears("Tapez ou dites les cinq chiffres de votre code postal", within=10)
        await call.hangs_up()

    office.run(rose())


def test_a_masked_caller_says_the_number_to_ring_back(office: Office) -> None:
    async def masked() -> None:
        call = await dials(office, MASKED.number)
        await call.hears("code postal")
        await call.says("05 170")
        await call.hears("démarche administrative")
        await call.says("un ordinateur")
        await call.hears("À quel numéro vous rappeler")
        await call.says("01 99 00 00 43")
        await call.hears("Vous avez tapé le 01 99 00 00 43")
        await call.says("oui")
        await call.hears("Nous vous rappellerons au 01 99 00 00 43")
        await call.hangs_up()

    office.run(masked())


def test_a_voicemail_that_says_yes_or_one_is_put_through_to_nobody(office: Office) -> None:
    """What we ring is answered by keys alone."""
    office.has(INES)

    async def greets(call: PhoneCall) -> None:
        await call.waits(3)
        await call.picks_up()
        for _ in range(5):
            await call.says("Un. Oui. Vous êtes bien chez Inès, laissez un message.")

    office.network.phone(INES.number).when_rung(greets)

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Cette personne ne peut pas répondre", within=90)
        await call.hangs_up()

    office.run(rose())

    assert not office.network.ledger.bridges()
