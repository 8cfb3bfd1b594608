"""``dispatcher import`` warns of an agent who is rung on a house's usual line."""

from dataclasses import replace

import pytest

from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Vault
from tests.cli.operators import STRUCTURES_HEADER, Operator
from tests.people import AGENTS_HEADER, INES, MALO, YANN

HOUSE = "04 65 71 00 70"
OTHER_HOUSE = "04 65 71 00 71"
E164 = "+33465710070"
MAISON = STRUCTURES_HEADER + f"maison,Maison du Champsaur,05061,,{HOUSE}\n"
AT_HOME = replace(INES, number=E164)


@pytest.fixture
def with_house(operator: Operator) -> Operator:
    assert operator.imports("structures", MAISON).stderr == ""
    return operator


def test_an_agent_who_is_rung_on_a_houses_line_is_imported_with_a_warning(
    with_house: Operator,
) -> None:
    typed = with_house.imports_agents(MALO, AT_HOME, YANN)

    file = with_house.folder / "feuille.csv"
    assert typed.exit_code == 0
    assert typed.stderr == (
        f"{file}:3: telephone: attention, « {E164} » est aussi le téléphone de Maison du Champsaur :"
        " si cette ligne est renvoyée vers la permanence, y appeler l'aidant reviendrait à nous ;"
        " donnez à l'aidant une ligne directe, ou retirez ce numéro à la maison.\n"
    )
    assert "Nouvelles lignes : 3. Déjà connues, mises à jour : 0." in typed.stdout
    assert set(with_house.agents()) == {"Ines", "Malo", "Yann"}


def test_a_house_whose_line_an_agent_is_rung_on_is_imported_with_a_warning(
    operator: Operator,
) -> None:
    operator.imports_agents(MALO, AT_HOME)

    typed = operator.imports(
        "structures", MAISON + f"gap,France services de Gap,05061,,{OTHER_HOUSE}\n"
    )

    file = operator.folder / "feuille.csv"
    assert typed.exit_code == 0
    assert typed.stderr == (
        f"{file}:2: telephone: attention, « {E164} » est aussi le téléphone où l'on appelle Ines :"
        " si cette ligne est renvoyée vers la permanence, l'y appeler reviendrait à nous ;"
        " donnez à l'aidant une ligne directe, ou retirez ce numéro à la maison.\n"
    )
    assert "Nouvelles lignes : 1. Déjà connues, mises à jour : 1." in typed.stdout


def test_a_dry_run_warns_too(with_house: Operator) -> None:
    agents = with_house.imports("agents", AGENTS_HEADER + f"{MALO.row}\n{AT_HOME.row}", "--dry-run")
    with_house.imports_agents(replace(INES, number="+33465710071"))
    houses = with_house.imports("structures", MAISON.replace(HOUSE, OTHER_HOUSE), "--dry-run")

    assert (agents.exit_code, houses.exit_code) == (0, 0)
    assert "feuille.csv:3: telephone: attention," in agents.stderr
    assert "feuille.csv:2: telephone: attention," in houses.stderr
    assert set(with_house.agents()) == {"Ines"}


def test_a_line_of_their_own_is_nothing_to_warn_of(with_house: Operator) -> None:
    agents = with_house.imports_agents(AT_HOME, MALO)
    mended = with_house.imports_agents(INES)
    again = with_house.imports("structures", MAISON)

    assert "attention" in agents.stderr
    assert (mended.stderr, again.stderr) == ("", "")


def test_a_column_that_the_file_does_not_have_warns_of_nothing(with_house: Operator) -> None:
    with_house.imports_agents(AT_HOME)

    agents = with_house.imports(
        "agents",
        "email,name,structure,skills,status\nines@exemple.test,Inès,gap,mediation:2,elected",
    )
    houses = with_house.imports("structures", "id,name,commune\nmaison,Maison,05061")

    assert (agents.exit_code, houses.exit_code) == (0, 0)
    assert (agents.stderr, houses.stderr) == ("", "")


def test_a_file_with_problems_is_not_imported_and_warns_of_nothing(with_house: Operator) -> None:
    wrong = replace(MALO, structure="nulle-part")

    typed = with_house.imports_agents(AT_HOME, wrong)

    assert typed.exit_code == 1
    assert "attention" not in typed.stderr
    assert with_house.agents() == {}


@pytest.mark.parametrize("kind", ["agents", "structures"])
def test_a_number_kept_under_the_previous_secret_is_known(operator: Operator, kind: str) -> None:
    engine = operator.office.services.store.engine
    old, new = (Keys(each * 32, each * 32, each * 32) for each in (b"o", b"n"))
    texts = {"structures": MAISON, "agents": AGENTS_HEADER + AT_HOME.row}
    first = "agents" if kind == "structures" else "structures"
    operator.works_with(store=Store(engine, Vault([old])))
    assert operator.imports(first, texts[first]).exit_code == 0

    operator.works_with(store=Store(engine, Vault([new, old])))
    typed = operator.imports(kind, texts[kind])

    assert typed.exit_code == 0, typed.stderr
    assert typed.stderr.count("telephone: attention,") == 1
