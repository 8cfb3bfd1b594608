"""Nothing of ours answers, and the carrier's own page keeps callers on the line meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome, Why
from dispatcher.simulator import PhoneCall, answers
from tests.office import BIN, Office, open_office
from tests.people import INES, LINE, ROSE

OUTAGE = 60.0
PAGE = "nous essayons encore"


@pytest.fixture
def standing_by(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """An office with one agent, whose number falls back on the carrier's page."""
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, fallback_url=BIN) as office:
        office.has(INES)
        office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=10))
        yield office


async def rings(office: Office) -> PhoneCall:
    return await office.network.phone(ROSE.number, "Rose").dials(LINE, shows=ROSE.number)


def test_somebody_who_stays_on_the_line_is_served_once_we_are_back(standing_by: Office) -> None:
    standing_by.lose_webhooks()
    standing_by.network.after(OUTAGE, lambda: standing_by.lose_webhooks(False))

    async def rose() -> None:
        call = await rings(standing_by)
        await call.hears(PAGE, within=60)
        await call.hears(PAGE, within=60)
        await call.hears("code postal", within=120)
        await call.presses(ROSE.postal_code)
        await call.hears("tapez 1", within=120)
        await call.presses("1")
        await call.talks_with_somebody()
        await call.ends()

    standing_by.run(rose(), until=300)

    [call] = standing_by.all_calls()
    assert call.outcome is Outcome.ANSWERED


def test_somebody_in_the_middle_of_their_questions_goes_on_where_they_were(
    standing_by: Office,
) -> None:
    async def rose() -> None:
        call = await rings(standing_by)
        await call.hears("code postal", within=120)
        standing_by.lose_webhooks()
        standing_by.network.after(OUTAGE, lambda: standing_by.lose_webhooks(False))
        await call.presses(ROSE.postal_code)  # nobody heard it
        await call.hears(PAGE, within=60)
        await call.hears("code postal", within=120)
        await call.presses(ROSE.postal_code)
        await call.hears("tapez 1", within=120)
        standing_by.lose_webhooks()
        standing_by.network.after(OUTAGE, lambda: standing_by.lose_webhooks(False))
        await call.presses("1")
        await call.hears(PAGE, within=60)
        await call.hears("tapez 1", within=120)
        await call.presses("1")
        await call.talks_with_somebody()
        await call.ends()

    standing_by.run(rose(), until=400)

    [call] = standing_by.all_calls()
    assert call.outcome is Outcome.ANSWERED


def test_somebody_who_hangs_up_on_the_page_is_rung_back(standing_by: Office) -> None:
    standing_by.lose_webhooks()
    standing_by.network.after(OUTAGE, lambda: standing_by.lose_webhooks(False))
    standing_by.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await rings(standing_by)
        await call.hears(PAGE, within=60)
        await call.hangs_up()
        calls.append(call)

    standing_by.run(rose(), until=OUTAGE + 200)

    callback = standing_by.callback(calls[0])
    assert (callback.why, callback.state) == (Why.MISSED, State.REACHED)


def test_somebody_waiting_for_an_agent_keeps_their_place_through_an_outage(
    standing_by: Office,
) -> None:
    standing_by.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=90))
    second = standing_by.other(ROSE)

    async def first() -> None:
        call = await standing_by.asks(ROSE)
        await call.talks_with_somebody(within=400)
        await call.ends()

    async def waits() -> None:
        await standing_by.waits(20)
        call = await standing_by.asks(second)
        await standing_by.waits(20)
        standing_by.lose_webhooks()
        standing_by.network.after(30, lambda: standing_by.lose_webhooks(False))
        await call.talks_with_somebody(within=400)
        await call.ends()

    standing_by.run(first(), waits(), until=900)

    assert {call.outcome for call in standing_by.all_calls()} == {Outcome.ANSWERED}
