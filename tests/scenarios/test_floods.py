"""One number that rings again and again gets a polite limit, and a callback: nobody is sent away."""

from dispatcher.domain.calls import Outcome, Why
from dispatcher.simulator import PhoneCall
from tests.office import Office
from tests.people import LINE, MASKED, ROSE

LIMIT = 10


async def rings(office: Office, calls: list[PhoneCall], shows: str = ROSE.number) -> None:
    call = await office.network.phone(ROSE.number).dials(LINE, shows=shows)
    calls.append(call)
    await office.waits(1)


def test_the_eleventh_call_in_ten_minutes_is_a_callback_at_once(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def flood() -> None:
        for _ in range(LIMIT):
            await rings(office, calls)
            await calls[-1].hangs_up()
        await rings(office, calls)
        await calls[-1].hears("Vous avez appelé plusieurs fois")
        await calls[-1].hears("Nous vous rappellerons au 01 99 00 00 01")
        await calls[-1].hangs_up()

    office.run(flood())

    assert office.callback(calls[-1]).why is Why.OFTEN
    assert office.call(calls[-1]).outcome is Outcome.CALLBACK


def test_ten_minutes_later_they_are_served_as_ever(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def flood() -> None:
        for _ in range(LIMIT):
            await rings(office, calls)
            await calls[-1].hangs_up()
        await office.waits(600)
        await rings(office, calls)
        await calls[-1].hears("code postal")
        await calls[-1].hangs_up()

    office.run(flood())


def test_masked_callers_are_many_people(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def flood() -> None:
        for _ in range(LIMIT + 1):
            await rings(office, calls, shows=MASKED.number)
            await calls[-1].hangs_up()
        await rings(office, calls, shows=MASKED.number)
        await calls[-1].hears("code postal")
        await calls[-1].hangs_up()

    office.run(flood())


def test_a_flood_makes_one_callback(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def flood() -> None:
        for _ in range(LIMIT + 3):
            await rings(office, calls)
            await calls[-1].hangs_up()

    office.run(flood())

    with office.services.store.reading() as tx:
        assert tx.callbacks.open() == 1
