"""Agents with nothing but a telephone: on, paused, and rung when they say so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dispatcher.domain.agents import Agent, Aside, Pause
from dispatcher.domain.calls import Outcome
from dispatcher.domain.offers import End
from dispatcher.domain.recurrences import Weeks
from dispatcher.simulator import PhoneCall, answers
from dispatcher.simulator.wire.faults import Faults
from tests.office import TUESDAY, Office, line, open_office
from tests.people import INES, ROSE
from tests.scenarios.by_telephone import rings

BY_HAND = replace(INES, automatic="no", slots="mon-fri 09:00-12:30")


@pytest.fixture
def patient(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """An office whose agents have five minutes to themselves after a call."""
    lines = (line(wrap_up_seconds=300),)
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        yield office


def until(agent: Agent, office: Office) -> timedelta:
    """How long they are on yet."""
    ends = agent.on_until(office.services.now())
    assert ends is not None
    return ends - office.services.now()


def test_somebody_who_is_on_by_hand_comes_on_and_gets_a_call(office: Office) -> None:
    office.has(BY_HAND)
    office.network.phone(BY_HAND.number).when_rung(answers())
    calls: list[PhoneCall] = []

    async def ines() -> None:
        calls.append(await rings(office))
        await calls[0].hears("Vous n'êtes pas disponible")
        await calls[0].hears("Pour être disponible, tapez 1")
        await calls[0].presses("1")
        await calls[0].hears("Vous êtes disponible jusqu'à 12 heures 30")
        await calls[0].hangs_up()
        await office.waits(5)
        calls.append(await office.asks(ROSE))
        assert await calls[1].talks_with_somebody() == BY_HAND.number
        await calls[1].ends()

    office.run(ines())

    assert office.call(calls[0]).outcome is Outcome.AGENT
    assert office.call(calls[1]).outcome is Outcome.ANSWERED


def test_before_they_come_on_nobody_rings_them(office: Office) -> None:
    office.has(BY_HAND)

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Personne ne peut répondre")
        await call.hangs_up()

    office.run(rose())

    assert office.network.phone(BY_HAND.number).rung == 0


def test_who_waits_is_put_through_as_soon_as_somebody_who_came_on_hangs_up(office: Office) -> None:
    """While they are in the menu their telephone is busy: they are not rung in vain."""
    office.has(BY_HAND, replace(INES, name="Lea", number="+33465710009"))
    office.network.phone("+33465710009").when_rung(answers(talks_for=300))
    office.network.phone(BY_HAND.number).when_rung(answers())
    calls: list[PhoneCall] = []

    async def others() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].talks_with_somebody()
        calls.append(await office.asks(office.other(ROSE)))
        await calls[1].hears("votre place est gardée")
        came_on = await rings(office)
        await came_on.hears("étoile")
        await came_on.presses("1")
        await came_on.hears("Vous êtes disponible jusqu'à")
        await office.waits(15)
        await came_on.hangs_up()
        assert await calls[1].talks_with_somebody(within=10) == BY_HAND.number
        await calls[1].hangs_up()
        await calls[0].hangs_up()

    office.run(others())

    assert office.ends(calls[1]) == [End.ANSWERED]


def test_a_pause_is_heard_with_its_end_keeps_calls_away_and_ends_by_itself(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers())

    async def ines() -> None:
        call = await rings(office)
        await call.hears("Vous êtes disponible")
        await call.presses("1")
        await call.hears("Pour un quart d'heure, tapez 1")
        await call.presses("1")
        await call.hears("Vous êtes en pause jusqu'à 10 heures 15")
        await call.hangs_up()
        nobody = await office.asks(ROSE)
        await nobody.hears("Personne ne peut répondre")
        await nobody.hangs_up()
        assert office.agent(INES).pause is Pause.BREAK
        await office.waits(15 * 60)
        rose = await office.asks(office.other(ROSE))
        assert await rose.talks_with_somebody(within=120) == INES.number
        await rose.ends()

    office.run(ines(), until=1200)


def test_a_day_that_is_over_is_over_until_midnight(office: Office) -> None:
    office.has(INES)

    async def ines() -> None:
        call = await rings(office)
        await call.hears("étoile")
        await call.presses("1")
        await call.hears("Pour finir la journée, tapez 3")
        await call.presses("3")
        await call.hears("Vous êtes en pause jusqu'à minuit")
        await call.hangs_up()

    office.run(ines())

    at = office.services.now()
    assert office.agent(INES).on_until(at + timedelta(hours=13, minutes=50)) is None
    assert office.agent(INES).on_until(at + timedelta(hours=14)) is not None


def test_outside_any_slot_somebody_is_on_for_two_hours(office: Office) -> None:
    office.has(replace(INES, slots="sat 09:00-12:00"))

    async def ines() -> None:
        call = await rings(office)
        await call.hears("Vous n'êtes pas disponible")
        await call.presses("1")
        await call.hears("Vous êtes disponible jusqu'à 12 heures")
        await call.hangs_up()

    office.run(ines())

    assert timedelta(minutes=118) < until(office.agent(INES), office) <= timedelta(hours=2)


def test_slots_are_heard_marked_confirmed_and_cancelled_by_keypad(office: Office) -> None:
    """It is a Tuesday at ten."""
    office.has(replace(INES, slots="wed 14:00-17:00"))

    async def ines() -> None:
        call = await rings(office)
        await call.hears("Vous n'êtes pas disponible")
        await call.presses("2")
        await call.hears("mercredi 25 novembre, de 14 heures à 17 heures.")
        await call.hears("Pour confirmer cette plage, tapez 3")
        await call.presses("3")
        await call.hears("C'est noté")
        await call.presses("2")
        await call.hears("Vous l'avez confirmée")
        await call.presses("4")
        await call.hears("Pour cette semaine, tapez 1")
        await call.presses("1")
        await call.hears("Pour lundi, tapez 1")
        await call.presses("2")
        await call.hears("heure de début")
        await call.presses("0930")
        await call.hears("heure de fin")
        await call.presses("1200")
        await call.hears("Pour le quatrième mardi du mois, tapez 4")
        await call.presses("1")
        await call.hears("mardi 24 novembre, de 9 heures 30 à 12 heures.")
        await call.presses("1")
        await call.hears("Vous êtes disponible jusqu'à 12 heures")
        await call.presses("2")
        await call.hears("mardi 24 novembre")
        await call.presses("1")
        await call.hears("mercredi 25 novembre")
        await call.presses("2")
        await call.hears("Pour annuler cette plage, tapez 1")
        await call.presses("1")
        await call.hears("C'est noté")
        await call.hangs_up()

    office.run(ines())

    kept = office.agent(INES).slots.to_come(office.services.now())
    assert [(each.on.day, str(each.span)) for each in kept] == [
        (24, "09:30-12:00"),
        (2, "14:00-17:00"),
    ]


def test_a_slot_that_comes_again_and_an_absence_are_keyed_with_nothing_else(office: Office) -> None:
    """It is a Tuesday at ten; 31 February is no day."""
    office.has(replace(INES, slots=""))

    async def ines() -> None:
        call = await rings(office)
        for heard, keys in (
            ("Pour vos plages, tapez 2", "2"),
            ("Pour ajouter une plage ou une absence, tapez 4", "4"),
            ("Pour cette semaine, tapez 1", "1"),
            ("Pour lundi, tapez 1", "3"),
            ("heure de début", "0900"),
            ("heure de fin", "1230"),
            ("Pour le quatrième mercredi du mois, tapez 4", "3"),
            ("Pour les semaines paires, tapez 1", "1"),
            ("jours fériés, tapez 1", "2"),
            ("Pour dire son dernier jour, tapez 2", "2"),
            ("Tapez le dernier jour et son mois", "3102"),
            ("Ce jour n'existe pas", "3006"),
            ("Tous les mercredis des semaines paires, de 9 heures à 12 heures 30.", "1"),
            ("C'est noté", "2"),
            ("mercredi 25 novembre, de 9 heures à 12 heures 30.", "4"),
            ("Pour une absence, tapez 4", "4"),
            ("Tapez le premier jour et son mois", "2511"),
            ("Tapez le dernier jour et son mois", "0212"),
            ("Absence du mercredi 25 novembre 2026 au mercredi 2 décembre 2026.", "1"),
            ("C'est noté", "2"),
            ("Aucune plage d'ici la fin de la semaine prochaine", "4"),
        ):
            await call.hears(heard)
            await call.presses(keys)
        await call.hangs_up()

    office.run(ines())

    [slot] = office.agent(INES).slots.slots
    assert (slot.pattern.rule.weeks, slot.pattern.rule.until) == (Weeks.EVEN, date(2027, 6, 30))
    coming = office.agent(INES).slots.to_come(office.services.now(), weeks=4)
    assert [each.on for each in coming] == [date(2026, 12, 9)]


@pytest.mark.parametrize("loses_redis", [False, True])
def test_the_next_call_cuts_the_wrap_up_and_rings_once_they_hung_up(
    patient: Office, loses_redis: bool
) -> None:
    office = patient
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=20))
    calls: list[PhoneCall] = []
    hung_up: list[float] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await calls[0].talks_with_somebody()
        calls.append(await office.asks(office.other(ROSE)))
        await calls[0].ends()
        ines = await rings(office)
        await ines.hears("Pour le prochain appel, tapez 3")
        await ines.presses("3")
        if loses_redis:
            office.redis.flushall()
        await ines.hears("Raccrochez : le prochain appel sonnera chez vous")
        await ines.ends()
        hung_up.append(office.network.seconds())
        assert await calls[1].talks_with_somebody(within=30) == INES.number
        await calls[1].ends()

    office.run(rose())

    _, second = office.network.ledger.bridges(INES.number)
    assert second.since - hung_up[0] < (30 if loses_redis else 10)
    assert office.ends(calls[1]) == [End.ANSWERED], "nobody rang a telephone that was busy"


def test_without_asking_for_the_next_call_the_wrap_up_goes_on(patient: Office) -> None:
    office = patient
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=20))

    async def rose() -> None:
        first = await office.asks(ROSE)
        await first.talks_with_somebody()
        second = await office.asks(office.other(ROSE))
        await first.ends()
        ines = await rings(office)
        await ines.hears("Pour la permanence, tapez 0")
        await ines.hangs_up()
        await second.talks_with_somebody(within=400)
        await second.ends()

    office.run(rose())

    first, second = office.network.ledger.bridges(INES.number)
    assert first.until is not None
    assert second.since - first.until > 290


def test_silence_repeats_twice_and_then_says_goodbye(office: Office) -> None:
    office.has(INES)
    calls: list[PhoneCall] = []

    async def ines() -> None:
        calls.append(await rings(office))
        for _ in range(3):
            await calls[0].hears("Vous êtes disponible")
        await calls[0].hears("Au revoir")
        await calls[0].ends(within=5)

    office.run(ines())

    assert office.call(calls[0]).outcome is Outcome.AGENT


def test_somebody_whose_telephone_was_put_aside_is_told(office: Office) -> None:
    office.has(INES)
    with office.services.store.writing() as tx:
        tx.agents.put_aside(office.agent(INES).id, Aside.NO_SUCH_NUMBER, at=TUESDAY)

    async def ines() -> None:
        call = await rings(office)
        await call.hears("Votre téléphone ne peut pas être appelé")
        await call.presses("1")
        await call.hears("Votre téléphone ne peut pas être appelé")
        await call.hangs_up()

    office.run(ines())


@pytest.mark.parametrize("seed", range(4))
def test_webhooks_doubled_late_and_out_of_order_change_nothing(office: Office, seed: int) -> None:
    office.has(BY_HAND)
    office.network.phone(INES.number).when_rung(answers(talks_for=10))
    office.network.faults = Faults(seed=seed, duplicate=0.3, delay=(0, 3), reorder=0.3)
    calls: list[PhoneCall] = []

    async def ines() -> None:
        wrong = await rings(office, pin="1111#")
        await wrong.hears("Ce n'est pas votre code")
        await wrong.presses("2222#")
        await wrong.hears("Ce n'est pas votre code")
        await wrong.presses("4321#")  # a doubled try would have locked it
        await wrong.hears("Vous n'êtes pas disponible")
        await wrong.presses("1")
        await wrong.hears("Vous êtes disponible")
        await wrong.presses("1")
        await wrong.hears("Pour un repas d'une heure, tapez 2")
        await wrong.presses("2")
        await wrong.hears("Vous êtes en pause jusqu'à 11 heures")
        await wrong.presses("3")
        await wrong.hears("Raccrochez")
        await wrong.ends()
        await office.waits(30)
        calls.append(await office.asks(ROSE))
        assert await calls[0].talks_with_somebody() == INES.number
        await calls[0].ends()

    office.run(ines(), until=120)

    assert office.agent(INES).paused_until is None
    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert office.open_offers() == []
