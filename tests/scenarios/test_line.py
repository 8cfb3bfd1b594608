"""What the line itself says and refuses."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.simulator import PhoneCall, answers, lets_it_ring
from dispatcher.simulator.people.behaviours import does_not_exist, forwards_to
from tests.office import Office, line, open_office
from tests.people import GINA, GUY, INES, LINE, MALO, MASKED, ROSE

FROM_ELEVEN = OpeningHours(WeeklySlots.parse("mon-fri 10:05-17:00"), "Europe/Paris")


@pytest.fixture
def closed(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    lines = (line(hours=FROM_ELEVEN),)
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        yield office


def test_a_closed_line_says_when_it_opens_and_rings_back_then(closed: Office) -> None:
    closed.has(INES)
    closed.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=10))
    closed.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await closed.network.phone(ROSE.number).dials(LINE)
        calls.append(call)
        await call.hears("Elle ouvre aujourd'hui à 10 heures 5")
        await call.hears("code postal")
        await call.presses("05170")
        await call.hears("tapez 1")
        await call.presses("1")
        await call.hears("Nous vous rappellerons au 01 99 00 00 01")
        await call.hangs_up()

    closed.run(rose(), until=420)

    assert closed.callback(calls[0]).state is State.REACHED
    [talk] = closed.network.ledger.bridges()
    assert talk.since >= 300


def test_a_masked_caller_is_served(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers())

    async def masked() -> None:
        call = await office.asks(MASKED)
        assert await call.talks_with_somebody() == INES.number
        await call.ends()

    office.run(masked())

    assert not office.network.ledger.failures()


def test_silence_and_wrong_codes_end_with_a_person(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1"))

    async def lost() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE)
        await call.hears("code postal")
        await call.presses("00000")
        await call.hears("Nous n'avons pas reconnu")
        await call.hears("Essayons encore", within=60)
        assert await call.talks_with_somebody(within=120) == INES.number
        await call.ends()

    office.run(lost())

    [rung] = office.network.phone(INES.number).calls
    assert "Commune inconnue" in str(rung.transcript)


def test_a_star_repeats_at_once_inside_a_number(office: Office) -> None:
    async def rose() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE)
        await call.hears("code postal")
        await call.presses("05*")
        await call.hears("cinq chiffres de votre code postal", within=5)
        await call.presses("05170")
        await call.hears("tapez 1")
        await call.presses("*")
        await call.hears("Pour une démarche administrative", within=10)
        await call.hangs_up()

    office.run(rose())


def test_a_postal_code_of_several_communes_asks_only_when_it_matters(office: Office) -> None:
    office.has(GUY)  # of another EPCI: all ten communes of 05000 are answered alike

    async def gina() -> None:
        call = await office.network.phone(GINA.number).dials(LINE)
        await call.hears("code postal")
        await call.presses(GINA.postal_code)
        await call.hears("Pour une démarche")
        await call.hangs_up()

    office.run(gina())


def test_a_postal_code_of_several_communes_lists_them_when_it_matters(office: Office) -> None:
    office.has(MALO)  # of Gap itself, one of the ten
    calls: list[PhoneCall] = []

    async def gina() -> None:
        call = await office.network.phone(GINA.number).dials(LINE)
        calls.append(call)
        await call.hears("code postal")
        await call.presses(GINA.postal_code)
        await call.hears("Pour Gap, tapez 1")
        await call.hears("Pour une autre commune, tapez 4")
        await call.presses("4")
        await call.hears("tapez 2")
        await call.presses("2")
        await call.hears("Pour une démarche")
        await call.hangs_up()

    office.run(gina())

    assert office.call(calls[0]).commune == "05037"  # Châteauvieux, the fifth


def test_a_call_from_one_of_our_own_numbers_is_rejected(office: Office) -> None:
    async def ourselves() -> None:
        call = await office.network.phone("+33199000050").dials(LINE, shows=LINE)
        assert await call.ends(within=5) == "busy"

    office.run(ourselves())

    assert [call.outcome for call in office.all_calls()] == [Outcome.REJECTED]


def test_an_agent_whose_telephone_is_forwarded_to_us_is_put_aside(office: Office) -> None:
    office.has(INES, MALO)
    office.network.phone(INES.number).when_rung(forwards_to(LINE))
    office.network.phone(MALO.number).when_rung(answers())

    async def rose() -> None:
        call = await office.asks(ROSE)
        assert await call.talks_with_somebody(within=60) == MALO.number
        await call.ends()

    office.run(rose())

    assert office.agent(INES).aside == "forwarded_to_us"
    assert len(office.network.ledger.bridges()) == 1


def test_two_misses_pause_an_agent_who_comes_back_with_their_pin(office: Office) -> None:
    office.has(replace(INES, number="+33639980001"))
    phone = office.network.phone("+33639980001")
    phone.when_rung(lets_it_ring(), lets_it_ring(), answers())
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].hears("Nous vous rappellerons", within=400)
        await calls[0].hangs_up()

    async def ines() -> None:
        await rose()
        call = await phone.dials(LINE)
        await call.hears("Tapez votre code d'aidant")
        await call.presses("4321#")
        await call.hears("Vous êtes en pause jusqu'à 10 heures 3")
        await call.presses("1")
        await call.hears("Vous êtes disponible")
        await call.hangs_up()

    office.run(ines())

    assert len(phone.texts) == 1
    assert "pause" in phone.texts[0]
    assert office.agent(INES).paused_until is None


def test_a_number_that_twice_does_not_exist_is_put_aside(office: Office) -> None:
    office.has(INES, MALO)
    office.network.phone(INES.number).when_rung(does_not_exist())
    office.network.phone(MALO.number).when_rung(answers(talks_for=5))

    async def callers() -> None:
        for _ in range(2):
            call = await office.asks(office.other(ROSE))
            await call.talks_with_somebody(within=60)
            await call.ends()
            await office.waits(60)

    office.run(callers())

    assert office.agent(INES).aside == "no_such_number"


def test_an_sms_is_answered_with_the_number_to_ring(office: Office) -> None:
    office.run(office.network.phone(ROSE.number).texts_to(LINE, "Bonjour"))

    assert "appelez le" in office.network.phone(ROSE.number).texts[0]
