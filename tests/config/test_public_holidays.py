"""Public holidays, where a line is."""

from datetime import date, timedelta

import pytest

from config.public_holidays import PublicHolidays


def of(year: int, zone: str) -> set[str]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return {day.strftime("%m-%d") for day in days if day in PublicHolidays(zone)}


LABOUR_CODE_2027 = {
    "01-01",
    "03-29",
    "05-01",
    "05-06",
    "05-08",
    "05-17",
    "07-14",
    "08-15",
    "11-01",
    "11-11",
    "12-25",
}


def test_france_has_the_eleven_days_of_the_labour_code() -> None:
    assert of(2027, "Europe/Paris") == LABOUR_CODE_2027


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Guadeloupe", "05-27"),
        ("America/Martinique", "05-22"),
        ("America/Cayenne", "06-10"),
        ("Indian/Reunion", "12-20"),
        ("Indian/Mayotte", "04-27"),
    ],
)
def test_an_overseas_departement_has_the_day_slavery_ended_there(zone: str, day: str) -> None:
    assert of(2027, zone) == LABOUR_CODE_2027 | {day}


def test_what_is_no_day_is_no_holiday() -> None:
    assert "2027-05-01" not in PublicHolidays("Europe/Paris")
