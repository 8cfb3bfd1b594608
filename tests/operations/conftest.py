"""A desk for each test, on either database; and one on SQLite where the kind is all one."""

from collections.abc import Iterator

import pytest

from tests.operations.desk import Desk, open_desk


@pytest.fixture
def desk(database_url: str, redis_url: str) -> Iterator[Desk]:
    with open_desk(database_url, redis_url) as desk:
        yield desk


@pytest.fixture
def small_desk(sqlite_url: str, redis_url: str) -> Iterator[Desk]:
    with open_desk(sqlite_url, redis_url) as desk:
        yield desk
