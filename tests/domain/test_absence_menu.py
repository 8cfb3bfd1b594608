"""Absences by keypad: said from a day to another, heard, and taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatcher.domain.agent_prompts import say
from dispatcher.domain.agent_steps import ComesBack, GoesAway
from dispatcher.domain.calls import Step
from dispatcher.domain.rule_prompts import Alone
from dispatcher.domain.slot_menu import removal
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from tests.domain.test_agent_menu import TEN
from tests.domain.test_agent_prompts import question, spoken
from tests.domain.test_slot_menu import BUSY, keyed, told

AWAY = ("2", "4", "4")
CHRISTMAS = Absence(date(2026, 12, 24), date(2027, 1, 3))
FRIDAY = Absence(date(2026, 12, 4), date(2026, 12, 4))
OVER = Absence(date(2026, 11, 1), date(2026, 11, 23))
GONE_TWICE = replace(BUSY, slots=replace(BUSY.slots, absences=(CHRISTMAS, OVER, FRIDAY)))


@pytest.mark.parametrize(
    ("days", "absence", "said"),
    [
        (
            "2412 0301",
            CHRISTMAS,
            "Absence du jeudi 24 décembre 2026 au dimanche 3 janvier 2027. Pour noter",
        ),
        ("0412 0412", FRIDAY, "Absence le vendredi 4 décembre 2026. Pour noter cette absence"),
        (
            "2411 0112",
            Absence(date(2026, 11, 24), date(2026, 12, 1)),
            "Absence du mardi 24 novembre 2026 au mardi 1er décembre 2026.",
        ),
    ],
)
def test_an_absence_is_kept_as_it_was_read_back(days: str, absence: Absence, said: str) -> None:
    pressed = (*AWAY, *days.split())

    assert told(*pressed).startswith(said)
    assert keyed(*pressed, "1").deed == GoesAway(absence)
    assert removal(keyed(*pressed).call, BUSY, at=TEN) == absence
    assert keyed(*pressed, "2").call.step is Step.AGENT_AWAY_FIRST


@pytest.mark.parametrize(
    ("days", "said", "step"),
    [
        ("3102", "Ce jour n'existe pas. Tapez le premier jour", Step.AGENT_AWAY_FIRST),
        ("2311", "Ce jour est passé. Tapez le premier jour", Step.AGENT_AWAY_FIRST),
        ("2412 3102", "Ce jour n'existe pas. Tapez le dernier jour", Step.AGENT_AWAY_LAST),
        ("2412 2012", "Le dernier jour est avant le premier. Tapez", Step.AGENT_AWAY_LAST),
        ("2412 24", "Il faut quatre chiffres. Tapez le dernier jour", Step.AGENT_AWAY_LAST),
    ],
)
def test_a_wrong_day_is_told_and_asked_again_and_the_first_is_not_lost(
    days: str, said: str, step: Step
) -> None:
    asked = keyed(*AWAY, *days.split()).call

    assert told(*AWAY, *days.split()).startswith(said)
    assert (asked.step, asked.tries) == (step, 1)
    rest = ("0301",) if step is Step.AGENT_AWAY_LAST else ("2412", "0301")
    assert keyed(*rest, "1", call=asked).deed == GoesAway(CHRISTMAS)


def test_where_nobody_else_would_be_is_said_before_it_is_noted() -> None:
    call = keyed(*AWAY, "2412", "0301").call
    alone = [Alone(date(2026, 12, day), Span(540, 720), "Hautes-Alpes") for day in (24, 28, 29)]

    said = spoken(question(say(call, BUSY, at=TEN, alone=alone)).prompts)

    assert (
        "Attention : personne d'autre n'est prévu le jeudi 24 décembre 2026, "
        "de 9 heures à 12 heures. Lieu : Hautes-Alpes."
    ) in said
    assert "Et une autre fois. Pour noter cette absence, tapez 1." in said


def test_absences_to_come_are_heard_one_by_one_and_then_the_menu() -> None:
    assert told(*AWAY, agent=GONE_TWICE).startswith(
        "Absence le vendredi 4 décembre 2026. Pour la suivante, tapez 1. "
        "Pour ôter cette absence, tapez 2. Pour ajouter une absence, tapez 3."
    )
    assert told(*AWAY, "1", agent=GONE_TWICE).startswith("Absence du jeudi 24 décembre 2026 au")
    assert "Pour revenir au menu, tapez 1." in told(*AWAY, "1", agent=GONE_TWICE)
    assert keyed(*AWAY, "1", "1", agent=GONE_TWICE).call.step is Step.AGENT_MENU
    assert keyed(*AWAY, "3", agent=GONE_TWICE).call.step is Step.AGENT_AWAY_FIRST


def test_an_absence_is_taken_back_once_that_is_said_again() -> None:
    asked = (*AWAY, "1", "2")

    assert told(*asked, agent=GONE_TWICE).startswith(
        "Absence du jeudi 24 décembre 2026 au dimanche 3 janvier 2027. Pour ôter cette absence"
    )
    assert keyed(*asked, "1", agent=GONE_TWICE).deed == ComesBack(CHRISTMAS)
    kept = keyed(*asked, "2", agent=GONE_TWICE)
    assert (kept.deed, kept.call.step) == (None, Step.AGENT_AWAY)


def test_an_absence_that_is_over_meanwhile_is_none_and_no_other_is_taken_back() -> None:
    asked = keyed(*AWAY, "2", agent=GONE_TWICE).call
    later = TEN + timedelta(days=11)

    heard = keyed("1", call=asked, agent=GONE_TWICE, at=later)

    said = question(say(asked, GONE_TWICE, at=later)).prompts
    assert spoken(said).startswith("Cette absence n'est plus là.")
    assert (heard.deed, heard.call.step) == (None, Step.AGENT_MENU)
