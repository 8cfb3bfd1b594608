"""The environment is read in one place, so that what can be set is written in one place."""

import ast
from pathlib import Path

from tests.house.sources import PACKAGES, modules, named, syntax

READERS = {"environ", "environb", "getenv", "getenvb", "putenv"}


def reads_environment(path: Path) -> bool:
    for node in ast.walk(syntax(path)):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in READERS:
                return True
            case ast.ImportFrom(module="os", names=names):
                if READERS & {alias.name for alias in names}:
                    return True
    return False


def test_only_settings_reads_the_environment() -> None:
    readers = [named(path) for path in modules(*PACKAGES) if reads_environment(path)]

    assert readers == ["config/settings.py"]
