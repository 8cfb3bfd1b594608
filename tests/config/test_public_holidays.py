"""Public holidays, where a line or a person is."""

from datetime import date, timedelta

import pytest

from config.public_holidays import LOCAL, PublicHolidays
from dispatcher.domain.territories import Level, Territory
from dispatcher.domain.zone_names import ZONE_OF_DEPARTEMENT
from tests.domain.places import ATLAS


def of(year: int, holidays: PublicHolidays) -> set[str]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return {day.strftime("%m-%d") for day in days if day.year == year and day in holidays}


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
OWN_2027 = {
    "57": {"03-26", "12-26"},
    "67": {"03-26", "12-26"},
    "68": {"03-26", "12-26"},
    "971": {"05-27"},
    "972": {"05-22"},
    "973": {"06-10"},
    "974": {"12-20"},
    "976": {"04-27"},
    "977": {"10-09"},
    "978": {"05-28"},
    "986": {"04-28", "06-29", "07-29"},
    "987": {"03-05", "03-26", "11-20"},
    "988": {"09-24"},
}
"""The eleven and Alsace-Moselle's: law_and_data.md 5.8."""


def test_france_has_the_eleven_days_of_the_labour_code() -> None:
    assert of(2027, PublicHolidays()) == LABOUR_CODE_2027
    assert of(2027, PublicHolidays.of_zone("Europe/Paris")) == LABOUR_CODE_2027


@pytest.mark.parametrize("code", sorted(OWN_2027))
def test_a_departement_has_its_own_days_besides_and_no_days_of_custom(code: str) -> None:
    assert of(2027, PublicHolidays.of_departement(code)) == LABOUR_CODE_2027 | OWN_2027[code]


@pytest.mark.parametrize("code", ["05", "2A", "54", "69", "88", "90", "975"])
def test_every_other_departement_has_the_eleven(code: str) -> None:
    assert of(2027, PublicHolidays.of_departement(code)) == LABOUR_CODE_2027


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        *((zone, code) for code, zone in ZONE_OF_DEPARTEMENT.items()),
        ("Pacific/Marquesas", "987"),
        ("Pacific/Gambier", "987"),
    ],
)
def test_a_zone_has_the_days_of_the_territory_whose_clocks_it_is(zone: str, code: str) -> None:
    assert PublicHolidays.of_zone(zone) == PublicHolidays.of_departement(code)


@pytest.mark.parametrize(
    ("year", "good_friday"),
    [
        (2024, "03-29"),  # Easter Monday is the first of April
        (2026, "04-03"),
        (2035, "03-23"),
        (2038, "04-23"),  # the latest that Easter can be
        (2285, None),  # beyond what the library knows, and not an error
    ],
)
def test_good_friday_moves_with_easter(year: int, good_friday: str | None) -> None:
    found = of(year, PublicHolidays.of_departement("67"))

    spring = {day for day in found if "03-01" <= day < "04-30"}
    assert spring - of(year, PublicHolidays()) == ({good_friday} if good_friday else set())


def test_every_departement_with_days_of_its_own_exists() -> None:
    assert [code for code in LOCAL if not ATLAS.knows(Territory(Level.DEPARTEMENT, code))] == []


def test_what_is_no_day_is_no_holiday() -> None:
    assert "2027-05-01" not in PublicHolidays()
