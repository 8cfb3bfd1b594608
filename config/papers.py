"""The templates of papers, ``config/data/papers/KIND-EDITION.txt``, kept by their hash.

``editions.toml`` holds the SHA-256 of each edition, oldest first. Printed papers name them, so the
file of an edition never changes and never goes: other words are another edition.
"""

import tomllib
from functools import cache
from pathlib import Path

from dispatcher.domain.papers import Kind, Template

FOLDER = Path(__file__).parent / "data" / "papers"


class BadTemplate(ValueError):
    """A template that is not the one whose hash was kept."""


@cache
def template(kind: Kind, edition: int = 0, *, folder: Path = FOLDER) -> Template:
    """An edition of a paper; the newest without any. Raises BadTemplate when it was altered."""
    kept = editions(folder)[kind]
    number = edition or len(kept)
    text = (folder / f"{kind}-{number}.txt").read_bytes().decode()
    found = Template(kind, number, text)
    if found.sha256 != kept[number - 1]:
        raise BadTemplate(f"{found.name} is not what was kept of it: write another edition")
    return found


def editions(folder: Path = FOLDER) -> dict[str, list[str]]:
    """The hashes of all editions, by kind, oldest first."""
    return tomllib.loads((folder / "editions.toml").read_text(encoding="utf-8"))
