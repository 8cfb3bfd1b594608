"""``dispatcher slots``: what an operator types for an agent who asked."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cli.operators import Operator
from tests.people import INES

pytestmark = pytest.mark.parametrize("desk_url", ["sqlite"], indirect=True)
WHO = INES.email


@pytest.fixture
def ines(operator: Operator) -> Operator:
    """Ines is in the directory, with no slot."""
    assert operator.imports_agents(replace(INES, slots="")).exit_code == 0
    return operator


def adds(operator: Operator, sentence: str, *words: str) -> str:
    typed = operator.types("slots", "add", WHO, sentence, *words)
    assert typed.exit_code == 0, typed.stderr
    return typed.stdout


def listed(operator: Operator) -> Any:
    return operator.reads_json("slots", "list", WHO)


def test_a_slot_said_in_a_sentence_is_kept_and_said_again(ines: Operator) -> None:
    said = adds(ines, "tous les mardis de 9h à 12h, semaines paires, jusqu’au 30 juin 2027")

    assert "Tous les mardis de 9 h à 12 h, semaines paires, jusqu'au 30 juin 2027." in said
    shown = ines.types("slots", "list", "1").stdout
    assert shown.startswith("Plages de Ines : 1\n")
    assert "mardi 24 novembre 2026 de 9 h à 12 h" in shown


def test_the_hours_of_the_directory_are_slots_like_others(operator: Operator) -> None:
    operator.imports_agents(replace(INES, slots="mon-fri 09:00-12:30"))

    [slot] = listed(operator)["slots"]

    assert slot["sentence"] == "Du lundi au vendredi de 9 h à 12 h 30, jours fériés compris"
    assert (slot["by_directory"], slot["zone"]) == (True, "Europe/Paris")


def test_days_are_taken_away_moved_and_a_whole_slot_too(ines: Operator) -> None:
    adds(ines, "tous les mardis de 9 h à 12 h")
    [slot] = listed(ines)["slots"]

    gone = ines.types("slots", "cancel", WHO, slot["id"], "--day", "2026-11-24")
    moved = ines.types("slots", "move", WHO, slot["id"], "2026-12-01", "2026-12-02", "10:00-11:00")
    shown = ines.types("slots", "list", WHO).stdout
    wrong = ines.types("slots", "cancel", WHO, slot["id"], "--day", "2026-11-25")
    whole = ines.types("slots", "cancel", WHO, slot["id"])

    assert (gone.exit_code, moved.exit_code, whole.exit_code) == (0, 0, 0)
    assert "sauf le mardi 24 novembre 2026" in shown
    assert "le mardi 1er décembre 2026 : mercredi 2 décembre 2026 de 10 h à 11 h" in shown
    assert (wrong.exit_code, "n'a pas lieu" in wrong.stderr) == (1, True)
    assert listed(ines)["slots"] == []


def test_an_overlap_is_a_warning_and_the_slot_is_kept(ines: Operator) -> None:
    adds(ines, "tous les mardis de 9 h à 12 h")

    typed = ines.types("slots", "add", WHO, "le 1er mardi du mois de 11 h à 13 h")

    assert typed.exit_code == 0
    assert "Attention : Ines a déjà une plage" in typed.stderr
    assert len(listed(ines)["slots"]) == 2


def test_what_a_change_leaves_open_is_said_first_and_it_is_done_all_the_same(
    ines: Operator,
) -> None:
    adds(ines, "tous les mardis de 9 h à 12 h")
    [slot] = listed(ines)["slots"]

    cancelled = ines.types("slots", "cancel", WHO, slot["id"], "--day", "2026-12-01")
    moved = ines.types("slots", "move", WHO, slot["id"], "2026-12-01", "2026-12-01", "9:00-12:00")
    whole = ines.types("slots", "cancel", WHO, slot["id"])

    day = "personne d'autre n'est prévu mardi 1er décembre 2026 de 9 h à 12 h"
    assert f"{day} (département : Hautes-Alpes, démarche administrative)" in cancelled.stderr
    assert (day in moved.stderr, day in whole.stderr) == (False, True)
    assert listed(ines)["slots"] == []


def test_an_absence_is_noted_and_taken_back(ines: Operator) -> None:
    adds(ines, "tous les jours de 9 h à 12 h")

    away = ines.types("slots", "absent", WHO, "2026-11-24", "2026-11-30")
    there = listed(ines)
    back = ines.types("slots", "absent", WHO, "2026-11-24", "2026-11-30", "--back")
    again = ines.types("slots", "absent", WHO, "2026-11-24", "2026-11-30", "--back")

    assert "Plages qui ne comptent plus : 7." in away.stdout
    assert there["absences"] == [{"first": "2026-11-24", "last": "2026-11-30"}]
    assert [each["day"] for each in there["to_come"]] == [f"2026-12-0{n}" for n in range(1, 7)]
    assert (back.exit_code, again.exit_code) == (0, 1)
    assert listed(ines)["absences"] == []


def test_hours_overseas_are_meant_there(ines: Operator) -> None:
    adds(ines, "le 1er décembre 2026 de 9 h à 12 h", "--zone", "Indian/Reunion")

    [day] = listed(ines)["to_come"]

    assert day["start"] == "2026-12-01T06:00:00+01:00"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["list", "personne@exemple.test"], "Aucun aidant ne porte"),
        (["list", "77"], "Aucun aidant ne porte"),
        (["add", WHO, "quand je peux"], "ne dit pas d'heures"),
        (["add", WHO, "tous les mardis de 9 h à 12 h", "--zone", "Gap"], "fuseau horaire"),
        (["cancel", WHO, "rien"], "n'a pas de plage « rien »"),
        (["cancel", WHO, "rien", "--day", "mardi"], "n'est pas un jour"),
        (["move", WHO, "rien", "2026-12-01", "2026-12-02", "9"], "n'est pas une plage d'heures"),
        (["absent", WHO, "2026-12-02", "2026-12-01"], "avant le premier"),
    ],
)
def test_what_does_not_fit_is_said_with_what_would(
    ines: Operator, typed: list[str], said: str
) -> None:
    done = ines.types("slots", *typed)

    assert done.exit_code in {1, 2}
    assert said in done.stderr


def test_a_calendar_has_a_secret_address_that_can_be_closed(ines: Operator) -> None:
    link = ines.types("slots", "calendar", WHO).stdout.strip()
    closed = ines.types("slots", "calendar", WHO, "--revoke")

    assert "/calendrier/" in link
    assert link.endswith(".ics")
    assert "ne montre plus rien" in closed.stdout
