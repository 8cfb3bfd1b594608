"""How an offer ends, what its end says of the agent, and how long they rest from that caller."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.agents import AgentId, Past
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, OfferId, Step
from dispatcher.domain.channels import Via
from dispatcher.domain.offers import (
    REST,
    REST_OTHERWISE,
    UNREACHABLE_FOR,
    End,
    Offer,
    callback_of,
    end_at_hang_up,
    end_of_ring,
    lease,
    lease_at_pick_up,
    no_such_number,
    outage,
    rest_after,
    resting,
    waiter_of,
)

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OFFER = Offer(OfferId("o1"), AgentId(1), NINE, NINE, call=CallSid("CA1"))


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ("no-answer", End.NO_ANSWER),
        ("busy", End.BUSY),
        ("failed", End.FAILED),
        ("canceled", End.CALLER_GONE),
        ("completed", End.NO_KEY),
        ("answered", End.NO_KEY),
    ],
)
def test_the_carriers_last_word_on_a_ring(status: str, end: End) -> None:
    assert end_of_ring(OFFER, status) is end
    assert end_of_ring(replace(OFFER, declined_at=NINE), status) is End.DECLINED


@pytest.mark.parametrize("end", End)
def test_a_miss_needs_a_ring_that_was_reached(end: End) -> None:
    never_rang, rang = replace(OFFER, end=end), replace(OFFER, end=end, ringing_at=NINE)

    assert not never_rang.past.missed
    assert rang.past.missed is (end in {End.NO_ANSWER, End.NO_KEY})


@pytest.mark.parametrize("code", [13224, 404, 410, 484, 604])
def test_a_number_that_does_not_exist_is_known_by_its_failure(code: int) -> None:
    failed = replace(OFFER, end=End.FAILED, carrier_code=code)

    assert failed.past == Past(missed=False, no_such_number=True)
    assert not replace(failed, end=End.BUSY).past.no_such_number


@pytest.mark.parametrize("code", [None, 0, 200, 403, 408, 480, 486, 487, 503, 603, 13225])
def test_any_other_answer_says_nothing_of_the_number(code: int | None) -> None:
    assert not no_such_number(code)


def test_a_hang_up_is_an_answer_only_from_a_talk() -> None:
    assert end_at_hang_up(Step.TALKING) is End.ANSWERED
    for step in set(Step) - {Step.TALKING}:
        assert end_at_hang_up(step) is End.CALLER_GONE


def test_a_lease_is_about_a_minute_and_more_once_somebody_picked_up() -> None:
    assert lease(ring_seconds=15, at=NINE) == NINE + timedelta(seconds=60)
    assert lease_at_pick_up(at=NINE) == NINE + timedelta(seconds=75)


@pytest.mark.parametrize("end", End)
def test_a_caller_is_not_offered_to_the_same_agent_again_at_once(end: End) -> None:
    rest = REST.get(end, REST_OTHERWISE)
    ended = [(AgentId(1), end, NINE)]

    assert resting(ended, at=NINE + rest - timedelta(seconds=1)) == {1}
    assert resting(ended, at=NINE + rest) == frozenset()


def test_the_longest_rest_of_several_counts() -> None:
    ended = [(AgentId(1), End.DECLINED, NINE), (AgentId(1), End.BUSY, NINE)]

    assert resting(ended, at=NINE + timedelta(minutes=5)) == {1}


def test_a_waiter_is_a_call_or_a_callback_and_can_be_told_apart() -> None:
    callback = replace(OFFER, call=None, callback=CallbackId("k1"))

    assert callback_of(waiter_of(OFFER)) is None
    assert waiter_of(OFFER) == "CA1"
    assert callback_of(waiter_of(callback)) == "k1"


def test_three_agents_failing_at_once_are_the_carriers_trouble() -> None:
    one, two, three = (AgentId(id) for id in (1, 2, 3))

    assert not outage([one, one, one, two])
    assert outage([one, two, three])


@pytest.mark.parametrize(
    ("end", "rest"),
    [
        (End.BUSY, UNREACHABLE_FOR),
        (End.FAILED, UNREACHABLE_FOR),
        (End.NO_ANSWER, timedelta(0)),
        (End.DECLINED, timedelta(0)),
        (End.CALLER_GONE, timedelta(0)),
    ],
)
def test_only_who_talked_or_could_not_be_rung_is_left_alone(end: End, rest: timedelta) -> None:
    wrap_up = timedelta(seconds=45)

    assert rest_after(replace(OFFER, end=end, closed_at=NINE), wrap_up=wrap_up) == rest
    talked = replace(OFFER, end=End.ANSWERED, accepted_at=NINE, closed_at=NINE)
    assert rest_after(talked, wrap_up=wrap_up) == wrap_up


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "completed"])
def test_whoever_refuses_in_a_browser_passes_the_call_on(status: str) -> None:
    in_browser = replace(OFFER, via=Via.BROWSER)

    assert (end_of_ring(in_browser, status) is End.DECLINED) is (status == "busy")


def test_a_browser_that_cannot_be_reached_says_nothing_of_a_number() -> None:
    failed = replace(OFFER, end=End.FAILED, carrier_code=404, via=Via.BROWSER)

    assert not failed.past.no_such_number
