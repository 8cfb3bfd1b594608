"""A day's file that is wrong: everything to mend is named with its place, and nothing is run."""

from pathlib import Path

import pytest

import config
from dispatcher.assembly import TERRITORIES
from dispatcher.day import command, draft
from dispatcher.day.reading import read_day
from dispatcher.domain.territories import load_atlas
from tests.day.days import INES, MORNING, Supervisor, call

EXAMPLE = Path(config.__file__).parent / "data" / "days" / "journee.toml"
RANDOM = "[random]\ncalls = 5\n"
IN_05 = 'departements = ["05"]\n'


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a wrong day was run")

    monkeypatch.setattr(command, "rehearse", never)


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("date = ", "", "ce n'est pas du TOML"),
        (MORNING, "", "personne n'appelle ; ajoutez un bloc [[call]]"),
        (call("09:10"), "date", "ce réglage manque"),
        ("weather = 1\n" + MORNING + call("09:10"), "weather", "n'existe pas ; ceux d'ici sont"),
        (MORNING + call("25:10"), "call 1, at", "25:10 n'est pas une heure"),
        (MORNING + call("12:10"), "call 1, at", "12:10:00 est hors de la journée"),
        (MORNING + call("09:10", postal_code="99999"), "call 1, postal_code", "« 99999 »"),
        (MORNING + call("09:10", commune="Brest"), "call 1, commune", "ses communes : Orcières"),
        (MORNING + call("09:10", need="papers"), "call 1, need", "procedures, mediation, either"),
        (MORNING + call("09:10", patience=-1), "call 1, patience", "un nombre de 0 à 3600"),
        (MORNING + call("09:10", then="shout"), "call 1, then", "hang_up, callback"),
        (MORNING + call("09:10", **{"from": "0465981234"}), "call 1, from", "fiction"),
        (MORNING + call("09:10") + "[agent]\n", "agent", "écrivez [[agent]]"),
        (MORNING + call("09:10") + "[[agent]]\nskills='procedures:1'", "agent 1", "postal_code"),
        (MORNING + call("09:10") + INES + "misses = 2", "agent 1, misses", "de 0 à 1"),
        (MORNING + call("09:10") + INES + 'rings = ["sings"]', "agent 1, rings", "answers, misses"),
        (MORNING + call("09:10") + INES + 'structure = "9"', "agent 1, structure", "« 9 »"),
        (MORNING + call("09:10") + "[network]\nduplicate = 3", "network, duplicate", "de 0 à 1"),
        (
            MORNING + call("09:10") + "[network]\nhangs = 0.6\nthrottled = 0.6",
            "network",
            "la somme de throttled, hangs dépasse 1",
        ),
        (MORNING + call("09:10") + '[network]\nturned = ["up"]', "network, turned", "type_ahead"),
        (MORNING + RANDOM, "random", "d'où viennent ces appels"),
        (IN_05 + MORNING + RANDOM + 'hours = { "25" = 1 }', "random, hours", "« 25 »"),
        (IN_05 + MORNING + RANDOM + 'hours = { "5" = 1 }', "random", "aucune heure"),
        (IN_05 + MORNING + RANDOM + "patience = { mean = 3 }", "random, patience", "median"),
        (MORNING + RANDOM + "[random.agents]\nper_departement = 2", "random.agents", "maison"),
        ('departements = ["99"]\n' + MORNING + RANDOM, "departements", "« 99 »"),
        ('agents = "nobody.csv"\n' + MORNING + call("09:10"), "agents", "n'existe pas"),
        ('line = "autre"\n' + MORNING + call("09:10"), "line", "principale"),
        (MORNING.replace("09:00", "12:00") + RANDOM, "ends", "finit avant de commencer"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    supervisor: Supervisor, text: str, place: str, what: str
) -> None:
    typed = supervisor.lives(text)

    assert typed.exit_code == 2
    [said] = [line for line in typed.stderr.splitlines() if f"jour.toml : {place}" in line]
    assert what in said
    assert "À corriger : 1. Rien n'a été simulé." in typed.stderr
    assert not typed.stdout


def test_everything_wrong_is_said_at_once(supervisor: Supervisor) -> None:
    wrong = call("09:10", need="papers") + call("9h", postal_code="05560", commune="Gap")

    typed = supervisor.lives("seed = -1\n" + wrong + INES.replace("procedures:2", "juggling:9"))

    told = typed.stderr.splitlines()
    for place in (
        "date",
        "seed",
        "call 1, need",
        "call 2, at",
        "call 2, commune",
        "agent 1, skills",
    ):
        assert any(f"jour.toml : {place} : " in line for line in told), place
    assert told[-1] == "À corriger : 6. Rien n'a été simulé."


def test_a_file_that_is_not_there_is_said(supervisor: Supervisor) -> None:
    typed = supervisor.types(supervisor.folder / "absent.toml")

    assert typed.exit_code == 2
    assert "absent.toml : ce fichier n'existe pas" in typed.stderr


def test_the_rows_of_the_supervisors_own_files_are_checked_too(supervisor: Supervisor) -> None:
    (supervisor.folder / "aidants.csv").write_text(
        "name,structure,skills,status\nInes,9,x,employed\n"
    )

    typed = supervisor.lives('agents = "aidants.csv"\n' + MORNING + call("09:10"))

    assert typed.exit_code == 2
    assert "aidants.csv:2: structure: la structure « 9 » n'existe pas" in typed.stderr


def test_a_clock_speed_that_is_none_is_said(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOCK_SPEED", "fast")

    typed = supervisor.lives(MORNING + call("09:10"))

    assert typed.exit_code == 2
    assert "CLOCK_SPEED" in typed.stderr


def test_the_example_that_we_ship_is_right() -> None:
    plan = read_day(EXAMPLE, load_atlas(TERRITORIES))

    assert len(plan.calls) == 63
    assert len(plan.helpers) == 4


def test_every_setting_of_a_day_is_in_its_page() -> None:
    atlas = load_atlas(TERRITORIES)
    readers = (
        *(draft._whole(EXAMPLE, atlas), draft._agent_readers(atlas), draft._call_readers(atlas)),
        *(draft._RANDOM, draft._WEBHOOKS, draft._REST, draft._crowd_readers()),
    )
    page = (Path(__file__).parents[2] / "docs" / "journee.md").read_text(encoding="utf-8")

    missing = {name for each in readers for name in each if f"`{name}`" not in page}

    assert missing == set()
