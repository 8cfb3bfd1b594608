"""``dispatcher user``: an operator makes accounts, and ends them."""

from typing import Any

import pytest

from dispatcher.domain.users import Email
from dispatcher.operations import sign_ins
from tests.cli.operators import Operator
from tests.cli.test_person import erase, export
from tests.people import INES, MALO

pytestmark = pytest.mark.parametrize("desk_url", ["sqlite"], indirect=True)
CARLA = "carla@exemple.test"


def accounts(operator: Operator) -> dict[str, Any]:
    return {each["email"]: each for each in operator.reads_json("user", "list")["users"]}


def mails(operator: Operator) -> list[str]:
    operator.office.do_jobs()
    return [path.read_text() for path in sorted((operator.folder / "mail").glob("*"))]


def creates(operator: Operator, *words: str) -> Any:
    return operator.types("user", "create", "--email", " Carla@Exemple.test", *words)


def test_an_account_is_made_with_a_link_that_is_printed_once(operator: Operator) -> None:
    made = creates(operator, "--role", "coordinator", "--zone", "departement:05")

    assert made.exit_code == 0, made.stderr
    assert "jusqu'au mardi 1 décembre 2026" in made.stdout
    link = made.stdout.splitlines()[-1]
    assert link.startswith("https://permanence.test/connexion/lien/")
    opened = sign_ins.use_link(link.rpartition("/")[2], None, operator.office.services)
    assert opened is not None
    [carla] = accounts(operator).values()
    assert carla["email"] == CARLA
    assert carla["roles"] == [
        {"role": "coordinator", "structure": "", "zones": "departement:05"},
    ]
    assert mails(operator) == []


def test_an_address_has_one_account_however_it_is_spelt(operator: Operator) -> None:
    creates(operator, "--role", "technical")

    again = operator.types("user", "create", "--email", CARLA.upper(), "--role", "citizen")

    assert again.exit_code == 1
    assert len(accounts(operator)) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--role", "manager"),
        ("--role", "manager", "--structure", "nowhere"),
        ("--role", "coordinator"),
        ("--role", "coordinator", "--zone", "departement:99"),
        ("--role", "coordinator", "--zone", "Hautes-Alpes"),
        ("--role", "technical", "--structure", "gap"),
        ("--role", "agent", "--zone", "departement:05"),
    ],
)
def test_a_role_needs_what_it_reaches_and_nothing_else(
    operator: Operator, words: tuple[str, ...]
) -> None:
    refused = creates(operator, *words)

    assert refused.exit_code == 2
    assert accounts(operator) == {}


def test_what_is_no_address_is_refused(operator: Operator) -> None:
    assert operator.types("user", "create", "--email", "carla", "--role", "agent").exit_code == 2


def test_agents_with_an_email_are_invited_when_the_operator_says_so_and_once(
    operator: Operator,
) -> None:
    operator.imports_agents(INES)
    assert (accounts(operator), mails(operator)) == ({}, [])

    would = operator.types("user", "invite", "--dry-run")
    assert (accounts(operator), mails(operator)) == ({}, [])
    done = operator.types("user", "invite")
    again = operator.types("user", "invite")

    assert ": 1. " in would.stdout
    assert ": 1. " in done.stdout
    assert ": 0. " in again.stdout
    [invitation] = mails(operator)
    assert INES.email in invitation
    assert "/connexion/lien/" in invitation
    [ines] = accounts(operator).values()
    assert ines["roles"] == [{"role": "agent", "structure": "orcieres", "zones": ""}]
    assert ines["agent"] is not None


def test_an_import_invites_only_when_asked(operator: Operator) -> None:
    operator.imports_agents(INES)
    file = operator.file(operator.folder.joinpath("feuille.csv").read_text())

    operator.types("import", "agents", str(file), "--invite")

    assert list(accounts(operator)) == [INES.email]


def test_an_account_that_was_there_before_the_agent_becomes_theirs(operator: Operator) -> None:
    email = MALO.email
    operator.types("user", "create", "--email", email, "--role", "manager", "--structure", "gap")
    operator.imports_agents(MALO)

    operator.types("user", "invite")

    [malo] = accounts(operator).values()
    assert {each["role"] for each in malo["roles"]} == {"agent", "manager"}
    assert malo["agent"] is not None
    assert mails(operator) == []


def test_roles_are_given_and_taken(operator: Operator) -> None:
    creates(operator, "--role", "coordinator", "--zone", "departement:05")

    operator.types("user", "role", CARLA, "--role", "coordinator", "--zone", "region:93")
    operator.types("user", "role", CARLA, "--role", "manager", "--structure", "gap")
    assert "manager (gap)" in operator.types("user", "list").stdout
    assert "coordinator (region:93)" in operator.types("user", "list").stdout
    assert operator.types("user", "role", CARLA, "--role", "manager", "--drop").exit_code == 0

    assert operator.types("user", "role", CARLA, "--role", "manager", "--drop").exit_code == 1
    assert [each["role"] for each in accounts(operator)[CARLA]["roles"]] == ["coordinator"]


def test_whoever_is_kept_out_gets_no_link_until_they_are_let_in_again(operator: Operator) -> None:
    creates(operator, "--role", "technical")

    assert operator.types("user", "disable", CARLA).exit_code == 0
    assert operator.types("user", "link", CARLA).exit_code == 1
    assert "n'est plus admis" in operator.types("user", "list").stdout
    operator.types("user", "disable", CARLA, "--undo")

    assert "/connexion/lien/" in operator.types("user", "link", CARLA).stdout


def test_an_account_is_forgotten_whole(operator: Operator) -> None:
    creates(operator, "--role", "technical")

    assert operator.types("user", "erase", CARLA).exit_code == 0

    assert accounts(operator) == {}
    assert operator.types("user", "erase", CARLA).exit_code == 1
    assert sign_ins.ask_link(Email(CARLA), None, operator.office.services)


def test_an_agent_who_asks_is_told_of_their_account_and_it_goes_with_them(
    operator: Operator,
) -> None:
    operator.imports_agents(INES)
    operator.types("user", "invite")

    told = export(operator, INES.number)["agent"]["compte"]
    assert (told["courriel"], told["roles"][0]["role"]) == (INES.email, "agent")
    assert erase(operator, number=INES.number).exit_code == 1
    assert len(accounts(operator)) == 1
    assert erase(operator, "--with-agent", number=INES.number).exit_code == 0

    assert accounts(operator) == {}
