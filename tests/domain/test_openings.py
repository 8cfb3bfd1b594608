"""When a closed line opens next, in words."""

from datetime import UTC, datetime

import pytest

from dispatcher.domain.openings import spoken

TUESDAY_EVENING = datetime(2026, 11, 24, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opening", "key", "values"),
    [
        (datetime(2026, 11, 24, 20, tzinfo=UTC), "today", {"hour": 21, "minute": 0}),
        (datetime(2026, 11, 25, 8, 30, tzinfo=UTC), "tomorrow", {"hour": 9, "minute": 30}),
        (datetime(2026, 11, 26, 8, tzinfo=UTC), "day", {"hour": 9, "minute": 0}),
    ],
)
def test_the_hour_is_that_of_the_callers_clock(
    opening: datetime, key: str, values: dict[str, int]
) -> None:
    said = spoken(opening, at=TUESDAY_EVENING, zone="Europe/Paris")

    assert said.key == f"greeting.closed.{key}"
    time = said.values["time"]
    assert not isinstance(time, str | int)
    assert time.values == values


def test_an_evening_in_paris_is_still_today_in_guadeloupe() -> None:
    opening = datetime(2026, 11, 25, 1, tzinfo=UTC)

    said = spoken(opening, at=TUESDAY_EVENING, zone="America/Guadeloupe")

    assert said.key == "greeting.closed.today"


def test_a_line_that_opens_no_more_says_so() -> None:
    assert spoken(None, at=TUESDAY_EVENING, zone="Europe/Paris").key == "greeting.closed.unknown"
