"""An office for each scenario."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, open_office


@pytest.fixture
def office(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch) as office:
        yield office
    assert not office.network.ledger.overlapping_bridges()
