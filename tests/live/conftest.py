"""A board in a real Redis for each test."""

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.live.boards import Floor


@pytest.fixture
def floor(redis_url: str) -> Iterator[Floor]:
    with Redis.from_url(redis_url) as redis:
        yield Floor.empty(redis)
