"""Whoever was promised a half-hour is rung in it, also when its agent goes away before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatcher.domain.agents import AgentId, Pause, Rests
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.timetables import Absence
from dispatcher.domain.users import Email
from dispatcher.operations import (
    callbacks,
    changes,
    directory,
    duty_reminders,
    seats,
    swaps,
    timetables,
    users,
)
from tests.operations.desk import Desk
from tests.operations.swapping import every, slots, told
from tests.operations.test_bookings import NEXT, ROSE, THURSDAY, asks, comes, free
from tests.people import AGENTS_HEADER, INES, MALO, YANN, ZOE

DAY = THURSDAY.date()
ON, OFF = "thu 13:00-18:00", ""


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def promised(desk: Desk, callback: Callback) -> AgentId | None:
    """Whose half-hour it is, after the minute's round."""
    seats.keep(desk.services)
    with desk.services.store.reading() as tx:
        return tx.seats.agent_of(callback.id)


def slot_removed(desk: Desk, ines: AgentId) -> None:
    timetables.cancel(ines, slots(desk, ines)[0], desk.services)


def day_cancelled(desk: Desk, ines: AgentId) -> None:
    timetables.cancel(ines, slots(desk, ines)[0], desk.services, day=DAY)


def away(desk: Desk, ines: AgentId) -> None:
    timetables.absent(ines, Absence(DAY, DAY), desk.services)


def account_closed(desk: Desk, ines: AgentId) -> None:
    address = Email(INES.email)
    users.create(address, Grant(Role.AGENT, "orcieres"), desk.services)
    assert users.disable(address, desk.services)


def directory_says_otherwise(desk: Desk, ines: AgentId) -> None:
    row = replace(INES, slots="mon 09:00-12:00").row
    assert not directory.import_agents((AGENTS_HEADER + row).encode(), desk.services).problems


def day_over(desk: Desk, ines: AgentId) -> None:
    until = THURSDAY + timedelta(hours=8)
    with desk.services.store.writing() as tx:
        tx.agents.heed(ines, Rests(Pause.DAY_OVER, until), at=desk.at)


@pytest.mark.parametrize(
    "goes",
    [slot_removed, day_cancelled, away, account_closed, directory_says_otherwise, day_over],
)
def test_whoever_else_is_near_keeps_the_promise_of_an_agent_who_goes_away(
    desk: Desk, goes: Callable[[Desk, AgentId], None]
) -> None:
    [ines] = desk.has(replace(INES, slots=ON))
    kept = asks(desk)
    _, zoe, _ = desk.has(replace(INES, slots=ON), replace(ZOE, slots=ON), replace(YANN, slots=ON))
    assert promised(desk, kept) == ines

    goes(desk, ines)

    assert promised(desk, kept) == zoe, "Yann is far"
    assert desk.callback(kept.id) == kept, "for its person nothing changed"
    assert THURSDAY not in free(desk), "both half-hours are spoken for, or gone"


def test_the_other_is_reminded_and_rings_and_whoever_went_is_neither(desk: Desk) -> None:
    ines, zoe = desk.has(replace(INES, slots=ON), replace(ZOE, slots=ON))
    kept = asks(desk)
    gone, there = (ines, zoe) if promised(desk, kept) == ines else (zoe, ines)
    timetables.absent(gone, Absence(DAY, DAY), desk.services)
    assert promised(desk, kept) == there
    told(desk)

    desk.at = THURSDAY - timedelta(minutes=15)
    duty_reminders.remind(desk.services)
    subjects = [subject for _, subject in told(desk)]
    comes(desk)
    callbacks.offer_due(desk.services)

    assert subjects == ["Permanence : un rappel prévu à 14h00"]
    assert desk.only_offer().agent == there


def test_with_nobody_it_stays_due_then_and_whoever_stands_in_has_it(desk: Desk) -> None:
    ines, malo = desk.has(replace(INES, slots=ON), replace(MALO, slots=OFF))
    kept = asks(desk)
    timetables.cancel(ines, slots(desk, ines)[0], desk.services, day=DAY)

    nobody = promised(desk, kept)
    [wanted] = every(desk)
    swaps.accept(wanted.id, malo, desk.services)

    assert nobody is None
    assert desk.callback(kept.id) == kept
    assert promised(desk, kept) == malo


def test_with_nobody_anybody_near_who_came_on_rings_them_at_that_time(desk: Desk) -> None:
    ines, malo = desk.has(replace(INES, slots=ON), replace(MALO, slots=OFF))
    kept = asks(desk)
    away(desk, ines)
    assert promised(desk, kept) is None

    desk.at = THURSDAY
    [agent] = [each for each in desk.roster() if each.id == malo]
    with desk.services.store.writing() as tx:
        tx.agents.heed(malo, agent.comes_on(desk.at), at=desk.at)
    comes(desk)
    callbacks.offer_due(desk.services)

    assert (desk.only_offer().agent, desk.only_offer().callback) == (malo, kept.id)


def test_a_colleague_whose_half_hour_is_taken_is_not_promised_twice(desk: Desk) -> None:
    ines, zoe = desk.has(replace(INES, slots=ON), replace(ZOE, slots=ON))
    both = [asks(desk, replace(ROSE, number=ROSE.number[:-1] + n)) for n in "12"]  # type: ignore[arg-type]
    before = {promised(desk, each) for each in both}

    away(desk, ines)

    assert before == {ines, zoe}
    assert sorted(str(promised(desk, each)) for each in both) == sorted([str(zoe), "None"])


def test_nothing_is_moved_of_an_agent_who_is_there(desk: Desk) -> None:
    ines, zoe = desk.has(replace(INES, slots=ON), replace(ZOE, slots=OFF))
    kept = asks(desk)
    timetables.post(zoe, slots(desk, ines)[0].pattern, desk.services)
    timetables.absent(
        ines, Absence(DAY + timedelta(days=1), DAY + timedelta(days=9)), desk.services
    )

    assert promised(desk, kept) == ines


def test_whoever_wants_another_time_at_that_moment_leaves_no_seat_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines, zoe = desk.has(replace(INES, slots=ON), replace(ZOE, slots=OFF))
    kept = asks(desk)
    away(desk, ines)
    timetables.post(zoe, slots(desk, ines)[0].pattern, desk.services)
    reseat, held_up = seats._reseat, list[seats.Lost]()
    with monkeypatch.context() as patched:
        patched.setattr(seats, "_reseat", lambda lost, _: held_up.append(lost))
        seats.keep(desk.services)
    assert changes.book(kept.id, NEXT, desk.services)

    for lost in held_up:
        reseat(lost, desk.services)

    assert len(held_up) == 1
    assert THURSDAY in free(desk)
    assert promised(desk, kept) == zoe
