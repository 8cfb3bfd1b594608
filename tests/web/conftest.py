"""An office, and its doors without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, open_office
from tests.web.doors import Doors


@pytest.fixture
def office(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch) as office:
        yield office


@pytest.fixture
def doors(office: Office) -> Doors:
    return Doors(office.app)
