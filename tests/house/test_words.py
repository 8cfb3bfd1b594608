"""Every sentence for operators is used, and every sentence used exists."""

import re
import tomllib

import pytest

from config.words import FOLDER, words
from tests.house.sources import PACKAGES, modules, texts_in

WORDS = words("operator")
TABLES = tomllib.loads((FOLDER / "operator.toml").read_text(encoding="utf-8")).keys()
KEY = re.compile(rf"(?:{'|'.join(TABLES)})(?:\.[a-z_0-9]+)+")


def keys_in_code() -> set[str]:
    texts = (text for path in modules(*PACKAGES) for text in texts_in(path))
    return {text for text in texts if KEY.fullmatch(text)}


def test_every_sentence_asked_for_exists() -> None:
    assert keys_in_code() - WORDS.keys() == set()


def test_every_sentence_that_exists_is_asked_for() -> None:
    assert WORDS.keys() - keys_in_code() == set()


def test_asking_for_a_sentence_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="no words"):
        WORDS["settings.nothing"]
