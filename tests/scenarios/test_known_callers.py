"""Somebody who asks for it is known again: the same place, and who helped them."""

from datetime import timedelta

import sqlalchemy as sa

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import known_callers
from dispatcher.simulator import PhoneCall, answers, lets_it_ring
from dispatcher.store.schema import known_callers as table
from tests.office import Office
from tests.people import INES, LINE, MALO, ROSE, ZOE, Citizen

OFFER = "Pour que nous retenions votre commune, tapez 3"
SAME_PLACE = "même endroit que la dernière fois"


async def ring_again(office: Office, citizen: Citizen) -> PhoneCall:
    return await office.network.phone(citizen.number).dials(LINE)


def known(office: Office, citizen: Citizen) -> bool:
    with office.services.store.reading() as tx:
        return (
            tx.known_callers.find(PhoneNumber(citizen.number), at=office.services.now()) is not None
        )


async def is_helped_and_remembered(office: Office) -> str:
    """Rose is helped, and asks us to remember her when the agent has hung up."""
    call = await office.asks(ROSE)
    helper = await call.talks_with_somebody()
    await call.hears(OFFER, within=120)
    await call.presses("3")
    await call.hears("C'est retenu")
    await call.ends()
    return helper


def test_the_next_time_one_key_is_enough_and_the_same_agent_comes_first(office: Office) -> None:
    office.has(INES, ZOE, MALO)
    for helper in (INES, ZOE, MALO):
        office.network.phone(helper.number).when_rung(answers(talks_for=10))
    helped_by: list[str] = []

    async def rose() -> None:
        helped_by.append(await is_helped_and_remembered(office))
        await office.waits(60)
        call = await ring_again(office, ROSE)
        await call.hears(SAME_PLACE)
        assert "Orcières" not in str(call.transcript), "a number proves nothing: no place is named"
        await call.presses("1")
        await call.hears("démarche administrative, tapez 1")
        await call.presses("1")
        helped_by.append(await call.talks_with_somebody())
        await call.ends()

    office.run(rose())

    assert helped_by[0] == helped_by[1]


def test_whoever_helped_last_comes_first(office: Office) -> None:
    """Ines is asked for first, does not answer, and Malo of Gap helps: next time it is Malo."""
    office.has(INES, MALO)
    office.network.phone(INES.number).when_rung(
        answers(talks_for=10), lets_it_ring(), answers(talks_for=10)
    )
    office.network.phone(MALO.number).when_rung(answers(talks_for=10))
    helped_by: list[str] = []

    async def rose() -> None:
        helped_by.append(await is_helped_and_remembered(office))
        for _ in range(2):
            await office.waits(60)
            call = await ring_again(office, ROSE)
            await call.hears(SAME_PLACE)
            await call.presses("1")
            await call.hears("démarche administrative, tapez 1")
            await call.presses("1")
            helped_by.append(await call.talks_with_somebody())
            await call.ends()

    office.run(rose())

    assert helped_by == [INES.number, MALO.number, MALO.number]


def test_somebody_who_calls_from_elsewhere_says_so(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=10))

    async def rose() -> None:
        await is_helped_and_remembered(office)
        call = await ring_again(office, ROSE)
        await call.hears(SAME_PLACE)
        await call.presses("2")
        await call.hears("cinq chiffres de votre code postal")
        await call.hangs_up()

    office.run(rose())


def test_while_waiting_three_remembers_and_four_forgets(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=400))
    seen: list[bool] = []

    async def first() -> None:
        call = await office.asks(office.other(ROSE))
        await call.talks_with_somebody()
        await call.ends()

    async def rose() -> None:
        await office.waits(10)
        call = await office.asks(ROSE)
        await call.hears(OFFER, within=120)
        await call.presses("3")
        await call.hears("Nous avons retenu votre commune", within=120)
        seen.append(known(office, ROSE))
        await call.presses("4")
        await call.hears(OFFER, within=120)
        seen.append(known(office, ROSE))
        await call.hangs_up()

    office.run(first(), rose())

    assert seen == [True, False]


def test_after_booking_it_is_offered_too(office: Office) -> None:
    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Nous vous rappellerons")
        await call.hears(OFFER)
        await call.presses("3")
        await call.hears("Nous avons retenu votre commune")
        await call.hangs_up()

    office.run(rose())

    assert known(office, ROSE)


def test_what_is_kept_ends_and_does_not_show_the_number(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=5))
    office.run(is_helped_and_remembered(office))

    engine = office.services.store.engine
    with engine.begin() as connection:
        [row] = connection.execute(sa.select(table)).all()
        number_keys = [
            r.number_key for r in connection.execute(sa.text("SELECT number_key FROM calls"))
        ]
        assert row.key not in number_keys, "what is remembered could be joined to the calls"
        assert row.until == office.services.now().replace(microsecond=0) + timedelta(
            days=180
        ) or row.until - office.services.now() <= timedelta(days=180)
        connection.execute(sa.update(table).values(until=office.services.now()))

    assert not known(office, ROSE)
    known_callers.expire(office.services)
    with engine.connect() as connection:
        assert connection.execute(sa.select(table)).all() == []
