"""An office for each scenario: on SQLite, and on both databases where a module asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, open_office


@pytest.fixture
def scenario_url(request: pytest.FixtureRequest) -> str:
    """The database of a scenario; a module may ask for another kind by name."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture
def office(
    scenario_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    with open_office(scenario_url, redis_url, tmp_path, monkeypatch) as office:
        yield office
    assert not office.network.ledger.overlapping_bridges()
