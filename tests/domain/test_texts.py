"""What may follow what, where an error of the carrier leads, and until when a text is tried."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.texts import (
    FOLLOWS,
    MOST_TRIES,
    Kind,
    Outcome,
    Reason,
    State,
    Text,
    TextId,
    Verdict,
    alarms,
    came_before,
    outcome,
    verdict,
)

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
TEXT = Text(
    id=TextId("t1"),
    kind=Kind.AGENT_PAUSED,
    number=PhoneNumber("+33639980001"),
    body="Bonjour",
    about="a1",
    created_at=NOON,
    due_at=NOON,
    expires_at=NOON + timedelta(hours=4),
    state=State.SENDING,
    tries=1,
)


@pytest.mark.parametrize(
    ("status", "code", "permanent", "said"),
    [
        (400, 21610, True, Verdict.STOPPED),
        (400, 21614, True, Verdict.CANNOT_RECEIVE),
        (400, 21211, True, Verdict.CANNOT_RECEIVE),
        (None, 30003, True, Verdict.AWAY),
        (429, 20429, False, Verdict.LATER),
        (429, None, False, Verdict.LATER),
        (401, 20003, True, Verdict.LATER),
        (400, 21606, True, Verdict.REFUSED),
        (None, 30007, True, Verdict.REFUSED),
        (500, 20500, False, Verdict.DOUBT),
        (503, None, False, Verdict.DOUBT),
        (408, None, False, Verdict.DOUBT),
        (None, None, False, Verdict.DOUBT),
    ],
)
def test_an_error_leads_where_it_should(
    status: int | None, code: int | None, permanent: bool, said: Verdict
) -> None:
    assert verdict(status=status, code=code, permanent=permanent) is said


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (Verdict.STOPPED, Reason.STOPPED),
        (Verdict.CANNOT_RECEIVE, Reason.CANNOT_RECEIVE),
        (Verdict.REFUSED, Reason.REFUSED),
    ],
)
def test_what_cannot_be_received_fails_for_good(why: Verdict, reason: Reason) -> None:
    assert outcome(TEXT, why, at=NOON) == Outcome(State.FAILED, reason=reason)


def test_a_telephone_switched_off_is_tried_again_in_a_quarter_of_an_hour() -> None:
    later = NOON + timedelta(minutes=15)
    assert outcome(TEXT, Verdict.AWAY, at=NOON) == Outcome(State.WAITING, later)


def test_a_carrier_too_busy_is_asked_again_soon_then_less_and_less_often() -> None:
    waits = [
        due - NOON
        for tries in range(1, MOST_TRIES)
        if (due := outcome(replace(TEXT, tries=tries), Verdict.LATER, at=NOON).due_at)
    ]

    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert len(waits) == MOST_TRIES - 1


@given(
    st.sampled_from([Verdict.LATER, Verdict.AWAY]),
    st.integers(1, 12),
    st.integers(-60, 600),
)
def test_nothing_is_tried_again_once_it_has_expired_or_for_ever(
    why: Verdict, tries: int, minutes: int
) -> None:
    text = replace(TEXT, tries=tries, expires_at=NOON + timedelta(minutes=minutes))

    found = outcome(text, why, at=NOON)

    if found.due_at is None:
        assert (found.state, found.reason) == (State.FAILED, Reason.GIVEN_UP)
    else:
        assert found.state is State.WAITING
        assert NOON < found.due_at < text.expires_at
        assert tries < MOST_TRIES


def test_what_failed_or_was_dropped_is_over_and_only_what_waits_is_dropped() -> None:
    assert FOLLOWS.keys() == set(State)
    assert not FOLLOWS[State.FAILED]
    assert not FOLLOWS[State.DROPPED]
    assert came_before(State.DROPPED) == {State.WAITING}
    assert came_before(State.SENDING) == {State.WAITING}


@pytest.mark.parametrize(
    ("count", "reached"),
    [
        (49, ()),
        (50, (50,)),
        (79, (50,)),
        (80, (50, 80)),
        (100, (50, 80, 100)),
        (130, (50, 80, 100)),
    ],
)
def test_alarms_are_reached_at_their_share_of_the_cap(count: int, reached: tuple[int, ...]) -> None:
    assert alarms(count, 100) == reached
