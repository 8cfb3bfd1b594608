"""An agent whose number turns out to be barred is never rung, and their caller loses nothing.

They came into the directory while it could be rung: under other settings, or another numbering
plan.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.words import words
from dispatcher.carrier.inside import InsideClient
from dispatcher.carrier.rest import Carrier
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain.agents import Aside
from dispatcher.domain.offers import End
from dispatcher.simulator import answers
from dispatcher.web.app import create_app
from tests.office import BASE, Office, open_office
from tests.people import INES, MALO, ROSE
from tests.simulator.toy import ACCOUNT, TOKEN
from tests.web.doors import Doors

MONA = replace(INES, name="Mona", number="+33639980001")


@pytest.fixture
def office(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """An office that let a mobile of films into its directory and may not ring it any more."""
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch) as office:
        http = InsideClient(office.network.rest)
        carrier = Carrier(ACCOUNT, TOKEN, public_base_url=BASE, http_client=http)
        services = replace(office.services, carrier=carrier)
        parts = replace(office.parts, services=services, renderer=Renderer(words("spoken"), BASE))
        monkeypatch.setattr("dispatcher.assembly.parts", lambda: parts)
        office.parts, office.app = parts, create_app(parts)
        yield office


def test_their_caller_goes_on_to_the_next_agent(office: Office) -> None:
    office.has(MONA, MALO)
    office.network.phone(MALO.number).when_rung(answers(talks_for=20))

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Nous appelons quelqu'un pour vous")
        await call.talks_with_somebody(within=30)
        await call.ends()
        assert office.ends(call) == [End.FAILED, End.ANSWERED]

    office.run(rose())
    assert office.network.ledger.rung(MONA.number) == 0
    assert office.open_offers() == []


def test_a_caller_for_whom_there_is_nobody_else_waits_with_their_place(office: Office) -> None:
    office.has(MONA)

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Votre place est gardée", within=60)
        await call.hangs_up()
        assert office.ends(call)[0] is End.FAILED

    office.run(rose(), until=120)
    assert office.network.ledger.rung(MONA.number) == 0
    assert office.open_offers() == []


def test_for_a_callback_they_are_put_aside_as_somebody_whose_number_does_not_exist(
    office: Office,
) -> None:
    office.has(MONA)

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("sans perdre votre place", within=60)
        await call.presses("1")
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()

    office.run(rose(), until=600)
    assert office.network.ledger.rung(MONA.number) == 0
    assert office.agent(MONA).aside is Aside.NO_SUCH_NUMBER
    assert office.open_offers() == []


@pytest.mark.parametrize("writer", ["+33899123456", "36179", "+447911123456", "", "Permanence"])
def test_a_text_from_a_number_that_is_barred_is_left_unanswered(doors: Doors, writer: str) -> None:
    answer = doors.post("/sms/incoming", {"From": writer, "Body": "Bonjour"})

    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert "<Message" not in answer.get_data(as_text=True)
