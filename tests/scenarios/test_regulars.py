"""Rose asked to be rung each month: her own agent rings her, until she presses 3."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.regulars import Purpose, Regular, call_of
from dispatcher.operations import regular_rows
from dispatcher.simulator import answers, lets_it_ring, voicemail, wrong_keys
from dispatcher.store.schema import callbacks
from tests.office import Office
from tests.people import INES, MALO, ROSE
from tests.regulars import Habit, sheet
from tests.scenarios.by_telephone import rings
from tests.scenarios.test_requests import callback, heard
from tests.web.forms import Stranger

A_MONTH = timedelta(days=30)


def has_regulars(office: Office, *habits: Habit) -> None:
    imported = regular_rows.import_regulars(sheet(*habits).encode(), office.services)
    assert not imported.problems, imported.problems


def rose(office: Office) -> Regular:
    with office.services.store.reading() as tx:
        found = tx.regulars.of(PhoneNumber(ROSE.number), "Rose", Purpose.LEARNING)
    assert found is not None
    return found


def calls_of_rose(office: Office) -> list[Callback]:
    with office.services.store.reading() as tx:
        rows = office.services.store.engine.connect().execute(
            sa.select(callbacks.c.id).order_by(callbacks.c.asked_at)
        )
        found = [tx.callbacks.find(row.id) for row in rows]
    return [each for each in found if each is not None]


def lives(office: Office, *, seconds: float = 300) -> None:
    async def nothing_more() -> None:
        await office.waits(0.1)

    office.run(nothing_more(), until=seconds)


def agents_take(office: Office) -> None:
    """Ines is nearer; Malo is who Rose knows."""
    office.has(INES, MALO)
    for each in (INES, MALO):
        office.network.phone(each.number).when_rung(answers(at="tapez 1", talks_for=20))


def test_a_regular_who_is_due_is_rung_once_by_the_agent_they_know(office: Office) -> None:
    agents_take(office)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    has_regulars(office, Habit())

    lives(office)

    [call] = calls_of_rose(office)
    assert call.state is State.REACHED
    [talk] = office.network.ledger.bridges()
    assert {talk.caller, talk.callee} == {MALO.number, ROSE.number}
    [rung] = office.network.phone(MALO.number).calls
    told = heard(rung)
    assert "Habitué. Orcières. Appareil ou internet. Pour : apprendre pas à pas." in told
    assert "Demandez Rose." in told
    assert "continuer" not in told
    [rang] = office.network.phone(ROSE.number).calls
    assert "Rose" not in heard(rang)
    assert "Habitué" not in heard(rang)


def test_three_stops_these_calls_for_good(office: Office) -> None:
    agents_take(office)
    office.network.phone(ROSE.number).when_rung(wrong_keys("3", at="tapez 3"))
    has_regulars(office, Habit())

    lives(office)

    [call] = calls_of_rose(office)
    assert call.state is State.STOPPED
    stopped = rose(office)
    assert stopped.stopped_at is not None
    with office.services.store.reading() as tx:
        assert tx.callbacks.moves(call.id)[-1][1] == "stopped"
        assert tx.regulars.due(at=office.network.now() + 5 * A_MONTH, limit=9) == []
    assert "Ces appels s'arrêtent" in heard(office.network.phone(ROSE.number).calls[0])
    assert not office.network.ledger.bridges()
    again = regular_rows.import_regulars(sheet(Habit()).encode(), office.services)
    assert [problem.code for problem in again.problems] == ["regular.stopped"]
    assert office.network.phone(ROSE.number).rung == 1


def test_two_puts_off_one_call_and_the_agent_hears_why(office: Office) -> None:
    agents_take(office)
    office.network.phone(ROSE.number).when_rung(wrong_keys("2", at="tapez 2"))
    has_regulars(office, Habit())

    lives(office)

    [call] = calls_of_rose(office)
    assert call.state is State.DECLINED
    assert rose(office).goes_on(office.network.now())
    assert "préfère une autre fois" in heard(office.network.phone(MALO.number).calls[0])


def test_in_their_last_month_the_agent_is_told_to_ask_whether_to_go_on(office: Office) -> None:
    agents_take(office)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    has_regulars(office, Habit(until="2026-12-20"))

    lives(office)

    assert "Demandez si la personne veut continuer" in heard(
        office.network.phone(MALO.number).calls[0]
    )
    assert rose(office).asked_again_at is not None


def test_who_wants_to_go_on_does_so_for_a_year_by_one_key_of_their_agent_once(
    office: Office,
) -> None:
    agents_take(office)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    has_regulars(office, Habit(until="2026-12-20"))
    menus: list[str] = []

    async def malo() -> None:
        await office.waits(200)
        for last_choice in ("tapez 4", "tapez 3"):
            call = await rings(office, MALO)
            await call.hears("Pour la dernière personne aidée, tapez 4")
            await call.presses("4")
            await call.hears(last_choice)
            menus.append(heard(call))
            await call.presses("4")
            await office.waits(6)
            menus.append(heard(call))
            await call.hangs_up()

    office.run(malo(), until=400)

    assert "Si elle veut encore être appelée" in menus[0]
    assert "encore pendant un an" in menus[1]
    assert "encore être appelée" not in menus[2], "they said so already"
    assert "encore pendant un an" not in menus[3]
    assert rose(office).asked_again_at is None
    assert rose(office).until - office.network.now() > timedelta(days=365)


@pytest.mark.parametrize("behaviour", [lets_it_ring, voicemail])
def test_a_regular_missed_for_the_second_time_is_left_till_next_month_without_a_last_word(
    office: Office, behaviour: object
) -> None:
    agents_take(office)
    office.network.phone(ROSE.number).when_rung(behaviour())  # type: ignore[operator]
    has_regulars(office, Habit())
    with office.services.store.writing() as tx:
        once = call_of(rose(office), CallbackId("a" * 24), at=office.network.now())
        assert tx.callbacks.keep(replace(once, attempts=1))

    lives(office)

    [call] = calls_of_rose(office)
    assert (call.state, call.attempts) == (State.CLOSED, 2)
    assert office.network.phone(ROSE.number).rung == 1
    assert "ne rappellerons plus" not in heard(office.network.phone(ROSE.number).calls[0])
    assert rose(office).goes_on(office.network.now())


def test_three_is_nothing_to_somebody_who_asked_for_this_one_call(office: Office) -> None:
    agents_take(office)
    office.network.phone(ROSE.number).when_rung(wrong_keys("3", at="tapez 1"))
    link = Stranger(office.app).gets_a_link()

    lives(office, seconds=120)

    assert callback(office, link).state is State.WAITING
    said = heard(office.network.phone(ROSE.number).calls[0])
    assert "tapez 3" not in said
    assert "Ces appels s'arrêtent" not in said
