"""Which desks can ring: many pages are one desk, and a silent page is a dead one."""

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.live import keys
from dispatcher.live.board import BoardLost
from dispatcher.live.desks import LIVES_FOR, Beat
from tests.live.boards import NINE, Floor, documented, seconds, somebody, wanted

A_MOMENT = seconds(0.001)
ON_A_PAGE = somebody(awake_until=NINE + LIVES_FOR)
ONE = AgentId(1)


def beats(floor: Floor, page: str = "a", *, after: float = 0, can_ring: bool = True) -> Beat:
    return floor.desks.beat(ONE, page, can_ring=can_ring, at=NINE + seconds(after))


def awake(floor: Floor, *, after: float) -> bool:
    return ONE in floor.desks.awake(at=NINE + seconds(after))


def test_a_page_that_beats_no_more_is_known_to_be_dead_within_twenty_seconds(floor: Floor) -> None:
    beats(floor)
    beats(floor, after=5)

    assert awake(floor, after=19.999)
    assert not awake(floor, after=20)


def test_two_pages_are_one_desk_that_can_ring_while_one_of_them_can(floor: Floor) -> None:
    assert beats(floor, "a") == Beat(could=False, can=True)
    assert beats(floor, "b", can_ring=False) == Beat(could=True, can=True)
    assert beats(floor, "b") == Beat(could=True, can=True)
    assert beats(floor, "a", can_ring=False) == Beat(could=True, can=True)
    assert beats(floor, "b", can_ring=False) == Beat(could=True, can=False)
    assert not awake(floor, after=0)


def test_a_page_that_died_does_not_keep_another_alive(floor: Floor) -> None:
    beats(floor, "a")

    assert beats(floor, "b", after=15, can_ring=False) == Beat(could=False, can=False)
    assert not awake(floor, after=15)


def test_whoever_falls_asleep_is_told_of_once(floor: Floor) -> None:
    beats(floor)

    assert floor.desks.fallen_asleep(at=NINE + LIVES_FOR - A_MOMENT) == frozenset()
    assert floor.desks.fallen_asleep(at=NINE + LIVES_FOR) == {ONE}
    assert floor.desks.fallen_asleep(at=NINE + LIVES_FOR) == frozenset()


def test_nobody_behind_a_dead_page_is_taken_though_the_board_still_shows_them(
    floor: Floor,
) -> None:
    floor.has(ON_A_PAGE)
    dead = NINE + LIVES_FOR
    floor.board.wait("CA2", wanted(), since=NINE, at=NINE)

    assert floor.take("CA1", wanted(), at=dead) is None
    assert floor.match(ON_A_PAGE, at=dead) is None
    assert floor.take("CA1", wanted(), at=dead - A_MOMENT) == 1


def test_a_page_that_falls_silent_does_not_keep_a_telephone_from_ringing(floor: Floor) -> None:
    floor.has(somebody())
    beats(floor)

    assert floor.take("CA1", wanted(), at=NINE + 2 * LIVES_FOR) == 1


def test_every_key_of_a_desk_is_written_down_and_does_not_stay(floor: Floor) -> None:
    beats(floor)

    made = {key.decode() for key in floor.redis.scan_iter()} - {keys.EPOCH}
    assert made == {keys.DESKS, keys.desk(ONE)}
    assert all(documented(key) and 0 < floor.redis.pttl(key) <= 60_000 for key in made)


def test_a_board_that_is_lost_takes_no_beat(floor: Floor) -> None:
    floor.redis.flushdb()

    with pytest.raises(BoardLost):
        beats(floor)
