"""Somebody who types commands and reads what they answer."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dispatcher import assembly
from dispatcher.cli import main
from dispatcher.domain.agents import Agent
from dispatcher.domain.timetables import Calendar
from dispatcher.live.board import Board
from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Vault
from tests.office import Office
from tests.people import AGENTS_HEADER, STRUCTURES, Helper

STRUCTURES_HEADER = STRUCTURES.partition("\n")[0] + "\n"


@dataclass
class Operator:
    """The operator of an office, with a folder for their spreadsheets."""

    office: Office
    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def types(self, *words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, words, input=stdin, catch_exceptions=False)

    def reads_json(self, *words: str) -> Any:
        typed = self.types(*words, "--json")
        assert typed.exit_code == 0, typed.stderr
        return json.loads(typed.stdout)

    def imports(self, kind: str, text: str, *words: str) -> Result:
        return self.types("import", kind, str(self.file(text)), *words)

    def imports_agents(self, *helpers: Helper) -> Result:
        return self.imports("agents", AGENTS_HEADER + "\n".join(each.row for each in helpers))

    def has_on_duty(self, *helpers: Helper) -> None:
        """These agents are in the directory, and free for everybody."""
        assert self.imports_agents(*helpers).exit_code == 0
        self.office.run(self.office.waits(5))

    def file(self, text: str) -> Path:
        path = self.folder / "feuille.csv"
        path.write_text(text, encoding="utf-8")
        return path

    def agents(self) -> dict[str, Agent]:
        """Everybody in the directory, by name."""
        with self.office.services.store.reading() as tx:
            return {each.name: each for each in tx.agents.roster(lambda _: Calendar())}

    def loses_redis(self) -> None:
        """From now on no command reaches Redis."""
        redis = Redis(unix_socket_path="/nowhere.sock", retry=Retry(NoBackoff(), 0))
        self.works_with(board=Board(redis))

    def finds_redis_again(self) -> None:
        self.works_with()

    def loses_the_key(self) -> None:
        """From now on the secret is another."""
        other = Vault([Keys(b"o" * 32, b"o" * 32, b"o" * 32)])
        self.works_with(store=Store(self.office.services.store.engine, other))

    def works_with(self, **changes: Any) -> None:
        """From now on the commands' services differ so from the office's."""
        parts = self.office.parts
        changed = replace(parts, services=replace(parts.services, **changes))
        self.monkeypatch.setattr(assembly, "parts", lambda: changed)
