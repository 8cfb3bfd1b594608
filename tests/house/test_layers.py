"""Who may import whom, and that there is no room for a stray module."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, modules, named, syntax

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and their contracts, to spoil."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.csv", "*.json")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def contracts_hold_in(folder: Path) -> tuple[bool, str]:
    checked = subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return checked.returncode == 0, checked.stdout + checked.stderr


def test_the_contracts_hold(copy: Path) -> None:
    hold, said = contracts_hold_in(copy)

    assert hold, said


@pytest.mark.parametrize(
    ("path", "line", "broken"),
    [
        ("dispatcher/utils.py", "", "The rooms of DESIGN.md"),
        ("dispatcher/live/stray.py", "import dispatcher.store", "The rooms of DESIGN.md"),
        ("dispatcher/domain/stray.py", "import dispatcher.carrier", "The rooms of DESIGN.md"),
        ("dispatcher/domain/stray.py", "import redis", "The domain is pure"),
        ("dispatcher/store/stray.py", "import config.settings", "Only doors and assembly"),
        ("dispatcher/simulator/stray.py", "import dispatcher.domain", "The simulator knows"),
        ("dispatcher/web/stray.py", "import dispatcher.simulator", "The rest knows"),
        ("dispatcher/operations/stray.py", "import workers", "Nobody imports the workers"),
        ("config/stray.py", "import dispatcher.store", "The configuration knows"),
    ],
)
def test_a_module_that_does_not_belong_fails_the_build(
    copy: Path, path: str, line: str, broken: str
) -> None:
    (copy / path).write_text(f"{line}\n")

    hold, said = contracts_hold_in(copy)

    assert not hold
    assert broken in said


def test_the_domain_needs_the_standard_library_alone() -> None:
    strangers = {
        (named(path), name)
        for path in modules("dispatcher")
        if path.is_relative_to(ROOT / "dispatcher" / "domain")
        for name in imported_by(path)
        if not name.startswith("dispatcher.domain") and name not in sys.stdlib_module_names
    }

    assert strangers <= {
        ("dispatcher/domain/numbers.py", "phonenumbers"),
        ("dispatcher/domain/recurrences.py", "dateutil"),
    }


def test_the_domain_is_told_the_time() -> None:
    for path in modules("dispatcher"):
        if path.is_relative_to(ROOT / "dispatcher" / "domain"):
            assert not {"now", "utcnow", "today", "monotonic"} & attributes_of(path), named(path)
            assert "time" not in imported_by(path), named(path)


def imported_by(path: Path) -> set[str]:
    """What a module imports: the names of packages, and of our own modules whole."""
    names = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}: imports are absolute"
            names.add(node.module or "")
            if node.module == "dispatcher":
                names |= {f"dispatcher.{alias.name}" for alias in node.names}
    names.discard("dispatcher")
    return {name if name.startswith("dispatcher") else name.partition(".")[0] for name in names}


def attributes_of(path: Path) -> set[str]:
    """The names that stand behind a dot."""
    return {node.attr for node in ast.walk(syntax(path)) if isinstance(node, ast.Attribute)}
