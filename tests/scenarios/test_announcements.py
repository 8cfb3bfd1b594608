"""What callers are told for a while, where they live and for what they need."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.announcements import Announcement
from dispatcher.domain.territories import Level, Territory
from dispatcher.simulator import answers, declines
from tests.office import Office, line, open_office
from tests.people import INES, LEON, LINE, MALO, ROSE

TODAY, PAST = date(2026, 11, 24), date(2026, 11, 23)
HAUTES_ALPES = Territory(Level.DEPARTEMENT, "05")
TOLD = (
    Announcement(TODAY, TODAY, "La déclaration est reportée au huit juin."),
    Announcement(PAST, PAST, "Hier seulement."),
    Announcement(TODAY, TODAY, "La maison de Gap est fermée.", territory=HAUTES_ALPES),
    Announcement(TODAY, TODAY, "Les impôts répondent moins vite.", need=Need.PROCEDURES),
)


@pytest.fixture
def announcing(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    lines = (line(announcements=TOLD),)
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        office.has(INES)
        office.network.phone(INES.number).when_rung(answers(talks_for=5))
        yield office


def test_everybody_hears_the_lines_own_in_the_greeting(announcing: Office) -> None:
    async def rose() -> None:
        call = await announcing.network.phone(ROSE.number).dials(LINE)
        await call.hears("reportée au huit juin")
        await call.hears("code postal")
        assert "Hier seulement" not in str(call.transcript)
        await call.hangs_up()

    announcing.run(rose())


def test_those_of_the_place_and_the_need_are_heard_once_before_somebody_answers(
    announcing: Office,
) -> None:
    async def rose() -> None:
        call = await announcing.asks(ROSE)
        await call.hears("La maison de Gap est fermée.")
        await call.hears("Les impôts répondent moins vite.")
        await call.talks_with_somebody()
        await call.ends()
        assert str(call.transcript).count("La maison de Gap") == 1

    announcing.run(rose())


def test_nobody_hears_it_again_when_the_first_agent_does_not_take_the_call(
    announcing: Office,
) -> None:
    announcing.has(MALO)
    announcing.network.phone(INES.number).when_rung(declines())
    announcing.network.phone(MALO.number).when_rung(answers(talks_for=5))

    async def rose() -> None:
        call = await announcing.asks(ROSE)
        await call.talks_with_somebody(within=90)
        await call.ends()
        assert str(call.transcript).count("La maison de Gap") == 1

    announcing.run(rose())


def test_an_agent_is_kept_as_much_longer_as_the_caller_is_told_something(
    announcing: Office,
) -> None:
    leases: list[float] = []

    async def rose() -> None:
        call = await announcing.asks(ROSE)
        await call.hears("Les impôts répondent moins vite.")
        [offer] = announcing.open_offers()
        leases.append((offer.lease_until - offer.opened_at).total_seconds())
        await call.hangs_up()

    announcing.run(rose())

    letters = len(TOLD[2].text) + len(TOLD[3].text)
    assert leases[0] > 60 + letters / 12


def test_somebody_from_elsewhere_who_needs_something_else_hears_neither(
    announcing: Office,
) -> None:
    async def leon() -> None:
        call = await announcing.asks(LEON, need="2")
        await call.talks_with_somebody()
        await call.ends()
        assert "maison de Gap" not in str(call.transcript)
        assert "Les impôts" not in str(call.transcript)

    announcing.run(leon())
