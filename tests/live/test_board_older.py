"""A Redis that was started again may have come back older: its board is built again, and nothing is told of it."""

import logging
from collections.abc import Iterator

import pytest
from redis import Redis

from dispatcher.live import keys
from dispatcher.live.board import Board, BoardLost
from tests.live.boards import MINUTE, NINE, Floor, somebody, wanted


def another_run(floor: Floor) -> None:
    """Redis starts again, and brings back what it knew."""
    floor.redis.set(keys.EPOCH, "anotherrun 1763000000000")


def test_a_board_built_in_this_run_of_redis_is_left_as_it_is(floor: Floor) -> None:
    floor.has(somebody())

    assert floor.board.is_current()
    assert not floor.board.begin_rebuild("one")

    assert floor.take("CA1", wanted()) == 1


def test_a_board_of_another_run_is_built_again(floor: Floor) -> None:
    floor.has(somebody())
    another_run(floor)
    assert floor.board.stands(), "the scripts look no closer"

    assert not floor.board.is_current()
    assert floor.board.begin_rebuild("one")
    assert floor.board.on_duty() == {}
    assert floor.board.end_rebuild("one", at=NINE)

    assert floor.board.is_current()


def test_a_board_emptied_is_not_current(floor: Floor) -> None:
    floor.redis.flushdb()

    assert not floor.board.is_current()


def test_a_redis_that_starts_again_during_a_rebuild_has_its_board_built_once_more(
    floor: Floor,
) -> None:
    another_run(floor)
    assert floor.board.begin_rebuild("one")
    floor.redis.set(keys.REBUILDING, "one the-run-before", px=keys.REBUILDING_MILLISECONDS)

    assert floor.board.end_rebuild("one", at=NINE)

    assert not floor.board.is_current()


def test_nothing_is_told_of_an_old_board_while_it_is_cleared(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.has(*(somebody(id) for id in range(1, 40)))
    another_run(floor)
    told: list[str] = []
    unlink = Redis.unlink

    def watched(redis: "Redis", *names: str) -> object:
        try:
            floor.board.assign("CA1", wanted(), lease=NINE + MINUTE, at=NINE)
        except BoardLost:
            told.append("nothing")
        return unlink(redis, *names)

    monkeypatch.setattr(Redis, "unlink", watched)
    floor.board.begin_rebuild("one")

    assert set(told) == {"nothing"}


@pytest.fixture
def secretive(floor: Floor, redis_url: str) -> Iterator[Board]:
    """The same Redis, which tells us no INFO: several services that run a Redis for others do not."""
    floor.redis.acl_setuser(
        "guest", enabled=True, nopass=True, keys=["*"], categories=["+@all"], commands=["-info"]
    )
    with Redis.from_url(redis_url, username="guest", password="any") as redis:
        yield Board(redis)
    floor.redis.acl_deluser("guest")


def test_where_info_is_refused_a_board_that_stands_will_do_and_it_is_said_once(
    floor: Floor, secretive: Board, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert secretive.is_current()
        assert not secretive.begin_rebuild("one")
        another_run(floor)
        assert secretive.is_current()

    assert caplog.text.count("Redis refuses INFO") == 1


def test_where_info_is_refused_a_board_emptied_is_built_again(
    floor: Floor, secretive: Board
) -> None:
    floor.redis.flushdb()

    assert not secretive.is_current()
    assert secretive.begin_rebuild("one")
    assert secretive.end_rebuild("one", at=NINE)

    assert secretive.is_current()
    assert secretive.stands()


def test_who_waits_is_seen_whatever_they_need(floor: Floor) -> None:
    for caller, need in [("CA1", "procedures"), ("CA2", "mediation"), ("callback:k1", "either")]:
        floor.board.wait(caller, wanted(type(wanted().need)(need)), since=NINE, at=NINE)

    assert floor.board.waiting() == {"CA1", "CA2", "callback:k1"}
    floor.board.gone("CA2")
    assert floor.board.waiting() == {"CA1", "callback:k1"}
