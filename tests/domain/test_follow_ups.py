"""Until when a follow-up may be booked, and for when."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.follow_ups import When, from_when, is_in_time

PARIS = "Europe/Paris"
ENDED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "days", "offered"),
    [
        (timedelta(0), 1, True),
        (timedelta(hours=37), 1, True),
        (timedelta(hours=38), 1, False),  # past the midnight in Paris that ends the next day
        (timedelta(hours=1), 0, False),
        (timedelta(days=6), 7, True),
    ],
)
def test_a_follow_up_is_booked_until_the_end_of_so_many_days_after(
    later: timedelta, days: int, *, offered: bool
) -> None:
    assert is_in_time(ENDED, days=days, zone=PARIS, at=ENDED + later) is offered


def test_tomorrow_and_in_a_week_are_days_of_the_line() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # already the 25th in Paris

    assert from_when(When.SOON, zone=PARIS, at=late) == late
    assert from_when(When.TOMORROW, zone=PARIS, at=late) == datetime(2026, 11, 25, 23, tzinfo=UTC)
    assert from_when(When.IN_A_WEEK, zone=PARIS, at=late) == datetime(2026, 12, 1, 23, tzinfo=UTC)
