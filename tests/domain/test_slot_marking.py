"""A slot that comes again, by keypad: each rhythm is what its sentence says."""

from datetime import date

import pytest

from dispatcher.domain.agent_steps import Drops, Marks, Moves
from dispatcher.domain.calls import Step
from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule, Weeks
from dispatcher.domain.slots import Span
from tests.domain.test_slot_menu import keyed, told

WEDNESDAY = date(2026, 11, 25)
"""Of an even week; the fourth and last of its month."""
HOURS = ("2", "4", "1", "3", "1400", "1700")
"""This Wednesday, from two to five."""
WED = (2,)


@pytest.mark.parametrize(
    ("keys", "rule", "said"),
    [
        (
            "2 2 1",
            Rule(WEDNESDAY, WED),
            (
                "Tous les mercredis, de 14 heures à 17 heures. "
                "La première fois : mercredi 25 novembre 2026. "
                "Sans date de fin. Sauf les jours fériés."
            ),
        ),
        ("3 1 2 1", Rule(WEDNESDAY, WED, weeks=Weeks.EVEN), "Tous les mercredis des semaines pai"),
        (
            "3 2 2 1",  # this week is even: the first time is next week
            Rule(date(2026, 12, 2), WED, weeks=Weeks.ODD),
            (
                "Tous les mercredis des semaines impaires, de 14 heures à 17 heures. "
                "La première fois : mercredi 2 décembre 2026."
            ),
        ),
        ("3 3 03 2 1", Rule(WEDNESDAY, WED, every=3), "Un mercredi toutes les 3 semaines, de 14"),
        ("4 1 2 1", Rule(WEDNESDAY, WED, nth=(4,)), "Le quatrième mercredi du mois, de 14"),
        ("4 2 2 1", Rule(WEDNESDAY, WED, nth=(-1,)), "Le dernier mercredi du mois, de 14"),
        (
            "2 2 2 3006",
            Rule(WEDNESDAY, WED, until=date(2027, 6, 30)),
            (
                "Tous les mercredis, de 14 heures à 17 heures. "
                "La première fois : mercredi 25 novembre 2026. "
                "Jusqu'au mercredi 30 juin 2027. Sauf les jours fériés."
            ),
        ),
    ],
)
def test_each_rhythm_is_kept_as_it_was_read_back(keys: str, rule: Rule, said: str) -> None:
    pressed = (*HOURS, *keys.split())

    assert told(*pressed).startswith(said)
    pattern = Pattern(rule, Span(840, 1020), "Europe/Paris")
    assert keyed(*pressed, "1").deed == Marks(pattern)


def test_holidays_are_a_choice() -> None:
    pressed = (*HOURS, "2", "1", "1")

    assert "Les jours fériés aussi." in told(*pressed)
    heard = keyed(*pressed, "1")
    assert isinstance(heard.deed, Marks)
    assert heard.deed.pattern.holidays


def test_the_monthly_choice_is_said_as_it_will_be_and_asks_only_where_it_is_two() -> None:
    """1 December 2026 is a first Tuesday, and no last."""
    first = ("2", "4", "3", "0112", "2", "0900", "1200")

    assert "Pour le premier mardi du mois, tapez 4." in told(*first)
    assert keyed(*first, "4").call.step is Step.AGENT_SLOT_HOLIDAYS
    assert told(*HOURS, "4").startswith(
        "Pour le quatrième mercredi du mois, tapez 1. Pour le dernier mercredi du mois, tapez 2."
    )


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("3102", "Ce jour n'existe pas. Tapez le jour et le mois"),
        ("2311", "Ce jour est passé. Tapez"),
        ("12", "Il faut quatre chiffres. Tapez"),
        ("", "Tapez le jour et le mois"),
    ],
)
def test_a_day_that_is_none_is_told_and_asked_again(digits: str, said: str) -> None:
    asked = keyed("2", "4", "3", digits).call

    assert (asked.step, asked.tries) == (Step.AGENT_SLOT_DATE, 1)
    assert told("2", "4", "3", digits).startswith(said)
    assert keyed("0301", call=asked).call.step is Step.AGENT_SLOT_START


def test_a_last_day_before_the_first_is_told_and_nothing_keyed_is_lost() -> None:
    """The slot is from 10 February on, until 5 February."""
    pressed = ("2", "4", "3", "1002", "2", "0900", "1200", "2", "2", "2", "0502")

    assert told(*pressed).startswith("Le dernier jour est avant le premier. Tapez")
    assert told(*pressed, "3006").startswith(
        "Tous les mercredis, de 9 heures à 12 heures. "
        "La première fois : mercredi 10 février 2027. Jusqu'au mercredi 30 juin 2027."
    )


def test_a_slot_of_a_far_day_is_said_with_its_year() -> None:
    assert told("2", "4", "3", "0101", "2", "0900", "1200", "1").startswith(
        "Le vendredi 1er janvier 2027, de 9 heures à 12 heures. Pour noter cette plage"
    )


def test_a_slot_that_comes_again_and_runs_into_another_says_so() -> None:
    """Each Tuesday from nine to twelve they answer already."""
    warned = told("2", "4", "2", "2", "1100", "1300", "2", "2", "1")

    assert "Attention, elle tombe parfois en même temps qu'une autre de vos plages." in warned


def test_a_slot_of_any_day_to_come_is_heard_changed_and_cancelled_by_its_day() -> None:
    """Fridays from ten in the evening; 22 January 2027 is one."""
    found = ("2", "4", "3", "2201")

    assert told(*found).startswith(
        "Le vendredi 22 janvier 2027, de 22 heures à 2 heures. "
        "Pour entendre cette plage, tapez 1. Pour en ajouter une autre, tapez 2."
    )
    assert told(*found, "1").startswith("vendredi 22 janvier, de 22 heures à 2 heures. Pour re")
    dropped = keyed(*found, "1", "2", "1").deed
    assert isinstance(dropped, Drops)
    assert dropped.occurrence.on == date(2027, 1, 22)
    moved = keyed(*found, "1", "2", "4", "1", "1", "2000", "2300", "1").deed
    assert isinstance(moved, Moves)
    assert (moved.occurrence.on, moved.to.span) == (date(2027, 1, 22), Span(1200, 1380))
    assert keyed(*found, "1", "1").call.step is Step.AGENT_MENU


def test_an_end_before_its_start_is_told_unless_it_is_of_the_night_after() -> None:
    """Sixteen hours are a night, as on the page; more is a slip."""
    backwards = ("2", "4", "1", "3", "1400", "1200")

    assert told(*backwards).startswith("La fin est avant le début. Tapez l'heure de fin")
    assert told(*backwards, "1700").startswith("Pour cette fois seulement, tapez 1.")
    assert keyed("2", "4", "1", "3", "2200", "1400").call.step is Step.AGENT_SLOT_RHYTHM
    moved = ("2", "1", "2", "4", "1", "1", "1400", "1200")
    assert told(*moved).startswith("La fin est avant le début. Tapez l'heure de fin")
    assert "de 14 heures à 15 heures." in told(*moved, "1500")
