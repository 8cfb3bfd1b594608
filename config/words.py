"""The French that people read, kept in ``config/data/words/*.toml`` and never in code."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "words"


class Words(dict[str, str]):
    """Sentences by dotted key, such as ``settings.secret_key.short``."""

    def __missing__(self, key: str) -> str:
        raise KeyError(f"no words for {key!r}")


@cache
def words(catalogue: str) -> Words:
    """Every sentence of one catalogue; a key it does not hold raises KeyError when asked for."""
    text = (FOLDER / f"{catalogue}.toml").read_text(encoding="utf-8")
    return Words(_flattened(tomllib.loads(text)))


def _flattened(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flattened(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield f"{prefix}{key}", value
        else:
            raise TypeError(f"{prefix}{key} is not a sentence")
