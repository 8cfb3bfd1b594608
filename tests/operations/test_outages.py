"""Whoever was on a call while nothing of ours answered is rung back; whoever hung up is not."""

from dataclasses import replace

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.calls import CallSid, Outcome, Step, Why
from dispatcher.operations import calls, sweep
from tests.operations.desk import ORCIERES, QUEUE, Desk, number, sid
from tests.operations.wire import error, state
from tests.people import INES, LINE


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def starts(desk: Desk) -> None:
    """The web process starts again."""
    desk.services = replace(desk.services, up_since=desk.at)


def owed(desk: Desk) -> list[Callback]:
    with desk.services.store.reading() as tx:
        return tx.callbacks.owed()


def asked_for_their_need(desk: Desk) -> CallSid:
    desk.waits(step=Step.NEED, turn=2, waiting_since=None, need=None, queue=None)
    return sid(1)


def test_somebody_cut_off_while_we_started_again_is_rung_back(desk: Desk) -> None:
    rose = asked_for_their_need(desk)
    desk.passes(20)
    starts(desk)
    desk.passes(3)

    calls.hang_up(rose, desk.services)
    calls.hang_up(rose, desk.services)

    [callback] = owed(desk)
    call = desk.call(rose)
    assert call.outcome is Outcome.CALLBACK
    assert (callback.call, callback.number, callback.why) == (rose, number(1), Why.CUT_OFF)
    assert (callback.need, callback.commune) == (Need.EITHER, ORCIERES)
    assert callback.place_since == call.started_at


def test_somebody_who_hangs_up_on_us_is_not(desk: Desk) -> None:
    starts(desk)
    desk.passes(3)
    rose = asked_for_their_need(desk)

    calls.hang_up(rose, desk.services)

    assert owed(desk) == []
    assert desk.call(rose).outcome is Outcome.ABANDONED


def test_nor_is_somebody_of_whom_we_heard_since_we_started(desk: Desk) -> None:
    call = desk.waits()
    desk.passes(5)
    starts(desk)
    desk.passes(5)
    with desk.services.store.writing() as tx:
        tx.calls.see(call.sid, QUEUE, at=desk.at)
    desk.passes(5)

    calls.hang_up(call.sid, desk.services)

    assert owed(desk) == []


def test_nor_somebody_whose_end_comes_long_after_we_started(desk: Desk) -> None:
    rose = asked_for_their_need(desk)
    desk.passes(5)
    starts(desk)
    desk.passes(61)

    calls.hang_up(rose, desk.services)

    assert owed(desk) == []


@pytest.mark.parametrize("step", [Step.TALKING, Step.KEPT, Step.AGENT_MENU])
def test_nor_somebody_who_was_served(desk: Desk, step: Step) -> None:
    call = desk.waits(step=step)
    starts(desk)
    desk.passes(3)

    calls.hang_up(call.sid, desk.services)

    assert [each for each in owed(desk) if each.why is Why.CUT_OFF] == []


def test_somebody_whose_end_nobody_told_us_is_rung_back(desk: Desk) -> None:
    """The carrier's report was lost too: it says so when it is asked, two minutes later."""
    call = desk.waits()
    desk.passes(130)
    desk.wire.will(state("completed"))

    sweep.verify(call.sid, desk.services)

    [callback] = owed(desk)
    assert (callback.why, callback.place_since) == (Why.CUT_OFF, call.waiting_since)


def test_a_masked_caller_cut_off_cannot_be(desk: Desk) -> None:
    call = desk.waits(number=None)
    desk.passes(130)
    desk.wire.will(state("completed"))

    sweep.verify(call.sid, desk.services)

    assert owed(desk) == []
    assert desk.call(call.sid).outcome is Outcome.ABANDONED


def test_somebody_cut_off_while_an_agent_was_rung_holds_nobody(desk: Desk) -> None:
    [ines] = desk.has(INES)
    call, _ = desk.asks()
    desk.passes(5)
    starts(desk)

    calls.hang_up(call, desk.services)

    assert [each.call for each in owed(desk)] == [call]
    assert desk.offers() == []
    assert desk.holder(ines) == ""


def test_an_agent_cut_off_in_their_own_menu_is_not_rung_back(desk: Desk) -> None:
    desk.has(INES)
    calls.answer(sid(7), LINE, INES.number, None, desk.services)  # type: ignore[arg-type]
    desk.passes(5)
    starts(desk)

    calls.hang_up(sid(7), desk.services)

    assert owed(desk) == []


def asked_about(desk: Desk) -> list[str]:
    sweep.check(desk.services)
    return [id for job, id in desk.jobs() if job == "calls.verify"]


def test_whoever_we_did_not_hear_of_since_we_started_is_asked_about_at_once_and_once(
    desk: Desk,
) -> None:
    """The report of an end may have been lost while we were away: nobody stays held for minutes."""
    talking, waiting = desk.waits(step=Step.TALKING), desk.waits()
    desk.passes(20)
    sweep.note_start(desk.services)
    desk.passes(5)
    assert asked_about(desk) == [], "those who wait have yet to ask again"
    with desk.services.store.writing() as tx:
        tx.calls.see(waiting.sid, QUEUE, at=desk.at)
    later = desk.waits(step=Step.NEED)
    desk.passes(15)

    asked = asked_about(desk)

    assert asked == [talking.sid]
    assert later.sid not in asked
    assert asked_about(desk) == []


def test_long_after_a_start_calls_are_asked_about_in_their_own_time(desk: Desk) -> None:
    sweep.note_start(desk.services)
    desk.passes(10)
    call = desk.waits(step=Step.TALKING)
    desk.passes(115)
    assert asked_about(desk) == []
    desk.passes(10)

    assert asked_about(desk) == [call.sid]


@pytest.mark.parametrize(("age", "over"), [(30, False), (125, True)])
def test_a_call_that_the_carrier_does_not_know_yet_is_not_over(
    desk: Desk, age: float, over: bool
) -> None:
    call = desk.waits(step=Step.TALKING)
    desk.passes(age)
    desk.wire.will(error(404, 20404))

    sweep.verify(call.sid, desk.services)

    assert desk.call(call.sid).over is over
