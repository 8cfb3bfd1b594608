"""Somebody asks on the web, and somebody near them rings them back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.links import Purpose
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.simulator import PhoneCall, answers, lets_it_ring
from tests.office import TUESDAY, Office, line, open_office
from tests.people import INES, MALO, ROSE, YANN
from tests.web.forms import Stranger

BEFORE_AND_AFTER_ONE = WeeklySlots.parse("mon-fri 09:00-13:00 13:02-18:00")


def callback(office: Office, link: str) -> Callback:
    id = office.services.links.id(link.rsplit("/", 1)[1], Purpose.CHANGE)
    with office.services.store.reading() as tx:
        found = tx.callbacks.find(CallbackId(id or ""))
    assert found is not None
    return found


def heard(call: PhoneCall) -> str:
    return " ".join(each.text for each in call.transcript.lines if each.sort == "heard")


def takes(office: Office, *helpers: Any) -> None:
    """These agents are on, and take what they are offered; Rose picks up."""
    office.has(*helpers)
    for each in helpers:
        office.network.phone(each.number).when_rung(answers(at="tapez 1", talks_for=20))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))


async def nothing_more(office: Office) -> None:
    await office.waits(0.1)


def test_a_web_request_is_rung_back_by_somebody_near_who_knows_whom_to_ask_for(
    office: Office,
) -> None:
    takes(office, YANN, MALO, INES)
    link = Stranger(office.app).gets_a_link(discreet="1")

    office.run(nothing_more(office), until=120)

    assert callback(office, link).state is State.REACHED
    [talk] = office.network.ledger.bridges()
    assert {talk.caller, talk.callee} == {INES.number, ROSE.number}
    [rung] = office.network.phone(INES.number).calls
    assert "Rappel. Orcières. Démarche. Demandé à l'instant." in heard(rung)
    assert "Demandez Rose. Si quelqu'un d'autre répond, dites seulement : le service." in heard(
        rung
    )
    [rang] = office.network.phone(ROSE.number).calls
    assert "Rose" not in heard(rang)


@pytest.fixture
def by_day(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """An office whose line has windows, three minutes before they shut for a moment."""
    lines = (line(callback_windows=BEFORE_AND_AFTER_ONE),)
    at = TUESDAY.replace(hour=11, minute=57)
    with open_office(
        sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines, starts_at=at
    ) as office:
        yield office


def test_whoever_wants_the_afternoon_is_rung_then_and_not_before(by_day: Office) -> None:
    takes(by_day, INES)
    link = Stranger(by_day.app).gets_a_link(part="afternoon")

    by_day.run(nothing_more(by_day), until=400)

    assert callback(by_day, link).state is State.REACHED
    [talk] = by_day.network.ledger.bridges()
    assert 5 * 60 < talk.since < 6 * 60, "two past one, since it is three to"


def test_a_morning_that_is_missed_is_tried_again_on_another_morning(office: Office) -> None:
    takes(office, INES)
    office.network.phone(ROSE.number).when_rung(lets_it_ring())
    link = Stranger(office.app).gets_a_link(part="morning")

    office.run(nothing_more(office), until=120)

    after = callback(office, link)
    assert (after.state, after.attempts) == (State.WAITING, 1)
    assert after.due_at == TUESDAY + timedelta(hours=23), "nine the next day"


def test_who_asks_at_night_where_the_line_never_closes_is_not_woken(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wrote the number may not be whose it is."""
    night = TUESDAY + timedelta(hours=12)
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, starts_at=night) as office:
        takes(office, INES)
        link = Stranger(office.app).gets_a_link()

        office.run(nothing_more(office), until=600)

        assert office.network.phone(ROSE.number).rung == 0
        assert callback(office, link).due_at == TUESDAY + timedelta(hours=23)


def test_two_of_one_household_are_rung_each(office: Office) -> None:
    takes(office, INES)
    rose = Stranger(office.app)
    links = [rose.gets_a_link(first_name=name) for name in ("Rose", "Léon")]

    office.run(nothing_more(office), until=400)

    assert [callback(office, link).state for link in links] == [State.REACHED] * 2
    asked_for = [heard(rung) for rung in office.network.phone(INES.number).calls]
    for name in ("Rose", "Léon"):
        assert sum(f"Demandez {name}." in each for each in asked_for) == 1


def test_one_of_the_household_who_rang_and_was_answered_ends_nobody_elses_callback(
    by_day: Office,
) -> None:
    takes(by_day, INES)
    link = Stranger(by_day.app).gets_a_link(first_name="Léon", part="afternoon")

    async def rings() -> None:
        call = await by_day.asks(ROSE)
        await call.talks_with_somebody()
        await call.ends()

    by_day.run(rings(), until=400)

    assert callback(by_day, link).state is State.REACHED


def test_whoever_cancels_while_their_agent_is_rung_rings_nobody(office: Office) -> None:
    takes(office, INES)
    rose = Stranger(office.app)
    link = rose.gets_a_link()

    async def cancels_meanwhile(call: PhoneCall) -> None:
        await call.picks_up()
        await call.hears("tapez 1")
        assert rose.posts(link + "/cancel", {}).status_code == 303
        await call.presses("1")
        await call.hears("déjà pris")

    office.network.phone(INES.number).when_rung(cancels_meanwhile)

    office.run(nothing_more(office), until=900)

    assert callback(office, link).state is State.CANCELLED
    assert office.network.phone(ROSE.number).rung == 0
    assert office.network.phone(INES.number).rung == 1
    assert office.open_offers() == []


def test_somebody_who_puts_it_off_while_their_agent_is_rung_is_rung_later(by_day: Office) -> None:
    takes(by_day, INES)
    rose = Stranger(by_day.app)
    link = rose.gets_a_link()

    async def put_off_meanwhile(call: PhoneCall) -> None:
        await call.picks_up()
        await call.hears("tapez 1")
        assert rose.posts(link + "/move", {"when": "afternoon"}).status_code == 303
        await call.presses("1")
        await call.hears("déjà pris")

    by_day.network.phone(INES.number).when_rung(
        put_off_meanwhile, answers(at="tapez 1", talks_for=20)
    )

    by_day.run(nothing_more(by_day), until=500)

    assert callback(by_day, link).state is State.REACHED
    [talk] = by_day.network.ledger.bridges()
    assert talk.since > 5 * 60
    assert by_day.network.phone(ROSE.number).rung == 1


def test_a_half_hour_that_was_chosen_is_when_the_telephone_rings(office: Office) -> None:
    takes(office, INES)
    half_hour = TUESDAY + timedelta(minutes=30)
    chosen = f"{half_hour:%Y-%m-%dT%H:%MZ}"
    link = Stranger(office.app).gets_a_link(part="half_hour", half_hour=chosen)

    office.run(nothing_more(office), until=45 * 60)

    found = callback(office, link)
    with office.services.store.reading() as tx:
        [offered] = [at for at, state in tx.callbacks.moves(found.id) if state == State.OFFERED]
    assert found.state is State.REACHED
    assert half_hour <= offered < half_hour + timedelta(seconds=30)
