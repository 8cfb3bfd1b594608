"""Every command is found, and whatever is mistyped is said in French."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dispatcher import assembly
from dispatcher.cli import main
from tests.cli.operators import Operator
from tests.people import ROSE, STRUCTURES

SETTINGS = {
    "SECRET_KEY": "b2f5ff47436671b6e533d8dc3614845d",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
    "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
}


def all_commands() -> list[tuple[str, click.Command]]:
    context = click.Context(main)
    found = [(name, main.get_command(context, name)) for name in main.list_commands(context)]
    inner = [
        pair
        for _, group in found
        if isinstance(group, click.Group)
        for pair in group.commands.items()
    ]
    return [(name, command) for name, command in [*found, *inner] if command is not None]


def test_every_command_says_in_french_what_it_does() -> None:
    names = [name for name, _ in all_commands()]
    helps = [command.help for _, command in all_commands()]

    assert names == [
        *(
            "callbacks",
            "clock",
            "demo",
            "import",
            "journal",
            "migrate",
            "person",
            "prompts",
            "queue",
            "redis",
        ),
        *("regulars", "retention", "route", "run", "simulate-day", "slots", "standing-by"),
        *("user", "worker"),
        *("redirect", "structures", "agents", "regulars"),
        *("verify", "export", "extract", "sign", "key", "public-key"),
        *("export", "erase"),
        *("list", "stop", "prolong", "run"),
        *("list", "add", "cancel", "move", "absent", "calendar"),
        *("create", "list", "disable", "role", "link", "invite", "erase"),
    ]
    assert all(helps)
    for _, command in all_commands():
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rout",), "La commande rout n'existe pas. Pour savoir comment l'écrire : main --help"),
        (("route",), "Il manque --postal-code. Pour savoir comment l'écrire : main route --help"),
        (("import", "agents"), "Il manque FILE."),
        (("import", "houses"), "La commande houses n'existe pas."),
        (("queue", "--jsn"), "L'option --jsn n'existe pas."),
        (("queue", "now"), "Cette commande ne se lit pas (Got unexpected extra argument (now))."),
    ],
)
def test_a_mistyped_command_ends_with_one_sentence_and_status_2(
    words: tuple[str, ...], said: str
) -> None:
    typed = CliRunner().invoke(main, words)

    assert (typed.exit_code, typed.stdout) == (2, "")
    assert typed.stderr.startswith(said)
    assert len(typed.stderr.splitlines()) == 1


@pytest.fixture
def nothing_assembled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """As in a process that has just begun, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    assembly.settings.cache_clear()
    assembly.own_parts.cache_clear()
    yield
    assembly.settings.cache_clear()
    assembly.own_parts.cache_clear()


@pytest.mark.usefixtures("nothing_assembled")
@pytest.mark.parametrize("words", [("queue",), ("import", "agents", "-")])
def test_a_wrong_setting_is_named(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "short")

    typed = CliRunner().invoke(main, words)

    assert typed.exit_code == 2
    assert "SECRET_KEY : 5 caractères, c'est trop court" in typed.stderr


@pytest.mark.usefixtures("nothing_assembled")
def test_a_wrong_file_of_lines_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lines.toml").write_text("[[line]]\n")
    monkeypatch.setenv("LINES_FILE", str(tmp_path / "lines.toml"))

    typed = CliRunner().invoke(main, ["queue"])

    assert typed.exit_code == 2
    assert "numbers: ce réglage manque ; ajoutez-le." in typed.stderr
    assert "Traceback" not in typed.stderr


@pytest.mark.usefixtures("nothing_assembled")
@pytest.mark.parametrize("words", [("queue",), ("import", "agents", "-")])
def test_a_database_that_was_never_made_is_one_sentence(words: tuple[str, ...]) -> None:
    typed = CliRunner().invoke(main, words, input="name\n")

    assert typed.exit_code == 2
    assert typed.stderr.startswith("La base de données ne répond pas, ou n'est pas à jour")
    assert len(typed.stderr.splitlines()) == 1


@pytest.mark.usefixtures("nothing_assembled")
def test_a_redis_that_was_never_started_keeps_nobody_from_importing(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)

    typed = CliRunner().invoke(main, ["import", "structures", "-"], input=STRUCTURES)

    assert typed.exit_code == 0
    assert "Nouvelles lignes : 4." in typed.stdout
    assert typed.stderr.startswith("C'est enregistré ; mais Redis ne répond pas")


def test_numbers_sealed_with_another_key_are_one_sentence(operator: Operator) -> None:
    office = operator.office

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()

    office.run(rose())
    operator.loses_the_key()

    typed = operator.types("queue")

    assert typed.exit_code == 2
    assert typed.stderr.startswith("Des numéros de la base ne s'ouvrent pas avec cette clé")
    assert len(typed.stderr.splitlines()) == 1
