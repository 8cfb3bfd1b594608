"""Every sentence for operators is used, and every sentence used exists."""

import re
import tomllib

import pytest

from config.words import FOLDER, words
from tests.house.sources import PACKAGES, modules, texts_in

CATALOGUES = (
    "operator",
    "reports",
    "story",
    "day",
    "asking",
    "timetables",
    "planning",
    "dispositions",
    "passing",
    "desk",
    "mandates",
    "journal",
)


def keys_in_code(catalogue: str) -> set[str]:
    tables = tomllib.loads((FOLDER / f"{catalogue}.toml").read_text(encoding="utf-8")).keys()
    key = re.compile(rf"(?:{'|'.join(tables)})(?:\.[a-z_0-9]+)+")
    texts = (text for path in modules(*PACKAGES) for text in texts_in(path))
    return {text for text in texts if key.fullmatch(text)}


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_sentence_asked_for_exists(catalogue: str) -> None:
    assert keys_in_code(catalogue) - words(catalogue).keys() == set()


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_sentence_that_exists_is_asked_for(catalogue: str) -> None:
    assert words(catalogue).keys() - keys_in_code(catalogue) == set()


def test_asking_for_a_sentence_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="no words"):
        words("operator")["settings.nothing"]
