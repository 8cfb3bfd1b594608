"""What hours mean on a clock, also on the two nights a year when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.schedule import (
    ALWAYS,
    HoursException,
    OpeningHours,
    WeeklySlots,
    instant,
    local,
    midnight_before,
)
from dispatcher.domain.slots import DAYS
from dispatcher.domain.timetables import Timetable

PARIS = "Europe/Paris"
MINUTE = timedelta(minutes=1)
OFFICE = WeeklySlots.parse("mon-fri 09:00-12:30 13:30-18:00; sat 09:00-12:00")


def there(week: WeeklySlots, zone: str) -> Timetable:
    """These hours as somebody's slots, on the clocks of a place."""
    return Timetable.of_week(week, zone)


def paris(text: str) -> datetime:
    """The moment when clocks in Paris show this; twice shown, the first."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS)).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "covered"),
    [
        ("2026-11-24T08:59:59", False),
        ("2026-11-24T09:00:00", True),
        ("2026-11-24T12:29:59", True),
        ("2026-11-24T12:30:00", False),
        ("2026-11-28T11:59:59", True),  # Saturday
        ("2026-11-28T13:30:00", False),
        ("2026-11-29T10:00:00", False),  # Sunday
    ],
)
def test_a_slot_holds_its_start_and_not_its_end(at: str, covered: bool) -> None:
    assert there(OFFICE, PARIS).covers(paris(at)) is covered


def test_slots_are_in_the_time_of_the_place() -> None:
    noon_in_paris = paris("2026-11-24T12:00")

    assert there(OFFICE, PARIS).covers(noon_in_paris)
    assert not there(OFFICE, "America/Guadeloupe").covers(noon_in_paris)  # 07:00
    assert there(OFFICE, "Indian/Reunion").covers(noon_in_paris)  # 15:00
    assert there(OFFICE, "Indian/Reunion").until(noon_in_paris) == utc("2026-11-24T14:00")
    assert there(OFFICE, "America/Guadeloupe").next_start(noon_in_paris) == utc("2026-11-24T13:00")
    assert there(OFFICE, "Pacific/Noumea").covers(utc("2026-11-27T22:30"))  # Saturday 09:30


def test_an_end_before_its_start_is_on_the_next_day_and_the_week_goes_round() -> None:
    nights = WeeklySlots.parse("sun 22:00-06:00")

    assert there(nights, PARIS).covers(paris("2026-11-30T05:59"))  # Monday
    assert not there(nights, PARIS).covers(paris("2026-11-30T06:00"))
    assert not there(nights, PARIS).covers(paris("2026-11-29T05:00"))
    assert there(nights, PARIS).until(paris("2026-11-29T23:00")) == paris("2026-11-30T06:00")


def test_slots_that_touch_or_overlap_are_one_cover() -> None:
    days = WeeklySlots.parse("mon 20:00-24:00 23:00-01:00; tue 00:00-08:00; tue 08:00-10:00")

    assert there(days, PARIS).until(paris("2026-11-23T21:00")) == paris("2026-11-24T10:00")
    assert there(days, PARIS).next_start(paris("2026-11-23T21:00")) == paris("2026-11-30T20:00")


def test_a_cover_without_end_has_none_and_no_next_start() -> None:
    always = WeeklySlots.parse(ALWAYS)
    at = paris("2026-11-24T10:00")

    assert there(always, PARIS).covers(at)
    assert there(always, PARIS).until(at) is None
    assert there(always, PARIS).next_start(at) is None


def test_nearly_a_whole_week_still_has_its_end() -> None:
    nearly = WeeklySlots.parse("mon-sat 00:00-24:00; sun 00:00-23:59")

    assert there(nearly, PARIS).until(paris("2026-11-23T00:00")) == paris("2026-11-29T23:59")
    assert there(nearly, PARIS).next_start(paris("2026-11-29T23:59")) == paris("2026-11-30T00:00")


def test_nobody_on_has_no_end_and_no_slot_no_start() -> None:
    at = paris("2026-11-24T08:00")

    assert there(OFFICE, PARIS).until(at) is None
    assert there(WeeklySlots(), PARIS).next_start(at) is None
    assert not there(WeeklySlots(), PARIS).covers(at)


def test_the_next_start_is_never_the_present_one() -> None:
    start = paris("2026-11-24T09:00")

    assert there(OFFICE, PARIS).next_start(start - MINUTE) == start
    assert there(OFFICE, PARIS).next_start(start) == paris("2026-11-24T13:30")


def test_the_night_clocks_go_forward_has_an_hour_less() -> None:
    nights = WeeklySlots.parse("sat 22:00-06:00")
    early = WeeklySlots.parse("sun 02:30-05:00")
    skipped = WeeklySlots.parse("sun 02:15-02:45")
    at = paris("2027-03-27T22:00")

    assert there(nights, PARIS).until(at) == at + timedelta(hours=7)
    assert there(early, PARIS).next_start(at) == utc("2027-03-28T01:00")  # clocks jump to 03:00
    assert there(early, PARIS).until(utc("2027-03-28T01:00")) == utc("2027-03-28T03:00")
    assert not there(skipped, PARIS).covers(utc("2027-03-28T01:00"))
    assert there(skipped, PARIS).next_start(at) == paris("2027-04-04T02:15")


def test_the_night_clocks_go_back_has_an_hour_more() -> None:
    nights = WeeklySlots.parse("sat 22:00-06:00")
    until_half_past = WeeklySlots.parse("sun 00:00-02:30")
    at = paris("2027-10-30T22:00")

    assert there(nights, PARIS).until(at) == at + timedelta(hours=9)
    assert there(until_half_past, PARIS).until(utc("2027-10-31T00:00")) == utc("2027-10-31T00:30")
    assert not there(until_half_past, PARIS).covers(utc("2027-10-31T01:15"))  # 02:15 once more
    assert there(WeeklySlots.parse("sun 02:30-04:00"), PARIS).covers(utc("2027-10-31T01:15"))


@pytest.mark.parametrize("sunday", ["2027-03-28", "2027-10-31"])
def test_slots_that_touch_in_the_changed_hour_stay_one(sunday: str) -> None:
    touching = WeeklySlots.parse("sun 00:00-02:30 02:30-05:00")

    assert there(touching, PARIS).until(paris(f"{sunday}T00:10")) == paris(f"{sunday}T05:00")
    assert there(WeeklySlots.parse(ALWAYS), PARIS).until(paris(f"{sunday}T00:10")) is None


def test_a_moment_without_its_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zone"):
        local(datetime(2026, 11, 24, 10), PARIS)  # noqa: DTZ001


def test_local_time_and_back() -> None:
    at = utc("2026-11-24T09:00")

    assert local(at, PARIS).isoformat() == "2026-11-24T10:00:00+01:00"
    assert instant(local(at, PARIS).replace(tzinfo=None), PARIS) == at


minutes = st.integers(0, 24 * 12).map(lambda fives: f"{fives // 12:02}:{fives % 12 * 5:02}")
span = st.tuples(minutes, minutes).filter(lambda pair: pair[0] not in {pair[1], "24:00"})
part = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS), span)
weeks = st.lists(part, max_size=6).map(
    lambda parts: WeeklySlots.parse("; ".join(f"{a}-{b} {s}-{e}" for a, b, (s, e) in parts))
)
near_the_changes = st.builds(
    lambda day, minute: utc(day) + minute * MINUTE,
    st.sampled_from(["2027-03-27", "2027-10-30", "2026-11-24"]),
    st.integers(0, 3 * 24 * 60),
)
zones = st.sampled_from([PARIS, "America/Miquelon", "Indian/Reunion", "Pacific/Noumea"])


def shown(week: WeeklySlots, at: datetime, zone: str) -> bool:
    """Whether a clock on the wall is in a slot, by the plain reading of its hands.

    The second time it shows an hour, it counts as the last instant of the first.
    """
    wall = at.astimezone(ZoneInfo(zone))
    minute = (wall.hour * 60 + wall.minute) if not wall.fold else wall.hour * 60 + 59.999
    today, eve = week.days[wall.weekday()], week.days[wall.weekday() - 1]
    return any(s.start <= minute < s.end for s in today) or any(
        s.start <= minute + 1440 < s.end for s in eve
    )


@given(weeks, near_the_changes, zones)
def test_somebody_is_on_when_the_clock_on_the_wall_says_so(
    week: WeeklySlots, at: datetime, zone: str
) -> None:
    assert there(week, zone).covers(at) is shown(week, at, zone)


@given(weeks, near_the_changes, zones)
def test_a_cover_lasts_exactly_until_its_end_and_the_next_starts_exactly_then(
    week: WeeklySlots, at: datetime, zone: str
) -> None:
    end, start = there(week, zone).until(at), there(week, zone).next_start(at)

    if end is not None:
        steps = int((end - at) / MINUTE)
        assert all(there(week, zone).covers(at + k * MINUTE) for k in range(0, steps, 7))
        assert there(week, zone).covers(end - MINUTE)
        assert not there(week, zone).covers(end)
    if start is not None:
        assert there(week, zone).covers(start)
        assert not there(week, zone).covers(start - MINUTE)
        between = end or at
        steps = int((start - between) / MINUTE)
        assert not any(there(week, zone).covers(between + k * MINUTE) for k in range(0, steps, 7))


CLOSED_AT_CHRISTMAS = HoursException(date(2026, 12, 25), date(2026, 12, 25), None, "Joyeux Noël.")
SHORT_DAYS = HoursException(
    date(2026, 12, 28), date(2026, 12, 31), WeeklySlots.daily("11:00-16:00"), None
)
ARMISTICE = date(2026, 11, 11)
LINE = OpeningHours(OFFICE, PARIS, {ARMISTICE}, (CLOSED_AT_CHRISTMAS, SHORT_DAYS))


def test_a_line_follows_its_week() -> None:
    assert LINE.is_open(paris("2026-11-24T10:00"))
    assert LINE.closes_at(paris("2026-11-24T10:00")) == paris("2026-11-24T12:30")
    assert not LINE.is_open(paris("2026-11-24T12:45"))
    assert LINE.closes_at(paris("2026-11-24T12:45")) is None
    assert LINE.next_opening(paris("2026-11-24T12:45")) == paris("2026-11-24T13:30")


def test_an_open_line_next_opens_now() -> None:
    at = paris("2026-11-24T10:00")

    assert LINE.next_opening(at) == at


def test_between_two_moments_a_line_is_open_in_stretches_cut_to_them() -> None:
    found = LINE.open_between(paris("2026-11-10T10:00"), paris("2026-11-12T09:30"))

    assert [(each.start, each.end) for each in found] == [
        (paris("2026-11-10T10:00"), paris("2026-11-10T12:30")),
        (paris("2026-11-10T13:30"), paris("2026-11-10T18:00")),
        (paris("2026-11-12T09:00"), paris("2026-11-12T09:30")),
    ]


@given(near_the_changes, st.integers(0, 20 * 24 * 60))
def test_whether_a_line_is_open_between_two_moments_is_what_it_is_at_each(
    since: datetime, minutes: int
) -> None:
    until = since + timedelta(minutes=minutes)

    found = LINE.open_between(since, until)

    for step in range(0, minutes, 97):
        at = since + timedelta(minutes=step)
        assert any(each.start <= at < each.end for each in found) == LINE.is_open(at)


def test_a_line_is_closed_on_a_holiday() -> None:
    assert not LINE.is_open(paris("2026-11-11T10:00"))
    assert LINE.next_opening(paris("2026-11-10T18:00")) == paris("2026-11-12T09:00")


def test_an_exception_closes_or_changes_its_days() -> None:
    assert not LINE.is_open(paris("2026-12-25T10:00"))
    assert not LINE.is_open(paris("2026-12-29T10:00"))
    assert LINE.is_open(paris("2026-12-29T13:00"))
    assert LINE.closes_at(paris("2026-12-31T11:00")) == paris("2026-12-31T16:00")
    assert LINE.exception_on(paris("2026-12-25T00:00")) == CLOSED_AT_CHRISTMAS
    assert LINE.exception_on(paris("2026-12-24T23:59")) is None
    assert LINE.next_opening(paris("2026-12-24T18:00")) == paris("2026-12-26T09:00")


def test_an_exception_goes_before_a_holiday() -> None:
    open_anyway = HoursException(ARMISTICE, ARMISTICE, WeeklySlots.daily("10:00-12:00"), None)
    line = OpeningHours(OFFICE, PARIS, {ARMISTICE}, (open_anyway,))

    assert line.is_open(paris("2026-11-11T10:00"))


def test_an_evening_goes_on_past_midnight_into_a_closed_day() -> None:
    line = OpeningHours(WeeklySlots.parse("mon-sun 18:00-02:00"), PARIS, (), (CLOSED_AT_CHRISTMAS,))

    assert line.is_open(paris("2026-12-25T01:00"))
    assert not line.is_open(paris("2026-12-25T19:00"))
    assert line.closes_at(paris("2026-12-24T20:00")) == paris("2026-12-25T02:00")


def test_a_line_always_open_never_closes_but_for_its_exceptions() -> None:
    line = OpeningHours(WeeklySlots.parse(ALWAYS), PARIS, (), (CLOSED_AT_CHRISTMAS,))

    assert line.closes_at(paris("2026-11-24T10:00")) is None
    assert line.closes_at(paris("2026-12-24T10:00")) == paris("2026-12-25T00:00")
    assert line.next_opening(paris("2026-12-25T10:00")) == paris("2026-12-26T00:00")


def test_a_line_that_never_opens_has_no_next_opening() -> None:
    assert OpeningHours(WeeklySlots(), PARIS).next_opening(paris("2026-11-24T10:00")) is None


def test_a_year_of_closure_is_seen_past() -> None:
    closed = HoursException(date(2026, 12, 1), date(2027, 11, 30), None)
    line = OpeningHours(OFFICE, PARIS, (), (closed,))

    assert line.next_opening(paris("2026-12-01T10:00")) == paris("2027-12-01T09:00")


@pytest.mark.parametrize(
    ("at", "zone", "began"),
    [
        ("2026-11-24T09:00:00", PARIS, "2026-11-23T23:00:00"),
        ("2026-11-23T22:59:59", PARIS, "2026-11-22T23:00:00"),
        ("2026-11-23T23:00:00", PARIS, "2026-11-23T23:00:00"),
        ("2026-03-29T12:00:00", PARIS, "2026-03-28T23:00:00"),  # clocks go forward at two
        ("2026-10-25T12:00:00", PARIS, "2026-10-24T22:00:00"),  # and back at three
        ("2026-11-24T09:00:00", "Indian/Reunion", "2026-11-23T20:00:00"),
        ("2026-11-24T02:00:00", "America/Martinique", "2026-11-23T04:00:00"),
        ("2026-03-08T12:00:00", "America/Havana", "2026-03-08T05:00:00"),  # midnight is skipped
    ],
)
def test_a_day_begins_at_midnight_by_the_clocks_of_its_zone(at: str, zone: str, began: str) -> None:
    assert midnight_before(utc(at), zone) == utc(began)
