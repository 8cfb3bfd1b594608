"""Whoever has the code of their case finds the same agent, and nobody learns anything from one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatcher.domain import cases
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import CallSid, LineId, Outcome
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.retention import Data
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.operations import person
from dispatcher.simulator import PhoneCall, answers
from dispatcher.store.cases import cases as table
from tests.office import TUESDAY, Office, line, open_office
from tests.people import INES, LINE, MALO, MASKED, PAUL, ROSE, Citizen
from tests.web.forms import Stranger

LATER = WeeklySlots.parse("mon-fri 10:20-18:00")
MALO_SOON = replace(MALO, slots="mon-sun 10:03-24:00")
INES_AFTER = replace(INES, slots="mon-sun 10:05-24:00")
NOWHERE = "Continuons sans numéro de dossier."
MISTYPED = "n'est pas juste"


@pytest.fixture
def windowed(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """An office that rings people back from twenty past ten on; it is ten o'clock."""
    lines = (line(callback_windows=LATER, calls_per_number=0), line(id="autre"))
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        yield office


def code_of(office: Office, call: PhoneCall) -> str:
    """The code that was told on this call."""
    with office.services.store.reading() as tx:
        code = tx.cases.code_of_call(CallSid(call.sid))
    assert code is not None
    return code


def heard(call: PhoneCall) -> str:
    return " ".join(each.text for each in call.transcript.lines if each.sort == "heard")


def owed(office: Office) -> list[Callback]:
    with office.services.store.reading() as tx:
        return tx.callbacks.owed()


def takes(office: Office, *numbers: str) -> None:
    for number in numbers:
        office.network.phone(number).when_rung(answers(at="tapez 1", talks_for=20))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))


async def is_kept(office: Office, citizen: Citizen = ROSE) -> str:
    """Somebody asks while nobody is on, and hears the code of their case."""
    call = await office.asks(citizen)
    await call.hears("Votre numéro de dossier est")
    await call.hangs_up()
    return code_of(office, call)


async def gives(office: Office, *codes: str, shows: str = ROSE.number) -> PhoneCall:
    """Somebody rings and keys these codes."""
    number = shows if shows.startswith("+") else "+33199000099"
    call = await office.network.phone(number).dials(LINE, shows=shows)
    await call.hears("code postal")
    await call.presses("#")
    for code in codes:
        await call.hears("six chiffres")
        await call.presses(code)
    return call


def wrong(code: str) -> str:
    """The same with its last digit wrong."""
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


def nobodys(office: Office) -> str:
    """A code that leads nowhere."""
    with office.services.store.engine.connect() as connection:
        told = set(connection.scalars(sa.select(table.c.code)))
    return next(code for code in map(cases.code, range(99_999, 0, -1)) if code not in told)


