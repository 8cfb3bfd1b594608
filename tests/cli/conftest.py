"""An office whose operator types commands: in this process, and on its clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.operators import Operator
from tests.office import Office, open_office


@pytest.fixture
def desk_url(request: pytest.FixtureRequest) -> str:
    """The database of the office; a module may ask for another kind by name."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture
def office(
    desk_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    with open_office(desk_url, redis_url, tmp_path, monkeypatch) as office:
        yield office


@pytest.fixture
def operator(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    return Operator(office, tmp_path, monkeypatch)
