"""``dispatcher import regulars`` and ``dispatcher regulars``: what a supervisor types and reads."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cli.operators import Operator
from tests.people import MALO
from tests.regulars import Habit, sheet

pytestmark = pytest.mark.parametrize("desk_url", ["sqlite"], indirect=True)
ROSE = Habit()


def listed(operator: Operator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = operator.reads_json("regulars", "list")["regulars"]
    return found


@pytest.fixture
def supervisor(operator: Operator) -> Operator:
    """Malo is in the directory, and Rose on the list."""
    operator.imports_agents(MALO)
    assert operator.imports("regulars", sheet(ROSE)).exit_code == 0
    return operator


def test_the_list_says_who_is_rung_by_whom_and_no_number(supervisor: Operator) -> None:
    shown = supervisor.types("regulars", "list").stdout

    assert "Habitués : 1" in shown
    assert "Rose, Orcières (05096), pour apprendre pas à pas, tous les 30 jours, Malo ;" in shown
    assert "jusqu'au mardi 1 juin 2027 à 00:00" in shown
    [rose] = listed(supervisor)
    assert (rose["agent"], rose["consent"], rose["stopped_at"]) == ("Malo", "telephone", None)
    assert "199000001" not in shown + str(rose)


def test_every_bad_row_is_said_and_nothing_is_changed(supervisor: Operator) -> None:
    text = sheet(
        replace(ROSE, first_name="Paul", consent=""),
        replace(ROSE, first_name="Gina", every_days="200"),
        replace(ROSE, first_name="Zoe"),
    )

    typed = supervisor.imports("regulars", text)

    file = supervisor.folder / "feuille.csv"
    assert typed.exit_code == 1
    assert typed.stderr.splitlines() == [
        f"{file}:2: consent: la case est vide ; remplissez-la.",
        (
            f"{file}:3: every_days: « 200 » n'est pas un nombre de jours qui convient ;"
            " donnez-en un de 7-92."
        ),
        "À corriger : 2. Rien n'a été changé.",
    ]
    assert [each["first_name"] for each in listed(supervisor)] == ["Rose"]


def test_a_row_that_is_known_is_changed_and_a_dry_run_changes_nothing(
    supervisor: Operator,
) -> None:
    changed = sheet(replace(ROSE, every_days="14"))

    dry = supervisor.imports("regulars", changed, "--dry-run")
    before = listed(supervisor)[0]["every_days"]
    done = supervisor.imports("regulars", changed)

    assert "Seraient mises à jour : 1." in dry.stdout
    assert (before, listed(supervisor)[0]["every_days"]) == (30, 14)
    assert "Déjà connues, mises à jour : 1." in done.stdout


def test_who_stopped_stays_stopped_whatever_is_typed(supervisor: Operator) -> None:
    id = listed(supervisor)[0]["id"]

    stopped = supervisor.types("regulars", "stop", id)
    again = supervisor.types("regulars", "stop", id)
    prolonged = supervisor.types(
        *("regulars", "prolong", id, "--until", "2027-10-01", "--consent", "paper")
    )

    assert (stopped.exit_code, again.exit_code, prolonged.exit_code) == (0, 1, 1)
    assert "dispatcher regulars list" in again.stderr
    assert "arrêté le mardi 24 novembre 2026" in supervisor.types("regulars", "list").stdout
    assert "a arrêté ces appels" in supervisor.imports("regulars", sheet(ROSE)).stderr


def test_who_goes_on_has_a_new_last_day_and_a_new_consent(supervisor: Operator) -> None:
    id = listed(supervisor)[0]["id"]

    done = supervisor.types(
        *("regulars", "prolong", id, "--until", "2027-11-24", "--consent", "paper")
    )

    assert done.exit_code == 0, done.stderr
    [rose] = listed(supervisor)
    assert rose["until"].startswith("2027-11-25T00:00")
    assert (rose["consent"], rose["consented_at"][:10]) == ("paper", "2026-11-24")


@pytest.mark.parametrize("day", ["2026-11-23", "2028-01-01", "bientôt"])
def test_nobody_goes_on_for_more_than_a_year_or_until_a_day_that_is_over(
    supervisor: Operator, day: str
) -> None:
    id = listed(supervisor)[0]["id"]

    typed = supervisor.types("regulars", "prolong", id, "--until", day, "--consent", "paper")

    assert typed.exit_code == 2
    assert day in typed.stderr


def test_an_export_has_what_the_list_says(supervisor: Operator) -> None:
    typed = supervisor.types("person", "export", "--stdin", stdin=ROSE.telephone + "\n")

    assert '"pour": "apprendre pas à pas"' in typed.stdout
    assert '"accord": "au téléphone"' in typed.stdout
