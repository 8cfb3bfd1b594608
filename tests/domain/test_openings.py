"""When a closed line opens next, in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.openings import spoken
from dispatcher.domain.schedule import HoursException, OpeningHours, WeeklySlots

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


PARIS = "Europe/Paris"
OFFICE = "mon-fri 09:00-12:00 13:30-17:00; sun 10:00-12:00"
NIGHTS = "mon-sun 22:00-02:30"
EARLY = "sun 02:30-05:00"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def line(slots: str, zone: str, *exceptions: HoursException) -> OpeningHours:
    return OpeningHours(WeeklySlots.parse(slots), zone, (), exceptions)


@pytest.mark.parametrize(
    ("slots", "zone", "at", "opens", "key", "hour"),
    [
        # Clocks in Paris go from 02:00 to 03:00 at 01:00 UTC on 28 March 2027,
        (OFFICE, PARIS, "2027-03-27T20:00", "2027-03-28T08:00", "tomorrow", 10),
        (OFFICE, PARIS, "2027-03-28T00:30", "2027-03-28T08:00", "today", 10),
        (OFFICE, PARIS, "2027-03-28T10:00", "2027-03-29T07:00", "tomorrow", 9),
        (EARLY, PARIS, "2027-03-27T20:00", "2027-03-28T01:00", "tomorrow", 3),
        (NIGHTS, PARIS, "2027-03-28T01:00", "2027-03-28T20:00", "today", 22),
        # and from 03:00 back to 02:00 at 01:00 UTC on 31 October 2027.
        (OFFICE, PARIS, "2027-10-30T20:00", "2027-10-31T09:00", "tomorrow", 10),
        (OFFICE, PARIS, "2027-10-31T00:30", "2027-10-31T09:00", "today", 10),
        (OFFICE, PARIS, "2027-10-31T11:00", "2027-11-01T08:00", "tomorrow", 9),
        (EARLY, PARIS, "2027-10-30T20:00", "2027-10-31T00:30", "tomorrow", 2),
        (NIGHTS, PARIS, "2027-10-31T01:15", "2027-10-31T21:00", "today", 22),
        # Overseas the day is another, and clocks never change.
        (OFFICE, "Indian/Reunion", "2027-03-28T20:30", "2027-03-29T05:00", "today", 9),
        (OFFICE, "Indian/Reunion", "2027-03-28T19:30", "2027-03-29T05:00", "tomorrow", 9),
        (OFFICE, "America/Martinique", "2027-10-31T01:00", "2027-10-31T14:00", "tomorrow", 10),
        (OFFICE, "America/Martinique", "2027-10-31T04:00", "2027-10-31T14:00", "today", 10),
        (OFFICE, "Pacific/Noumea", "2027-10-30T12:30", "2027-10-30T23:00", "tomorrow", 10),
        (OFFICE, "Pacific/Noumea", "2027-10-31T12:30", "2027-10-31T22:00", "tomorrow", 9),
        (OFFICE, "Pacific/Noumea", "2027-10-29T22:00", "2027-10-30T23:00", "tomorrow", 10),
        (OFFICE, "Pacific/Noumea", "2027-10-29T12:00", "2027-10-30T23:00", "day", 10),
        # Past midnight a night is over, and the next one is today's.
        (NIGHTS, PARIS, "2027-06-01T00:45", "2027-06-01T20:00", "today", 22),
        (NIGHTS, "Pacific/Noumea", "2027-06-01T16:00", "2027-06-02T11:00", "today", 22),
    ],
)
def test_a_closed_line_opens_when_its_own_clock_says_so(
    slots: str, zone: str, at: str, opens: str, key: str, hour: int
) -> None:
    hours = line(slots, zone)

    opening = hours.next_opening(utc(at))

    assert not hours.is_open(utc(at))
    assert opening == utc(opens)
    said = spoken(opening, at=utc(at), zone=zone)
    assert said.key == f"greeting.closed.{key}"
    time = said.values["time"]
    assert not isinstance(time, str | int)
    assert time.values["hour"] == hour


def test_a_closed_day_is_stepped_over_and_says_why_in_its_own_words() -> None:
    bridge = HoursException(date(2027, 5, 7), date(2027, 5, 9), None, "Nous faisons le pont.")
    hours = line(OFFICE, "Indian/Reunion", bridge)
    in_reunion = utc("2027-05-06T20:00")  # Friday 7 May there, and still Thursday in Paris

    assert hours.next_opening(in_reunion) == utc("2027-05-10T05:00")
    assert hours.exception_on(in_reunion) is bridge
    assert hours.exception_on(utc("2027-05-06T19:59")) is None
    said = spoken(hours.next_opening(in_reunion), at=in_reunion, zone="Indian/Reunion")
    assert (said.key, said.values["day"]) == ("greeting.closed.day", 10)


def test_an_evening_after_a_short_day_opens_with_the_usual_hours() -> None:
    short = HoursException(date(2027, 3, 26), date(2027, 3, 26), WeeklySlots.daily("10:00-11:00"))
    hours = line("mon-fri 09:00-12:00", PARIS, short)

    assert hours.next_opening(utc("2027-03-26T07:30")) == utc("2027-03-26T09:00")
    assert hours.next_opening(utc("2027-03-26T12:00")) == utc("2027-03-29T07:00")


weeks = st.sampled_from([OFFICE, NIGHTS, EARLY, "sat 23:00-03:00", "sun 00:00-02:30 03:00-04:00"])
zones = st.sampled_from([PARIS, "America/Miquelon", "Indian/Reunion", "Pacific/Noumea"])
near_the_changes = st.builds(
    lambda day, minute: utc(day) + timedelta(minutes=minute),
    st.sampled_from(["2027-03-13", "2027-03-27", "2027-10-30", "2027-11-06"]),
    st.integers(0, 2 * 24 * 60),
)
closures = st.builds(
    lambda day, hours: HoursException(day, day, hours and WeeklySlots.daily(hours)),
    st.dates(date(2027, 3, 27), date(2027, 3, 30))
    | st.dates(date(2027, 10, 30), date(2027, 11, 2)),
    st.sampled_from([None, "02:15-02:45", "20:00-01:00"]),
)


@given(weeks, zones, near_the_changes, closures)
def test_between_now_and_the_opening_nobody_is_served_and_then_everybody_is(
    slots: str, zone: str, at: datetime, closure: HoursException
) -> None:
    hours = line(slots, zone, closure)

    opening = hours.next_opening(at)

    assert opening is not None
    assert hours.is_open(opening)
    minutes = int((opening - at) / timedelta(minutes=1))
    assert not any(hours.is_open(at + timedelta(minutes=n)) for n in range(0, minutes, 13))
    assert minutes == 0 or not hours.is_open(opening - timedelta(seconds=1))
