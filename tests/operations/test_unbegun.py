"""Of some calls we hear that they ended, and not that they began: the carrier's error was all that the
caller heard.
"""

import pytest

from dispatcher.domain.calls import Outcome
from dispatcher.operations import calls
from tests.operations.desk import Desk, number, sid
from tests.operations.test_reconciling import callbacks, looks, rang
from tests.people import LINE


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def test_a_call_of_which_we_heard_the_end_alone_is_rung_back(desk: Desk) -> None:
    """The carrier's error was all the caller heard; we were back for the report of its end."""
    calls.hang_up(sid(542), desk.services)

    looks(desk, rang(desk))
    looks(desk, rang(desk))

    [callback] = callbacks(desk)
    assert (callback.call, callback.number) == (sid(542), number(42))
    call = desk.call(sid(542))
    assert (call.outcome, call.number) == (Outcome.CALLBACK, number(42))
    with desk.services.store.reading() as tx:
        assert [turn for turn, _, _ in tx.calls.moves(call.sid)] == [0, 1]


def test_a_call_that_began_for_us_after_its_end_is_nobodys_miss(desk: Desk) -> None:
    calls.hang_up(sid(542), desk.services)
    calls.answer(sid(542), LINE, number(42), None, desk.services)

    looks(desk, rang(desk))

    assert callbacks(desk) == []
    assert desk.call(sid(542)).outcome is Outcome.ABANDONED


def test_a_beginning_that_comes_after_the_look_changes_no_promise(desk: Desk) -> None:
    calls.hang_up(sid(542), desk.services)
    looks(desk, rang(desk))

    calls.answer(sid(542), LINE, number(42), None, desk.services)

    assert len(callbacks(desk)) == 1
    assert desk.call(sid(542)).outcome is Outcome.CALLBACK
