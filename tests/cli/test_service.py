"""The commands beside a real service: its own Redis, a database file, processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from config import redis_server
from config.settings import Settings, SettingsError
from dispatcher.live import keys
from tests.cli.test_commands import SETTINGS
from tests.people import AGENTS_HEADER, INES, STRUCTURES, YANN
from tests.processes import eventually, needs_proc

DISPATCHER = Path(sys.executable).with_name("dispatcher")

pytestmark = needs_proc


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """A service of one test's own, with embedded Redis and SQLite."""
    ours = {
        "REDIS_URL": "",
        "DATABASE_URL": "",
        "LINES_FILE": "",
        "DATA_DIR": str(tmp_path / "var"),
    }
    return {**os.environ, **SETTINGS, **ours}


class Shell:
    """Somebody at a terminal, in a folder of their own."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.environment, self.folder = environment, folder
        self.started: list[subprocess.Popen[bytes]] = []

    def types(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [DISPATCHER, *words],
            env=self.environment,
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def starts(self, *words: str) -> None:
        self.started.append(
            subprocess.Popen([DISPATCHER, *words], env=self.environment, cwd=self.folder)
        )

    def is_told_who_answers(self) -> list[str]:
        told = self.types("route", "--postal-code", "05170", "--need", "either", "--json")
        assert told.returncode == 0, told.stderr
        [answer] = json.loads(told.stdout)["answers"]
        return [each["name"] for each in answer["rung"]]

    def board_stands(self) -> bool:
        try:
            settings = Settings.read(self.environment)
            with Redis.from_url(redis_server.redis_url(settings)) as connection:
                return bool(connection.exists(keys.EPOCH))
        except (SettingsError, RedisError):
            return False


@pytest.fixture
def shell(environment: Mapping[str, str], tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(environment, tmp_path)
    yield shell
    for process in reversed(shell.started):
        process.terminate()
        process.wait(20)


def test_an_operator_fills_the_directory_and_looks_at_the_desk(shell: Shell) -> None:
    """Before the first start, while it runs, and with mistakes."""
    (shell.folder / "agents.csv").write_text(AGENTS_HEADER + INES.row, encoding="utf-8")

    assert shell.types("migrate").returncode == 0
    houses = shell.types("import", "structures", "-", stdin=STRUCTURES)
    assert (houses.returncode, houses.stdout) == (
        0,
        "- : c'est fait. Nouvelles lignes : 4. Déjà connues, mises à jour : 0.\n",
    )
    early = shell.types("import", "agents", "agents.csv")
    assert (early.returncode, len(early.stderr.splitlines())) == (0, 1)
    assert early.stderr.startswith("C'est enregistré ; mais Redis ne répond pas")
    assert shell.types("route", "--postal-code", "05170", "--need", "either").returncode == 2
    assert "ceci vient de la base de données" in shell.types("queue").stdout

    shell.starts("redis")
    assert eventually((shell.folder / "var" / redis_server.ADDRESS).exists)
    shell.starts("clock")
    assert eventually(shell.board_stands)

    late = shell.types("import", "agents", "-", stdin=AGENTS_HEADER + YANN.row)
    assert (late.returncode, late.stderr) == (0, "")
    assert eventually(lambda: shell.is_told_who_answers() == ["Ines", "Yann"])
    desk = json.loads(shell.types("queue", "--json").stdout)
    assert (desk["live"], desk["agents_by_state"]["free"]) == (True, 2)

    wrong = shell.types(
        "import", "agents", "-", stdin=AGENTS_HEADER + YANN.row.replace("fr,", "français,")
    )
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("-:2: languages: « français » n'est pas un code de langue")
