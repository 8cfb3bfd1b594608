"""A morning of calls, and a year later: no number is left anywhere, and all can be counted still."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dispatcher import assembly
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.retention import Data
from dispatcher.operations import person, retention
from dispatcher.simulator import answers
from dispatcher.store.schema import metadata
from tests.office import Office, vault
from tests.people import GINA, INES, ROSE
from workers import sweep

KEYED = "0199006677"
GWEN = replace(GINA, postal_code=ROSE.postal_code)
CALLERS = (ROSE.number, GINA.number, "+33" + KEYED[1:])


def found(office: Office) -> dict[str, int]:
    """In how many cells of which columns one of the callers' numbers stands, however it is kept."""
    keys = {key for number in CALLERS for key in every_key(number)}
    places: dict[str, int] = {}
    with office.services.store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                for name, value in row.items():
                    if is_number(value, keys):
                        where = f"{table.name}.{name}"
                        places[where] = places.get(where, 0) + 1
    return places


def every_key(number: str) -> list[str]:
    held = vault()
    return [*held.keys(PhoneNumber(number)), *held.caller_keys(PhoneNumber(number))]


def is_number(value: Any, keys: set[str]) -> bool:
    if isinstance(value, bytes):
        return bool(value) and vault().open(value) in CALLERS
    text = str(value)
    return text in keys or any(number[3:] in text for number in CALLERS)


def lives_a_morning(office: Office) -> None:
    """Rose is helped and asks to be known again; Gina gives another number to be rung back on."""
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=20))
    office.network.phone(CALLERS[2]).when_rung(answers(talks_for=20, presses="1"))

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.talks_with_somebody()
        await call.hears("Pour que nous retenions votre commune", within=120)
        await call.presses("3")
        await call.hears("C'est retenu")
        await call.ends()

    async def gina() -> None:
        await office.waits(5)
        call = await office.asks(GWEN)
        await call.hears("sans perdre votre place", within=60)
        await call.presses("1")
        await call.hears("pour un autre numéro", within=30)
        await call.presses("2")
        await call.hears("À quel numéro")
        await call.presses(KEYED)
        await call.hears("Si c'est juste")
        await call.presses("1")
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()

    office.run(rose(), gina(), until=400)


def later(office: Office, monkeypatch: pytest.MonkeyPatch, days: int, *, hours: int = 0) -> None:
    """So much time has passed for the clock and the workers."""
    at = office.services.now() + timedelta(days=days, hours=hours)
    parts = replace(office.parts, services=replace(office.services, now=lambda: at))
    monkeypatch.setattr(assembly, "parts", lambda: parts)


def the_clock_goes_round(office: Office) -> dict[Data, int]:
    """The clock asks, a worker erases: what the last report says."""
    sweep.erase()
    office.do_jobs()
    report = retention.last(office.services)
    return {} if report is None else {each.data: each.count for each in report.erased}


def figures(office: Office) -> Any:
    """What statistics are made of."""
    with office.services.store.engine.connect() as connection:
        told = "line, started_at, ended_at, commune, postal_code, need, outcome, step, offers"
        calls = connection.exec_driver_sql(f"SELECT {told} FROM calls ORDER BY sid").all()
        told = "line, asked_at, place_since, due_at, closed_at, commune, need, why, state"
        return calls, connection.exec_driver_sql(f"SELECT {told} FROM callbacks").all()


def test_after_its_period_no_number_is_left_anywhere_and_figures_stay(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives_a_morning(office)
    held, told = found(office), figures(office)
    assert held == {
        "calls.number": 2,
        "calls.number_key": 2,
        "calls.keyed_number": 1,
        "callbacks.number": 1,
        "callbacks.number_key": 1,
        "known_callers.key": 1,
    }
    later(office, monkeypatch, 179)
    assert the_clock_goes_round(office)[Data.NUMBERS] == 0
    assert found(office) == held

    later(office, monkeypatch, 181)
    first = the_clock_goes_round(office)

    assert found(office) == {}
    assert figures(office) == told
    assert (first[Data.NUMBERS], first[Data.KNOWN_CALLERS], first[Data.HISTORY]) == (3, 1, 0)
    assert [call.outcome for call in office.all_calls()].count(Outcome.ANSWERED) == 1


def test_a_year_later_nobody_can_tell_who_was_rung_for_whom(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives_a_morning(office)
    told = figures(office)
    later(office, monkeypatch, 366)

    assert the_clock_goes_round(office)[Data.HISTORY] > 10

    with office.services.store.engine.connect() as connection:
        for table in ("moves", "offers", "decisions"):
            left = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            assert left == 0, table
    assert figures(office) == told


def test_the_clock_has_it_done_once_a_day_and_a_second_time_finds_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives_a_morning(office)
    later(office, monkeypatch, 181)
    first = the_clock_goes_round(office)
    later(office, monkeypatch, 181, hours=22)

    assert the_clock_goes_round(office) == first, "nobody ran: the last report is still this one"
    retention.run(office.parts.spool, assembly.services())
    report = retention.last(office.services)
    assert report is not None
    assert report.count == 0
    later(office, monkeypatch, 182)
    assert the_clock_goes_round(office)[Data.NUMBERS] == 0


def test_somebody_to_whom_a_callback_is_owed_is_not_forgotten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody came on for a year: it is late, and still a promise."""

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()

    office.run(rose())
    later(office, monkeypatch, 366)
    the_clock_goes_round(office)
    with office.services.store.writing() as tx:
        [kept] = tx.callbacks.owed()
        assert kept.number == ROSE.number
        done = assembly.services().now()
        tx.callbacks.move(kept.id, of=State.WAITING, to=State.REACHED, at=done)

    later(office, monkeypatch, 366 + 179)
    the_clock_goes_round(office)
    assert found(office)["callbacks.number"] == 1
    later(office, monkeypatch, 366 + 181)
    the_clock_goes_round(office)
    assert found(office) == {}


def test_whoever_asks_is_erased_at_once_and_nothing_is_shown_then(office: Office) -> None:
    lives_a_morning(office)
    told = figures(office)

    for number in CALLERS:
        done = person.erase(PhoneNumber(number), office.parts.spool, office.services)
        assert done.left.nothing

    assert found(office) == {}
    assert figures(office) == told
    for number in CALLERS:
        assert person.export(PhoneNumber(number), office.parts.spool, office.services).nothing
