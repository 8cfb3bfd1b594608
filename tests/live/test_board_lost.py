"""Redis may lose the board whole, or half way through a rebuild: until it stands again, nobody is told anything of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.routing import Basket
from dispatcher.domain.territories import FRANCE
from dispatcher.live import keys
from dispatcher.live.board import Board, BoardLost
from dispatcher.live.sight import Before
from tests.live.boards import AROUNDS, MINUTE, NINE, ORCIERES, Floor, somebody, standing, wanted

ASKED: dict[str, Callable[[Board], object]] = {
    "assign": lambda board: board.assign("CA1", wanted(), lease=NINE + MINUTE, at=NINE),
    "match": lambda board: board.match(
        AgentId(1), Skillset.BOTH, cap=9, lease=NINE + MINUTE, at=NINE
    ),
    "free": lambda board: board.free(AgentId(1), at=NINE),
    "wait": lambda board: board.wait("CA1", wanted(), since=NINE, at=NINE),
    "duty": lambda board: board.duty(standing(somebody(), at=NINE), at=NINE),
    "off": lambda board: board.off(AgentId(1)),
    "manned": lambda board: board.manned([Basket(ORCIERES, Skillset.BOTH)]),
    "shape": lambda board: board.shape(AROUNDS[0]),
    "before": lambda board: board.before([Before(FRANCE, Need.PROCEDURES, NINE)]),
    "staff": lambda board: board.staff(AROUNDS[0]),
    "rings": lambda board: board.rings(AROUNDS[0], Need.PROCEDURES),
    "waited_in": lambda board: board.waited_in(),
    "check_stands": lambda board: board.check_stands(),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_board_that_was_emptied_answers_nothing(
    floor: Floor, asked: Callable[[Board], object]
) -> None:
    floor.has(somebody())
    asked(floor.board)
    floor.redis.delete(keys.EPOCH)

    with pytest.raises(BoardLost):
        asked(floor.board)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_redis_that_is_away_is_a_lost_board(
    asked: Callable[[Board], object], tmp_path: Path
) -> None:
    nowhere = Board(Redis.from_url(f"unix://{tmp_path}/nobody.sock"))

    with pytest.raises(BoardLost):
        asked(nowhere)
    for answers in (nowhere.ping, nowhere.is_current, nowhere.waiting):
        with pytest.raises(BoardLost):
            answers()


def test_somebody_who_hangs_up_during_a_rebuild_is_gone_from_it(floor: Floor) -> None:
    floor.redis.flushdb()
    assert floor.board.begin_rebuild("one")
    floor.board.wait("CA1", wanted(), since=NINE, at=NINE, rebuilding=True)

    floor.board.gone("CA1")

    assert floor.board.end_rebuild("one", at=NINE)
    assert floor.board.before([Before(FRANCE, Need.PROCEDURES, NINE + MINUTE)]) == [0]


def test_one_rebuilds_and_the_others_leave_it_to_them(floor: Floor) -> None:
    floor.redis.flushdb()

    assert floor.board.begin_rebuild("one")
    assert not floor.board.begin_rebuild("other")

    assert floor.board.end_rebuild("one", at=NINE)
    assert floor.board.stands()


def test_somebody_who_comes_just_after_a_rebuild_does_not_tear_it_down(floor: Floor) -> None:
    floor.has(somebody())

    assert not floor.board.begin_rebuild("late")

    assert floor.take("CA1", wanted()) == 1
    assert not floor.redis.exists(keys.REBUILDING)


def test_a_board_emptied_while_it_is_rebuilt_does_not_stand_half_built(floor: Floor) -> None:
    floor.redis.flushdb()
    assert floor.board.begin_rebuild("one")
    floor.redis.flushdb()

    assert not floor.board.end_rebuild("one", at=NINE)

    assert not floor.board.stands()
    assert floor.board.begin_rebuild("two")


def test_somebody_too_slow_to_rebuild_does_not_end_the_rebuild_of_another(floor: Floor) -> None:
    floor.redis.flushdb()
    assert floor.board.begin_rebuild("slow")
    floor.redis.delete(keys.REBUILDING)  # its 30 seconds are over
    assert floor.board.begin_rebuild("other")

    assert not floor.board.end_rebuild("slow", at=NINE)

    assert not floor.board.stands()
    assert floor.board.end_rebuild("other", at=NINE)


def test_whoever_begins_has_thirty_seconds(floor: Floor) -> None:
    floor.redis.flushdb()
    floor.board.begin_rebuild("one")

    assert 0 < floor.redis.pttl(keys.REBUILDING) <= keys.REBUILDING_MILLISECONDS == 30_000


def test_a_rebuild_clears_the_old_board_and_nothing_of_others(floor: Floor) -> None:
    floor.has(somebody())
    floor.redis.set("rq:queue:calls", "theirs")
    floor.redis.delete(keys.EPOCH)

    floor.board.begin_rebuild("one")

    assert set(floor.redis.scan_iter()) == {keys.REBUILDING.encode(), b"rq:queue:calls"}
