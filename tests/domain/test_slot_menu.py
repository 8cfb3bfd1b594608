"""Slots by keypad: each key is about the slot that was heard, and a day and hours are kept whole."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from dispatcher.domain.agent_menu import Heard, Told, hear
from dispatcher.domain.agent_prompts import say
from dispatcher.domain.agent_steps import Confirms, Drops, Marks
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.slots import Span
from tests.domain.test_agent_menu import MENU, OFF, ON, TEN
from tests.domain.test_agent_prompts import question, spoken
from tests.timetables import weekly

TODAY = date(2026, 11, 24)
BUSY = replace(ON, slots=weekly("tue 09:00-12:00; wed 14:00-17:00; fri 22:00-02:00"))


def keyed(*keys: str, agent: Agent = BUSY, call: Call = MENU, at: datetime = TEN) -> Heard:
    heard = Heard(call)
    for each in keys:
        heard = hear(heard.call, Keys(each), agent, at=at)
    return heard


def once(day: date, span: Span) -> Pattern:
    return Pattern(Rule(day), span, "Europe/Paris", holidays=True)


def told(*keys: str, agent: Agent = BUSY, at: datetime = TEN) -> str:
    call = keyed(*keys, agent=agent, at=at).call
    return spoken(question(say(call, agent, at=at)).prompts)


def test_slots_are_heard_one_by_one_and_then_the_menu() -> None:
    assert told("2").startswith(
        "mardi 24 novembre, de 9 heures à 12 heures. Pour la suivante, tapez 1. "
        "Pour annuler ou changer cette plage, tapez 2. "
        "Pour ajouter une plage ou une absence, tapez 4."
    )
    assert told("2", "1").startswith("mercredi 25 novembre, de 14 heures à 17 heures.")
    assert "vendredi 27 novembre, de 22 heures à 2 heures." in told("2", "1", "1")
    assert "Pour revenir au menu, tapez 1." in told("2", *"11111")
    assert keyed("2", *"111111").call.step is Step.AGENT_MENU


def test_whoever_has_no_slot_hears_so_and_may_add_one() -> None:
    assert told("2", agent=OFF).startswith(
        "Aucune plage d'ici la fin de la semaine prochaine. Pour revenir au menu, tapez 1. "
        "Pour ajouter une plage ou une absence, tapez 4."
    )


def test_tomorrows_slot_is_confirmed_once() -> None:
    heard = keyed("2", "1", "3")

    assert isinstance(heard.deed, Confirms)
    assert (heard.deed.occurrence.on.day, heard.call.page) == (25, Told.NOTED)
    done = {(heard.deed.occurrence.slot, heard.deed.occurrence.day)}
    call = keyed("2", "1").call
    assert hear(call, Keys("3"), BUSY, at=TEN, confirmed=done).deed is None
    shown = question(say(call, BUSY, at=TEN, confirmed=done)).prompts
    assert "Vous l'avez confirmée." in spoken(shown)


def test_a_slot_is_cancelled_once_that_is_said_again_and_confirmed() -> None:
    asked = told("2", "1", "2")
    heard, keeps = keyed("2", "1", "2", "1"), keyed("2", "1", "2", "2")

    assert asked.startswith("mercredi 25 novembre, de 14 heures à 17 heures. Pour annuler")
    assert isinstance(heard.deed, Drops)
    assert heard.deed.occurrence.on.day == 25
    assert (keeps.call.step, keeps.deed) == (Step.AGENT_SLOTS, None)


def test_a_slot_that_ended_or_was_taken_away_while_it_was_heard_is_no_other() -> None:
    """They hear of it, and no key does anything to the slot after it."""
    later = TEN + timedelta(hours=2)
    heard = keyed("2").call
    asked = keyed("2", "2").call

    gone = hear(heard, Keys("2"), BUSY, at=later)
    dropped = hear(asked, Keys("1"), BUSY, at=later)

    assert (gone.call.step, gone.deed) == (Step.AGENT_SLOTS, None)
    said = question(say(heard, BUSY, at=later)).prompts
    assert spoken(said).startswith("Cette plage n'est plus là. Pour la suivante")
    assert dropped.deed is None
    assert "mercredi" in spoken(question(say(dropped.call, BUSY, at=later)).prompts)


@pytest.mark.parametrize(
    ("keys", "day", "span"),
    [
        ("1 2 1400 1700", 0, Span(840, 1020)),
        ("1 7 2200 0600", 5, Span(1320, 1800)),
        ("2 1 0930 1230", 6, Span(570, 750)),
        ("2 7 2000 0000", 12, Span(1200, 1440)),
        ("2 1 0930 0930 1000", 6, Span(570, 600)),  # no length: asked again
        ("9 1 1 2 2500 960 1400 1700", 0, Span(840, 1020)),  # what is none is asked again
    ],
)
def test_a_slot_is_marked_by_week_day_start_and_end(keys: str, day: int, span: Span) -> None:
    asked = keyed("2", "4", *keys.split(), "1").call

    assert asked.step is Step.AGENT_SLOT_CONFIRM
    assert keyed("1", call=asked).deed == Marks(once(TODAY + timedelta(days=day), span))
    assert keyed("2", call=asked).call.step is Step.AGENT_SLOT_WEEK


def test_a_day_or_hours_that_are_over_are_asked_for_again() -> None:
    assert keyed("2", "4", "1", "1").call.step is Step.AGENT_SLOT_DAY
    assert keyed("2", "4", "1", "2", "0700", "0900").call.step is Step.AGENT_SLOT_END


def test_a_slot_keyed_across_sundays_midnight_stays_on_its_day() -> None:
    sunday = datetime.fromisoformat("2026-11-29T23:59:30+01:00")
    asked = keyed("2", "4", "2", "3", "0900", "1200", "1", at=sunday).call

    heard = hear(asked, Keys("1"), BUSY, at=sunday + timedelta(minutes=1))

    assert heard.deed == Marks(once(date(2026, 12, 2), Span(540, 720)))


def test_what_would_run_into_another_slot_is_said_before_it_is_kept() -> None:
    warned = told("2", "4", "1", "3", "1600", "1800", "1")

    assert warned.startswith(
        "mercredi 25 novembre, de 16 heures à 18 heures. "
        "Attention, vous avez déjà une plage à ces heures. Pour noter cette plage, tapez 1."
    )
    assert "Attention" not in told("2", "4", "1", "3", "1700", "1800", "1")


def test_a_zero_leads_to_a_person_where_four_keys_are_asked_for() -> None:
    assert keyed("2", "4", "1", "3", "0").call.step is Step.POSTAL_CODE
