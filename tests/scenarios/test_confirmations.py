"""Whoever is promised a callback on a mobile reads so, with the link to move or cancel it."""

import re
from dataclasses import replace
from datetime import timedelta

from dispatcher.domain.callbacks import State
from tests.office import BASE, Office
from tests.people import ROSE
from tests.scenarios.test_requests import callback
from tests.web.forms import Stranger

MOBILE = replace(ROSE, number="+33639980042")
THEIRS = {"number": "06 39 98 00 42"}


def texts(office: Office, number: str = MOBILE.number) -> list[str]:
    return list(office.network.phone(number).texts)


def link_in(text: str) -> str:
    [found] = re.findall(rf"{BASE}(/r/\w+)", text)
    return str(found)


def test_a_web_request_is_confirmed_to_a_mobile_once_with_its_link(office: Office) -> None:
    rose = Stranger(office.app)
    link = rose.gets_a_link(**THEIRS)
    joined = rose.gets_a_link(**THEIRS)

    office.run(office.waits(20), until=30)

    [told] = texts(office)
    assert link_in(told) == link != joined
    assert "01 99 00 01 00" in told
    assert "Rose" not in told


def test_a_landline_is_sent_nothing(office: Office) -> None:
    Stranger(office.app).gets_a_link()

    office.run(office.waits(20), until=30)

    assert texts(office, ROSE.number) == []
    with office.services.store.reading() as tx:
        assert tx.texts.standing(office.services.now() - timedelta(days=1)) == (0, 0, 0)


def test_whoever_rang_from_a_mobile_and_is_kept_a_callback_can_cancel_it_by_the_link(
    office: Office,
) -> None:
    async def rings() -> None:
        call = await office.asks(MOBILE)
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()

    office.run(rings(), office.waits(40), until=60)

    [told] = texts(office)
    link = link_in(told)
    assert callback(office, link).call is not None
    assert "C’est noté" in Stranger(office.app).reads(link).text
    Stranger(office.app).posts(link + "/cancel", {})
    assert callback(office, link).state is State.CANCELLED


def test_another_number_keyed_is_confirmed_to_that_one(office: Office) -> None:
    async def rings() -> None:
        call = await office.asks(ROSE)
        await call.hears("pour un autre numéro, tapez 2")
        await call.presses("2")
        await call.hears("À quel numéro")
        await call.presses("0639980042")
        await call.hears("Vous avez tapé")
        await call.presses("1")
        await call.hears("Nous vous rappellerons au 06 39 98 00 42")
        await call.hangs_up()

    office.run(rings(), office.waits(60), until=80)

    assert len(texts(office)) == 1
    assert texts(office, ROSE.number) == []


def test_what_is_undone_is_not_confirmed(office: Office) -> None:
    """Text and callback are of one transaction."""
    rose = Stranger(office.app)
    for name in ("Ada", "Bea", "Cleo", "Dina", "Eve"):
        rose.gets_a_link(first_name=name, number="06 39 98 00 43")

    assert rose.asks(first_name="Fanny", number="06 39 98 00 43").status_code == 429

    office.run(office.waits(20), until=30)
    assert len(texts(office, "+33639980043")) == 5