def test_a_code_is_told_by_pairs_twice_and_once_more_for_a_star(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await office.asks(ROSE)
        calls.append(call)
        await call.hears("Votre numéro de dossier est")
        await call.hears("Pour que nous retenions")
        await call.presses("*")
        await call.hears("Pour que nous retenions")
        await call.hangs_up()

    office.run(rose())

    pairs = cases.in_pairs(code_of(office, calls[0]), ", ")
    assert heard(calls[0]).count(pairs) == 4


def test_whoever_rings_again_with_their_code_finds_the_same_agent(office: Office) -> None:
    """Malo of Gap rang Rose back; now Ines of Orcières, who is nearer, is on as well."""
    office.has(MALO_SOON, INES_AFTER)
    takes(office, MALO.number, INES.number)
    helped_by: list[str] = []
    calls: list[PhoneCall] = []

    async def rose() -> None:
        code = await is_kept(office)
        await office.waits(400)
        call = await gives(office, wrong(code), code, shows=PAUL.number)
        calls.append(call)
        helped_by.append(await call.talks_with_somebody())
        await call.ends()

    office.run(rose())

    assert helped_by == [MALO.number]
    assert MISTYPED in heard(calls[0])
    assert "Orcières" not in heard(calls[0])
    assert "Rose" not in heard(calls[0])


def test_whoever_is_helped_on_the_line_is_not_rung_back_as_well(windowed: Office) -> None:
    windowed.has(MALO_SOON)
    takes(windowed, MALO.number)

    async def rose() -> None:
        code = await is_kept(windowed)
        await windowed.waits(300)
        call = await gives(windowed, code, shows=PAUL.number)
        await call.talks_with_somebody()
        await call.ends()

    windowed.run(rose(), until=1500)

    assert owed(windowed) == []
    assert windowed.network.phone(ROSE.number).rung == 0


def test_nobody_is_rung_back_while_they_are_on_the_line_with_their_code(office: Office) -> None:
    office.has(MALO_SOON)
    takes(office, MALO.number)
    rung: list[int] = []

    async def rose() -> None:
        code = await is_kept(office)
        call = await gives(office, code, shows=PAUL.number)
        await call.hears("comme prévu")
        for _ in range(10):  # well past the minute at which Malo comes on
            await call.presses("*")
            await call.hears("comme prévu")
            await office.waits(15)
        rung.append(office.network.phone(MALO.number).rung)
        await call.hangs_up()

    office.run(rose(), until=900)

    assert rung == [0]
    assert office.network.phone(ROSE.number).rung == 1


@pytest.mark.parametrize("shows", [ROSE.number, PAUL.number, MASKED.number])
def test_leaving_the_line_with_a_code_keeps_the_older_promise_to_its_number(
    windowed: Office, shows: str
) -> None:
    calls: list[PhoneCall] = []

    async def somebody() -> None:
        code = await is_kept(windowed)
        await windowed.waits(300)
        call = await gives(windowed, code, shows=shows)
        calls.append(call)
        await call.hears("comme prévu, au numéro déjà donné")
        await call.hangs_up()

    windowed.run(somebody())

    [kept] = owed(windowed)
    assert kept.number == ROSE.number
    assert kept.asked_at < TUESDAY + timedelta(minutes=3)
    assert windowed.call(calls[0]).outcome is Outcome.CALLBACK
    assert "01 99 00 00 01" not in heard(calls[0])


def test_another_number_keyed_then_has_the_older_place_and_takes_nothing_away(
    windowed: Office,
) -> None:
    async def somebody() -> None:
        code = await is_kept(windowed)
        await windowed.waits(300)
        call = await gives(windowed, code, shows=MASKED.number)
        await call.hears("Pour un autre numéro, tapez 2")
        await call.presses("2")
        await call.hears("dix chiffres")
        await call.presses("0199000002")
        await call.hears("tapez 1")
        await call.presses("1")
        await call.hears("Votre numéro de dossier est")
        await call.hangs_up()

    windowed.run(somebody())

    first, second = owed(windowed)
    assert (first.number, second.number) == (ROSE.number, PAUL.number)
    assert first.place_since == second.place_since


def test_three_mistyped_codes_lead_to_the_ordinary_questions(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        bad = wrong(nobodys(office))
        call = await gives(office, bad, bad, bad)
        calls.append(call)
        await call.hears(NOWHERE)
        await call.presses(ROSE.postal_code)
        await call.hears("tapez 1")
        await call.hangs_up()

    office.run(rose())

    assert heard(calls[0]).count(MISTYPED) == 2


def erased(office: Office, code: str) -> None:
    number, spool = PhoneNumber(ROSE.number), office.parts.spool
    [shown] = person.export(number, spool, office.services).callbacks
    assert shown.code == code
    done = person.erase(number, spool, office.services, with_callbacks=True)
    assert done.cases == 1
    with office.services.store.engine.connect() as connection:
        assert code not in set(connection.scalars(sa.select(table.c.code)))


def of_another_line(office: Office, code: str) -> None:
    del code
    with office.services.store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE callbacks SET line = 'autre'"))


def expired(office: Office, code: str) -> None:
    long_ago = office.services.periods.end(Data.CASES, at=office.services.now())
    with office.services.store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE callbacks SET state = 'cancelled', closed_at = 1"))
        its = sa.update(table).where(table.c.code == code)
        connection.execute(its.values(last_at=long_ago))


def blanked(office: Office, code: str) -> None:
    del code
    with office.services.store.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE callbacks SET state = 'closed', closed_at = 1, number_key = ''")
        )


@pytest.mark.parametrize("how", [erased, of_another_line, expired, blanked])
def test_a_code_that_leads_nowhere_any_more_is_answered_like_one_that_never_did(
    windowed: Office, how: object
) -> None:
    calls: list[PhoneCall] = []

    async def somebody() -> None:
        code = await is_kept(windowed)
        how(windowed, code)  # type: ignore[operator]
        for each in (code, nobodys(windowed)):
            call = await gives(windowed, each, shows=PAUL.number)
            await call.hears(NOWHERE)
            await call.presses(ROSE.postal_code)
            await call.hears("tapez 1")
            await call.hangs_up()
            calls.append(call)

    windowed.run(somebody())

    before = [heard(each).partition(NOWHERE) for each in calls]
    assert before[0][:2] == before[1][:2]
    assert [windowed.call(each).helper for each in calls] == [None, None]


@pytest.mark.parametrize("shows", [PAUL.number, MASKED.number])
def test_whoever_tries_many_codes_finds_none_at_last(windowed: Office, shows: str) -> None:
    async def somebody() -> None:
        code = await is_kept(windowed)
        for _ in range(31 if shows == MASKED.number else 11):
            call = await gives(windowed, nobodys(windowed), shows=shows)
            await call.hears(NOWHERE)
            await call.hangs_up()
        call = await gives(windowed, code, shows=shows)
        await call.hears(NOWHERE)
        await call.hangs_up()

    windowed.run(somebody())


def test_a_second_code_of_one_call_is_not_looked_up(windowed: Office) -> None:
    async def somebody() -> None:
        code = await is_kept(windowed)
        call = await gives(windowed, nobodys(windowed), shows=PAUL.number)
        await call.hears(NOWHERE)
        await call.presses("#")
        await call.hears("pas reconnu ce code postal")
        await call.says(code)
        await call.hears("avant le nom de la commune")
        await call.hangs_up()

    windowed.run(somebody())


def test_a_code_may_be_said_as_well(windowed: Office) -> None:
    async def rose() -> None:
        code = await is_kept(windowed)
        call = await windowed.network.phone(ROSE.number).dials(LINE)
        await call.hears("code postal")
        await call.says("j'ai un numéro de dossier")
        await call.hears("six chiffres")
        await call.says(cases.in_pairs(code, ", "))
        await call.hears("comme prévu")
        await call.hangs_up()
        at_once = await windowed.network.phone(ROSE.number).dials(LINE)
        await at_once.hears("code postal")
        await at_once.says(cases.in_pairs(code))
        await at_once.hears("comme prévu")
        await at_once.hangs_up()

    windowed.run(rose())


def test_a_code_on_the_form_chooses_who_rings(office: Office) -> None:
    office.has(MALO_SOON, INES_AFTER)
    takes(office, MALO.number, INES.number)

    async def rose() -> None:
        code = await is_kept(office)
        await office.waits(400)
        Stranger(office.app).gets_a_link(code=cases.in_pairs(code))
        await office.waits(120)

    office.run(rose())

    assert office.network.phone(MALO.number).rung == 2
    assert office.network.phone(INES.number).rung == 0


def test_whoever_joins_a_callback_is_told_a_code_that_does_not_lead_to_it(
    windowed: Office,
) -> None:
    """Whoever keys Rose's number cannot tell by it that she is owed one, nor join it by a code."""
    codes: list[str] = []

    async def rose() -> None:
        codes.append(await is_kept(windowed))
        call = await windowed.asks(MASKED)
        await call.hears("dix chiffres")
        await call.presses("0199000001")
        await call.hears("tapez 1")
        await call.presses("1")
        await call.hears("Votre numéro de dossier est")
        await call.hangs_up()
        codes.append(code_of(windowed, call))

    windowed.run(rose())

    [kept] = owed(windowed)
    with windowed.services.store.reading() as tx:
        found = [tx.cases.find(each, LineId(kept.line), since=TUESDAY) for each in codes]
    assert codes[0] != codes[1]
    assert [each.callback if each else "none" for each in found] == [kept.id, None]
    assert kept.state is State.WAITING
