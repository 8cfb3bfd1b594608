"""The key to the load comes from the settings, and so does what signs its passes."""

from pathlib import Path

import pytest
from redis import Redis

from config import demonstration
from config.settings import Settings
from dispatcher.assembly import SupervisionKeys, assemble
from tests.config.test_settings import environment
from tests.web.supervisors import KEY

OTHER = "0" * 32


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path)


def keys(folder: str, **settings: str) -> SupervisionKeys | None:
    chosen = Settings.read(environment(DATA_DIR=folder, LINES_FILE="", **settings))
    return assemble(chosen, redis=Redis(port=1)).supervision


def test_without_a_key_there_is_nothing_to_sign_with(folder: str) -> None:
    assert keys(folder) is None


def test_another_key_or_another_secret_ends_every_pass(folder: str) -> None:
    made = [
        keys(folder, SUPERVISION_KEY=KEY),
        keys(folder, SUPERVISION_KEY=KEY + "x"),
        keys(folder, SUPERVISION_KEY=KEY, SECRET_KEY=OTHER),
    ]
    again = keys(folder, SUPERVISION_KEY=KEY)

    signing = {each.signing for each in made if each is not None}
    assert len(signing) == 3
    assert {len(each) for each in signing} == {32}
    assert again == made[0]
    assert KEY not in repr(again)


def test_a_demonstration_makes_a_key_of_its_own_each_time() -> None:
    made = [demonstration._settings() for _ in range(2)]

    keys = {Settings.read(each).supervision_key for each in made}
    assert len(keys) == 2
    assert None not in keys
