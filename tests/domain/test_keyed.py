"""What four keys say: a time of day, or a day and its month."""

from datetime import date

import pytest

from dispatcher.domain.keyed import Wrong, read_count, read_day, read_last, read_time

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("digits", "minutes"),
    [("0000", 0), ("0930", 570), ("2359", 1439), ("2400", None), ("0960", None), ("930", None)],
)
def test_four_keys_say_a_time_that_clocks_show(digits: str, minutes: int | None) -> None:
    assert read_time(digits) == minutes


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("2411", TODAY),
        ("2511", date(2026, 11, 25)),
        ("0101", date(2027, 1, 1)),
        ("2310", date(2027, 10, 23)),  # a month ago and a day: next year's
        ("2311", Wrong.OVER),
        ("2410", Wrong.OVER),
        ("3102", Wrong.NO_SUCH_DAY),
        ("2902", Wrong.NO_SUCH_DAY),  # neither year has one
        ("0000", Wrong.NO_SUCH_DAY),
        ("1213", Wrong.NO_SUCH_DAY),
        ("251", Wrong.UNREADABLE),
        ("", Wrong.NOTHING),
    ],
)
def test_four_keys_say_the_next_such_day_of_such_a_month(digits: str, day: date | Wrong) -> None:
    assert read_day(digits, today=TODAY) == day


def test_a_leap_day_is_one_when_the_year_has_it() -> None:
    assert read_day("2902", today=date(2027, 11, 24)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("first", "digits", "last"),
    [
        (date(2026, 12, 24), "2412", date(2026, 12, 24)),
        (date(2026, 12, 24), "0301", date(2027, 1, 3)),
        (date(2027, 10, 20), "0501", date(2028, 1, 5)),  # over two new years
        (date(2026, 12, 24), "2012", Wrong.ORDER),
        (date(2027, 2, 10), "0502", Wrong.ORDER),
        (date(2026, 12, 24), "2311", Wrong.OVER),
        (date(2026, 12, 24), "3102", Wrong.NO_SUCH_DAY),
    ],
)
def test_a_last_day_is_after_the_first_or_asked_again(
    first: date, digits: str, last: date | Wrong
) -> None:
    assert read_last(digits, first=first, today=TODAY) == last


@pytest.mark.parametrize(
    ("digits", "count"), [("02", 2), ("52", 52), ("01", None), ("53", None), ("3", None)]
)
def test_two_keys_say_a_number_of_weeks(digits: str, count: int | None) -> None:
    assert read_count(digits, 52) == count
