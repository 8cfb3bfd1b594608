"""A store of one test's own, on either database."""

from collections.abc import Iterator

import pytest

from dispatcher.store.database import connect
from dispatcher.store.store import Store
from tests.office import vault


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    engine = connect(database_url)
    yield Store(engine, vault())
    engine.dispose()
