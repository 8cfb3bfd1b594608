"""What somebody wishes of their callback, against the windows there are."""

from datetime import UTC, date, datetime

import pytest

from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.domain.wishes import Part, halves_ahead

WINDOWS = WeeklySlots.parse("mon-fri 09:00-12:30 13:30-18:00")
PARIS = "Europe/Paris"
FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "left"),
    [
        (Part.ANY, "mon-fri 09:00-12:30 13:30-18:00"),
        (Part.MORNING, "mon-fri 09:00-12:30"),
        (Part.AFTERNOON, "mon-fri 13:30-18:00"),
    ],
)
def test_a_part_leaves_of_the_windows_what_is_in_it(part: Part, left: str) -> None:
    assert part.within(WINDOWS) == WeeklySlots.parse(left)
    assert part.has_some_of(WINDOWS)


def test_windows_that_run_through_noon_are_cut_there() -> None:
    through = WeeklySlots.parse("mon 10:00-16:00")

    assert Part.MORNING.within(through) == WeeklySlots.parse("mon 10:00-13:00")
    assert Part.AFTERNOON.within(through) == WeeklySlots.parse("mon 13:00-16:00")


def test_windows_that_run_through_midnight_are_cut_on_both_days() -> None:
    night = WeeklySlots.parse("mon 22:00-06:00")

    evening = OpeningHours(Part.AFTERNOON.within(night), PARIS)
    early = OpeningHours(Part.MORNING.within(night), PARIS)
    assert evening.next_opening(FRIDAY) == datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
    assert early.next_opening(FRIDAY) == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)


def test_a_part_of_which_the_windows_have_nothing_leaves_them_whole() -> None:
    mornings = WeeklySlots.parse("mon-fri 09:00-12:00")

    assert not Part.AFTERNOON.has_some_of(mornings)
    assert Part.AFTERNOON.within(mornings) == mornings


def test_the_half_days_to_come_leave_out_days_on_which_nobody_is_rung() -> None:
    off = frozenset({date(2026, 11, 30)})
    windows = WeeklySlots.parse("mon-thu 09:00-12:30 13:30-18:00; sat 09:00-12:00")

    halves = list(halves_ahead(OpeningHours(windows, PARIS, off), at=FRIDAY))

    assert [(each.day.isoformat(), each.part.value) for each in halves] == [
        ("2026-11-28", "morning"),
        ("2026-12-01", "morning"),
        ("2026-12-01", "afternoon"),
        ("2026-12-02", "morning"),
        ("2026-12-02", "afternoon"),
        ("2026-12-03", "morning"),
        ("2026-12-03", "afternoon"),
    ]
    assert halves[0].opens_at == datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


def test_half_days_are_those_of_the_clock_there() -> None:
    reunion = OpeningHours(WINDOWS, "Indian/Reunion")

    first = next(halves_ahead(reunion, at=datetime(2026, 11, 24, 21, 0, tzinfo=UTC)))

    assert first.day == date(2026, 11, 26), "it is the 25th there by now"
    assert first.opens_at == datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
