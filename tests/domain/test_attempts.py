"""When somebody who was not reached is rung again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.attempts import AT_MOST, Miss, is_last, miss, next_after
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import CallSid, LineId, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import OpeningHours, WeeklySlots

PARIS = "Europe/Paris"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # ten in Paris
WINDOWS = WeeklySlots.parse("mon-fri 09:00-12:30 13:30-18:00")
OFFICE = OpeningHours(WINDOWS, PARIS)
CALLBACK = Callback(
    CallbackId("k1"),
    CallSid("CA1"),
    LineId("principale"),
    PhoneNumber("+33199000001"),
    None,
    Need.PROCEDURES,
    Why.ASKED,
    asked_at=TUESDAY,
    place_since=TUESDAY,
    due_at=TUESDAY,
)


def paris(day: int, hour: int, minute: int = 0) -> datetime:
    """In winter time."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tried", "again"),
    [
        (paris(24, 10), paris(24, 13, 30)),  # three hours on, in the afternoon's window
        (paris(24, 12), paris(24, 15)),
        (paris(24, 14), paris(25, 9)),  # the same half-day is no other try
        (paris(24, 17, 50), paris(25, 9)),
        (paris(27, 15), paris(30, 9)),  # over the weekend
    ],
)
def test_the_next_try_is_hours_later_in_another_half_day_within_the_windows(
    tried: datetime, again: datetime
) -> None:
    assert next_after(CALLBACK, OFFICE, at=tried) == again


def test_never_on_a_holiday_of_theirs() -> None:
    hours = replace(OFFICE, holidays=frozenset([date(2026, 11, 25)]))

    assert next_after(CALLBACK, hours, at=paris(24, 15)) == paris(26, 9)


def test_on_their_own_clock() -> None:
    """Ten in Paris is one in the afternoon in Réunion: their afternoon is over at the next try."""
    there = replace(OFFICE, zone="Indian/Reunion")

    again = next_after(CALLBACK, there, at=TUESDAY)

    assert again == datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # nine in Réunion


@pytest.mark.parametrize("attempts", range(AT_MOST))
def test_the_fourth_try_is_the_last(attempts: int) -> None:
    callback = replace(CALLBACK, attempts=attempts)

    again = next_after(callback, OFFICE, at=TUESDAY)

    assert (again is None) is is_last(callback) is (attempts == 3)


def test_nobody_is_rung_a_month_later() -> None:
    asked = replace(CALLBACK, asked_at=TUESDAY - timedelta(days=30))

    assert next_after(asked, OFFICE, at=TUESDAY) is None


def test_windows_that_never_open_end_it() -> None:
    assert next_after(CALLBACK, OpeningHours(WeeklySlots(), PARIS), at=TUESDAY) is None


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        ("no-answer", None, Miss.NO_ANSWER),
        ("busy", 486, Miss.BUSY),
        ("completed", None, Miss.VOICEMAIL),
        ("answered", None, Miss.VOICEMAIL),
        ("failed", 404, Miss.DEAD),
        ("failed", 13224, Miss.DEAD),
        ("failed", 503, Miss.NO_ANSWER),
        ("no-answer", 404, Miss.NO_ANSWER),
        ("canceled", None, None),
        ("", None, Miss.NO_ANSWER),
    ],
)
def test_what_the_carriers_word_says_of_a_telephone(
    status: str, code: int | None, meaning: Miss | None
) -> None:
    assert miss(status, code) is meaning


@pytest.mark.parametrize(
    ("status", "meaning"), [("no-answer", None), ("busy", Miss.BUSY), ("completed", Miss.VOICEMAIL)]
)
def test_an_agent_who_hung_up_while_it_rang_says_nothing_of_the_citizen(
    status: str, meaning: Miss | None
) -> None:
    assert miss(status, None, hung_up=True) is meaning
