"""Two who take one slot, and one who takes what is withdrawn or changed at that very moment."""

from functools import partial

import pytest

from dispatcher.domain.occurrences import Moved
from dispatcher.domain.slots import Span
from dispatcher.domain.stand_ins import State
from dispatcher.operations import stand_ins, swaps, timetables
from dispatcher.operations.swaps import Standing
from tests.hands import hands
from tests.operations.desk import Desk
from tests.operations.swapping import (
    ASKER,
    FREE,
    NEAR,
    THURSDAY,
    asks,
    days,
    every,
    slots,
    stands,
)


@pytest.mark.parametrize("released", [False, True])
def test_of_two_who_take_it_at_once_one_has_it_and_the_other_hears_so(
    desk: Desk, released: bool
) -> None:
    ines, near, free = desk.has(ASKER, NEAR, FREE)
    if released:
        timetables.cancel(ines, slots(desk, ines)[0], desk.services, day=THURSDAY)
        [wanted] = every(desk)
    else:
        wanted = asks(desk, ines)
    takers = [near, free, near, free]

    with hands() as together:
        found = together([partial(swaps.accept, wanted.id, who, desk.services) for who in takers])

    state, taken_by = stands(desk, wanted)
    assert state is State.TAKEN
    assert [seen.standing for seen in found] == [
        Standing.YOURS if who == taken_by else Standing.GONE for who in takers
    ]
    assert sorted([days(desk, near), days(desk, free)]) == [[], [THURSDAY]]
    assert days(desk, ines) == []


def test_taken_and_withdrawn_at_once_it_is_one_of_them_and_somebody_is_there(desk: Desk) -> None:
    ines, near = desk.has(ASKER, NEAR)
    wanted = asks(desk, ines)
    withdraw = partial(stand_ins.withdraw, ines, wanted.slot, THURSDAY, desk.services)

    with hands() as together:
        taken, withdrawn = together(
            [partial(swaps.accept, wanted.id, near, desk.services), withdraw]
        )

    assert taken.standing is (Standing.OVER if withdrawn else Standing.YOURS)
    assert (days(desk, ines), days(desk, near)) == (
        ([THURSDAY], []) if withdrawn else ([], [THURSDAY])
    )


@pytest.mark.parametrize("by", range(3))
def test_taken_and_moved_at_once_it_is_one_of_them(desk: Desk, by: int) -> None:
    ines, near = desk.has(ASKER, NEAR)
    wanted, [slot] = asks(desk, ines), slots(desk, ines)
    to = Moved(THURSDAY, Span(14 * 60, (17 + by) * 60))

    with hands() as together:
        taken, refused = together(
            [
                partial(swaps.accept, wanted.id, near, desk.services),
                partial(timetables.move, ines, slot, THURSDAY, to, desk.services),
            ]
        )

    [slot] = slots(desk, ines)
    if refused is None:
        assert taken.standing is Standing.OVER
        assert (slot.changes[0].to, days(desk, near)) == (to, [])
    else:
        assert taken.standing is Standing.YOURS
        assert (slot.changes[0].to, days(desk, near)) == (None, [THURSDAY])


def test_asked_for_by_many_at_once_it_is_one_request_told_once(desk: Desk) -> None:
    ines, _ = desk.has(ASKER, NEAR)
    [slot] = slots(desk, ines)

    with hands() as together:
        found = together([partial(stand_ins.ask, ines, slot.id, THURSDAY, desk.services)] * 4)

    assert len({each.id for each in found}) == 1
    assert len([job for job, _ in desk.jobs() if job == "mails.send"]) == 1
