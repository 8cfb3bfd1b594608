"""Who is told what for a while, and from when to when."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.announcements import Announcement, for_caller, for_everybody, spoken
from dispatcher.domain.territories import Territory
from tests.domain.places import ATLAS, commune

PARIS = "Europe/Paris"
LATE_MAY = Announcement(date(2027, 5, 20), date(2027, 6, 8), "Pour tous.")
HAUTES_ALPES = Territory.parse("departement:05")
GAP = ATLAS.around(commune("05061"))
BREST = ATLAS.around(commune("29019"))
ALL = (
    LATE_MAY,
    replace(LATE_MAY, text="Ici.", territory=HAUTES_ALPES),
    replace(LATE_MAY, text="Démarches.", need=Need.PROCEDURES),
    replace(LATE_MAY, text="Appareils.", need=Need.MEDIATION),
    replace(LATE_MAY, text="Démarches ici.", territory=HAUTES_ALPES, need=Need.PROCEDURES),
)
DURING = datetime(2027, 6, 1, 10, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def texts(announcements: tuple[Announcement, ...]) -> list[str]:
    return [each.text for each in announcements]


def test_the_greeting_has_what_is_for_everybody() -> None:
    assert texts(for_everybody(ALL, at=DURING, zone=PARIS)) == ["Pour tous."]


@pytest.mark.parametrize(
    ("around", "need", "heard"),
    [
        (GAP, Need.PROCEDURES, ["Ici.", "Démarches.", "Démarches ici."]),
        (GAP, Need.MEDIATION, ["Ici.", "Appareils."]),
        (GAP, Need.EITHER, ["Ici.", "Démarches.", "Appareils.", "Démarches ici."]),
        (BREST, Need.PROCEDURES, ["Démarches."]),
        (BREST, Need.MEDIATION, ["Appareils."]),
        ((), Need.EITHER, ["Démarches.", "Appareils."]),  # from nobody knows where
    ],
)
def test_a_caller_hears_what_is_for_their_place_and_their_need(
    around: tuple[Territory, ...], need: Need, heard: list[str]
) -> None:
    assert texts(for_caller(ALL, around, need, at=DURING, zone=PARIS)) == heard


@pytest.mark.parametrize(
    ("territory", "heard"),
    [
        ("commune:05061", True),
        ("commune:05170", False),  # Tallard, in Gap's EPCI
        ("epci:200067825", True),
        ("departement:05", True),
        ("region:93", True),
        ("departement:93", False),  # Seine-Saint-Denis has the code of Gap's région
    ],
)
def test_a_place_is_told_with_all_that_lies_in_it(territory: str, heard: bool) -> None:
    local = replace(LATE_MAY, territory=Territory.parse(territory))

    assert bool(for_caller([local], GAP, Need.EITHER, at=DURING, zone=PARIS)) is heard


@pytest.mark.parametrize(
    ("zone", "at", "on"),
    [
        (PARIS, "2027-05-19T21:59:59", False),
        (PARIS, "2027-05-19T22:00:00", True),
        (PARIS, "2027-06-08T21:59:59", True),
        (PARIS, "2027-06-08T22:00:00", False),
        ("Indian/Reunion", "2027-05-19T19:59:59", False),
        ("Indian/Reunion", "2027-05-19T20:00:00", True),
        ("America/Martinique", "2027-06-09T03:59:59", True),
        ("America/Martinique", "2027-06-09T04:00:00", False),
    ],
)
def test_days_begin_and_end_at_midnight_on_the_lines_clock(zone: str, at: str, on: bool) -> None:
    assert LATE_MAY.is_on(utc(at), zone) is on
    assert bool(for_everybody([LATE_MAY], at=utc(at), zone=zone)) is on
    needed = replace(LATE_MAY, need=Need.MEDIATION)
    assert bool(for_caller([needed], GAP, Need.MEDIATION, at=utc(at), zone=zone)) is on


@pytest.mark.parametrize(
    ("at", "on"),
    [
        ("2027-05-20T15:59:59", False),
        ("2027-05-20T16:00:00", True),
        ("2027-05-21T06:30:00", True),
        ("2027-05-21T06:30:01", False),
    ],
)
def test_times_are_those_of_the_lines_clock_both_included(at: str, on: bool) -> None:
    evening = Announcement(wall("2027-05-20T18:00"), wall("2027-05-21T08:30"), "Ce soir.")

    assert evening.is_on(utc(at), PARIS) is on


def test_a_day_and_a_time_may_be_mixed() -> None:
    morning = Announcement(date(2027, 5, 20), wall("2027-05-20T12:00"), "Ce matin.")
    evening = Announcement(wall("2027-05-20T12:00"), date(2027, 5, 20), "Ce soir.")

    assert morning.is_on(utc("2027-05-19T22:00"), PARIS)
    assert not morning.is_on(utc("2027-05-20T10:01"), PARIS)
    assert evening.is_on(utc("2027-05-20T21:59"), PARIS)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2027-03-28", "2027-03-27T23:00:00", "2027-03-28T21:59:59"),  # 23 hours
        ("2027-10-31", "2027-10-30T22:00:00", "2027-10-31T22:59:59"),  # 25 hours
    ],
)
def test_a_day_on_which_clocks_change_is_announced_whole(day: str, first: str, last: str) -> None:
    sunday = Announcement(date.fromisoformat(day), date.fromisoformat(day), "Aujourd'hui.")

    assert sunday.is_on(utc(first), PARIS)
    assert sunday.is_on(utc(last), PARIS)
    assert not sunday.is_on(utc(first).replace(minute=59, hour=utc(first).hour - 1), PARIS)
    assert not sunday.is_on(utc(last).replace(minute=0, second=0, hour=utc(last).hour + 1), PARIS)


def test_an_hour_shown_twice_is_over_the_first_time() -> None:
    night = Announcement(wall("2027-10-31T01:00"), wall("2027-10-31T02:30"), "Cette nuit.")

    assert night.is_on(utc("2027-10-31T00:30"), PARIS)  # 02:30
    assert not night.is_on(utc("2027-10-31T01:15"), PARIS)  # 02:15 once more


def test_they_are_said_in_their_own_words() -> None:
    said = spoken(for_everybody(ALL, at=DURING, zone=PARIS))

    assert [(say.key, say.values) for say in said] == [("notice", {"text": "Pour tous."})]
