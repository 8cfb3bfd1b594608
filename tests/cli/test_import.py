"""``dispatcher import``: all of a file or nothing, and what is known stays known."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis

from dispatcher.domain.agents import AgentId, Aside
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.territories import Territory
from dispatcher.live.sight import Sight
from dispatcher.operations import sweep
from dispatcher.store.schema import agents, structures
from tests.cli.operators import STRUCTURES_HEADER, Operator
from tests.people import AGENTS_HEADER, INES, MALO, YANN, ZOE, Helper

pytestmark = pytest.mark.parametrize("desk_url", ["sqlite", "postgresql"], indirect=True)
HOUSES = Path(__file__).parents[2] / "config" / "data" / "houses" / "france_services_2024-08.csv"
GAP = Territory.parse("commune:05061")


def number_of(operator: Operator, name: str) -> PhoneNumber | None:
    with operator.office.services.store.reading() as tx:
        return tx.agents.telephone(operator.agents()[name].id)


def structure(operator: Operator, id: str) -> sa.Row[tuple[object, ...]]:
    with operator.office.services.store.engine.connect() as connection:
        return connection.execute(sa.select(structures).where(structures.c.id == id)).one()


def columns_of(operator: Operator, name: str) -> sa.Row[tuple[object, ...]]:
    with operator.office.services.store.engine.connect() as connection:
        return connection.execute(sa.select(agents).where(agents.c.name == name)).one()


def put_aside(operator: Operator, name: str) -> None:
    with operator.office.services.store.writing() as tx:
        id = operator.agents()[name].id
        assert tx.agents.put_aside(id, Aside.NO_SUCH_NUMBER, at=operator.office.services.now())


def test_rows_are_new_once_and_known_afterwards(operator: Operator) -> None:
    first = operator.imports_agents(INES, MALO)
    second = operator.imports_agents(MALO, replace(YANN, zones="departement:29"))

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Nouvelles lignes : 2. Déjà connues, mises à jour : 0." in first.stdout
    assert "Nouvelles lignes : 1. Déjà connues, mises à jour : 1." in second.stdout
    assert set(operator.agents()) == {"Ines", "Malo", "Yann"}
    assert first.stderr == second.stderr == ""


def test_every_problem_is_said_at_its_place_and_nothing_is_changed(operator: Operator) -> None:
    wrong = replace(MALO, structure="nulle-part", slots="lundi").row
    text = AGENTS_HEADER + f"{INES.row}\n{wrong}\n{INES.row}"

    typed = operator.imports("agents", text)

    file = operator.folder / "feuille.csv"
    lines = typed.stderr.splitlines()
    assert typed.exit_code == 1
    assert lines[0] == (
        f"{file}:3: structure: la structure « nulle-part » n'existe pas ;"
        " importez-la d'abord, ou corrigez son identifiant."
    )
    assert [line.partition(" ")[0] for line in lines[:4]] == [
        f"{file}:{line}:" for line in (3, 3, 4, 4)
    ]
    assert lines[4:] == ["À corriger : 4. Rien n'a été changé."]
    assert typed.stdout == ""
    assert operator.agents() == {}


def test_a_dry_run_checks_all_and_changes_nothing(operator: Operator) -> None:
    operator.imports_agents(INES)
    changed = replace(INES, zones="departement:29")
    text = AGENTS_HEADER + f"{changed.row}\n{MALO.row}"

    right = operator.imports("agents", text, "--dry-run")
    wrong = operator.imports("agents", text.replace("employed", "boss"), "--dry-run")

    assert (right.exit_code, wrong.exit_code) == (0, 1)
    assert "Seraient nouvelles : 1. Seraient mises à jour : 1." in right.stdout
    assert set(operator.agents()) == {"Ines"}
    assert "29" not in columns_of(operator, "Ines").zones


def test_a_minus_reads_stdin(operator: Operator) -> None:
    typed = operator.types("import", "agents", "-", stdin=AGENTS_HEADER + INES.row)
    wrong = operator.types("import", "structures", "-", stdin="id,name\na,b")

    assert (typed.exit_code, wrong.exit_code) == (0, 1)
    assert set(operator.agents()) == {"Ines"}
    assert wrong.stderr.startswith("-:1: commune: la colonne commune manque ; ajoutez-la.\n")


@pytest.mark.parametrize(
    ("name", "said"), [("absent.csv", "n'existe pas"), (".", "ne peut pas"), ("\0", "ne peut pas")]
)
def test_a_file_that_cannot_be_read_is_a_mistake_of_use(
    operator: Operator, name: str, said: str
) -> None:
    file = str(operator.folder / name)

    typed = operator.types("import", "structures", file)

    assert typed.exit_code == 2
    assert typed.stderr.startswith(f"{file} {said}")
    assert len(typed.stderr.splitlines()) == 1


def test_a_column_that_the_file_does_not_have_changes_nothing_of_somebody_known(
    operator: Operator,
) -> None:
    operator.imports_agents(replace(INES, zones="epci:200068096 strict"))
    put_aside(operator, "Ines")
    before = columns_of(operator, "Ines")

    typed = operator.imports(
        "agents",
        "email,name,structure,skills,status\nines@exemple.test,Inès,gap,mediation:2,volunteer",
    )

    assert typed.exit_code == 0, typed.stderr
    said = {"name": "Inès", "structure": "gap", "skills": "mediation:2", "status": "volunteer"}
    assert columns_of(operator, "Inès")._asdict() == before._asdict() | said


def test_the_national_list_leaves_zones_and_telephones_as_they_are(operator: Operator) -> None:
    told = "1,Maison,05061,epci:200068096,04 65 71 00 70\n"
    operator.imports("structures", STRUCTURES_HEADER + told)

    first = operator.types("import", "structures", str(HOUSES))
    second = operator.types("import", "structures", str(HOUSES))

    assert "Nouvelles lignes : 2844. Déjà connues, mises à jour : 1." in first.stdout
    assert "Nouvelles lignes : 0. Déjà connues, mises à jour : 2845." in second.stdout
    house = structure(operator, "1")
    assert house.name == "France services de Valserhône"
    assert (house.zones, house.telephone_key is None) == ("epci:200068096", False)


def test_an_empty_cell_empties_all_but_the_e_mail_and_the_pin(operator: Operator) -> None:
    operator.imports_agents(replace(INES, zones="departement:29"))

    typed = operator.imports("agents", AGENTS_HEADER + f",Ines,gap,{INES.number},,{ONE_SKILL}")

    assert typed.exit_code == 0, typed.stderr
    row = columns_of(operator, "Ines")
    assert (row.email, row.zones, row.slots, row.automatic) == ("ines@exemple.test", "", "", False)
    assert row.pin_hash is not None


ONE_SKILL = "procedures:1,,employed,,,"


def test_somebody_known_by_telephone_alone_can_be_given_an_e_mail(operator: Operator) -> None:
    operator.imports("agents", AGENTS_HEADER + f",Ines,gap,{INES.number},,{ONE_SKILL}")
    id = operator.agents()["Ines"].id

    operator.imports_agents(INES)

    assert {each.id for each in operator.agents().values()} == {id}
    assert columns_of(operator, "Ines").email == "ines@exemple.test"


def test_a_telephone_that_is_already_somebody_elses_is_said_at_its_row(operator: Operator) -> None:
    operator.imports_agents(INES, MALO)

    typed = operator.imports_agents(YANN, replace(ZOE, number=MALO.number))

    assert typed.exit_code == 1
    place, _, what = typed.stderr.splitlines()[0].partition(": telephone: ")
    assert place.endswith("feuille.csv:3")
    assert what.startswith(f"« {MALO.number} » est déjà le téléphone de Malo ;")
    assert set(operator.agents()) == {"Ines", "Malo"}


def test_a_structures_telephone_is_no_other_structures(operator: Operator) -> None:
    kept = STRUCTURES_HEADER + "a,Maison A,05061,,04 65 71 00 70\n"
    operator.imports("structures", kept)

    other = operator.imports("structures", STRUCTURES_HEADER + "b,Maison B,05061,,0465710070\n")
    same = operator.imports("structures", kept)

    assert (other.exit_code, same.exit_code) == (1, 0)
    assert "est déjà le téléphone de Maison A" in other.stderr


def test_a_structures_old_telephone_may_be_anothers_later(operator: Operator) -> None:
    operator.imports("structures", STRUCTURES_HEADER + "a,Maison A,05061,,04 65 71 00 70\n")
    operator.imports("structures", STRUCTURES_HEADER + "a,Maison A,05061,,04 65 71 00 71\n")

    old = operator.imports("structures", STRUCTURES_HEADER + "b,Maison B,05061,,04 65 71 00 70\n")
    new = operator.imports("structures", STRUCTURES_HEADER + "b,Maison B,05061,,04 65 71 00 71\n")

    assert (old.exit_code, new.exit_code) == (0, 1)


def test_two_agents_may_exchange_their_telephones(operator: Operator) -> None:
    operator.imports_agents(INES, MALO)
    put_aside(operator, "Ines")

    typed = operator.imports_agents(
        replace(INES, number=MALO.number), replace(MALO, number=INES.number)
    )

    assert typed.exit_code == 0, typed.stderr
    assert number_of(operator, "Ines") == MALO.number
    assert number_of(operator, "Malo") == INES.number
    assert operator.agents()["Ines"].aside is None


def test_somebody_new_may_have_the_telephone_that_another_gives_up_in_the_same_file(
    operator: Operator,
) -> None:
    operator.imports_agents(INES)

    new = f",Zoe,gap,{INES.number},,{ONE_SKILL}"
    moved = replace(INES, number=YANN.number).row
    typed = operator.imports("agents", AGENTS_HEADER + f"{new}\n{moved}")

    assert "Nouvelles lignes : 1. Déjà connues, mises à jour : 1." in typed.stdout
    assert number_of(operator, "Ines") == YANN.number
    assert number_of(operator, "Zoe") == INES.number


def test_a_number_that_stays_the_same_stays_aside(operator: Operator) -> None:
    operator.imports_agents(INES)
    put_aside(operator, "Ines")

    operator.imports_agents(INES)
    assert operator.agents()["Ines"].aside is Aside.NO_SUCH_NUMBER

    operator.imports_agents(replace(INES, number=ZOE.number))
    assert operator.agents()["Ines"].aside is None


@pytest.mark.parametrize("columns", ["automatic", "telephone"])
def test_nobody_is_left_to_be_rung_without_a_telephone(operator: Operator, columns: str) -> None:
    desk = f"malo@exemple.test,Malo,gap,,,{ONE_SKILL}"
    operator.imports("agents", AGENTS_HEADER + f"{INES.row}\n{desk}")
    name, cell = ("Malo", "yes") if columns == "automatic" else ("Ines", "")

    typed = operator.imports(
        "agents",
        f"email,name,structure,skills,status,{columns}\n"
        f"{name.lower()}@exemple.test,{name},gap,procedures:1,employed,{cell}",
    )

    assert typed.exit_code == 1
    assert ":2: automatic: une réponse automatique demande un téléphone" in typed.stderr


def test_somebody_with_a_telephone_can_be_put_on_by_a_file_without_telephones(
    operator: Operator,
) -> None:
    operator.imports("agents", AGENTS_HEADER + INES.row.removesuffix("yes") + "no")

    typed = operator.imports(
        "agents",
        "email,name,structure,skills,status,automatic\n"
        "ines@exemple.test,Ines,gap,procedures:1,employed,yes",
    )

    assert typed.exit_code == 0, typed.stderr
    assert operator.agents()["Ines"].automatic


def seen_by_another_process(redis_url: str, operator: Operator) -> dict[AgentId, str]:
    """Where agents stand, as a second connection reads it."""
    with Redis.from_url(redis_url) as connection:
        board = Sight(connection).candidates(at=operator.office.services.now())
        return {each.id: str(each.places[1]) for each in board}


def test_what_is_imported_is_seen_at_once_by_running_processes(
    operator: Operator, redis_url: str
) -> None:
    operator.imports_agents(INES, MALO)
    before = seen_by_another_process(redis_url, operator)

    operator.imports_agents(replace(INES, zones="commune:05061"), replace(MALO, slots=""))

    id = operator.agents()["Ines"].id
    assert before[id] == "commune:05096"
    assert seen_by_another_process(redis_url, operator) == {id: "commune:05061"}


def test_agents_move_with_their_house(operator: Operator, redis_url: str) -> None:
    operator.imports_agents(INES)

    typed = operator.imports("structures", "id,name,commune\norcieres,Orcières,05061")

    assert typed.exit_code == 0, typed.stderr
    assert list(seen_by_another_process(redis_url, operator).values()) == ["commune:05061"]


def test_without_redis_the_import_is_kept_and_says_when_it_counts(
    operator: Operator, redis_url: str
) -> None:
    operator.imports_agents(INES)
    operator.loses_redis()

    typed = operator.imports_agents(replace(INES, zones="commune:05061"))

    assert typed.exit_code == 0
    assert "mises à jour : 1." in typed.stdout
    assert typed.stderr.startswith("C'est enregistré ; mais Redis ne répond pas")
    assert len(typed.stderr.splitlines()) == 1
    assert operator.agents()["Ines"].zones.inside == {GAP}
    assert list(seen_by_another_process(redis_url, operator).values()) == ["commune:05096"]


def test_a_redis_that_comes_back_with_its_memory_learns_what_was_imported_meanwhile(
    operator: Operator, redis_url: str
) -> None:
    operator.imports_agents(INES)
    operator.loses_redis()
    operator.imports_agents(replace(INES, zones="commune:05061"))

    operator.finds_redis_again()
    sweep.check(operator.office.services)

    assert list(seen_by_another_process(redis_url, operator).values()) == ["commune:05061"]


def test_many_agents_are_imported(operator: Operator) -> None:
    many = [Helper(f"N{n}", f"+3346571{n:04d}", "gap") for n in range(300)]

    operator.imports_agents(*many)
    again = operator.imports_agents(*many)

    assert "Nouvelles lignes : 0. Déjà connues, mises à jour : 300." in again.stdout
    assert len(operator.agents()) == 300
