"""A mark moves forward only, and of those who want to move it first, one does."""

from functools import partial

from dispatcher.store.store import Store
from tests.hands import hands
from tests.store.rows import AT, seconds

ROUNDS = 10


def moves(store: Store, to: float, *, if_before: float | None = None) -> bool:
    before = None if if_before is None else AT + seconds(if_before)
    with store.writing() as tx:
        return tx.marks.move("calls", to=AT + seconds(to), if_before=before)


def stands(store: Store) -> float | None:
    with store.reading() as tx:
        at = tx.marks.find("calls")
    return None if at is None else (at - AT).total_seconds()


def test_a_mark_that_was_never_made_is_made_by_the_first(store: Store) -> None:
    assert stands(store) is None

    assert moves(store, 5, if_before=-100)

    assert stands(store) == 5


def test_a_mark_never_goes_back(store: Store) -> None:
    moves(store, 5)

    assert not moves(store, 4)
    assert not moves(store, 5)
    assert not moves(store, 4, if_before=9)
    assert stands(store) == 5
    assert moves(store, 6.5)
    assert stands(store) == 6.5


def test_a_mark_moved_just_now_is_left_where_it_is(store: Store) -> None:
    moves(store, 5)

    assert not moves(store, 20, if_before=5)
    assert stands(store) == 5
    assert moves(store, 20, if_before=5.001)
    assert stands(store) == 20


def test_of_many_who_would_move_it_at_once_one_does(store: Store) -> None:
    with hands() as together:
        for round in range(ROUNDS):
            at = 60 * round

            moved = together([partial(moves, store, at, if_before=at - 30)] * 4)

            assert sorted(moved) == [False, False, False, True]


def test_marks_of_other_names_are_others(store: Store) -> None:
    moves(store, 5)

    with store.writing() as tx:
        assert tx.marks.find("texts") is None
        assert tx.marks.move("texts", to=AT)

    assert stands(store) == 5
