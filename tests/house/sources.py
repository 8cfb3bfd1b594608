"""The files of the project, as the house rules read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("dispatcher", "workers", "config")
NOT_OURS = {".venv", ".venv-lock", "var", "build", "dist", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0 and (ROOT / ".git").exists():
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:  # an archive, without its history
        found = [path for path in ROOT.rglob("*") if not _is_not_ours(path)]
    return tuple(sorted(path for path in found if path.is_file()))


def modules(*folders: str) -> Iterator[Path]:
    """The Python files below these folders."""
    for path in files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders:
            yield path


@cache
def syntax(path: Path) -> ast.Module:
    """What a Python file says, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def texts_in(path: Path) -> Iterator[str]:
    """Every string that is written in a Python file."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def named(path: Path) -> str:
    """How a message names a file."""
    return str(path.relative_to(ROOT))


def _is_not_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(p in NOT_OURS or p.endswith(("_cache", ".egg-info")) for p in parts)
