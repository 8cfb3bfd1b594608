"""When somebody means to answer, through every change of clocks, absence and single day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatcher.domain.occurrences import Change, Moved, Pattern, Slot, SlotId
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.schedule import Cover
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence, Timetable, overlaps
from tests.timetables import weekly

PARIS = "Europe/Paris"
TUESDAY = date(2026, 12, 1)
NINE_TO_NOON, TEN_TO_ELEVEN = Span(9 * 60, 12 * 60), Span(10 * 60, 11 * 60)
PATTERN = Pattern(Rule(TUESDAY, (1,)), NINE_TO_NOON)
SLOT = Slot(SlotId("s1"), PATTERN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on_duty(table: Timetable, since: str, until: str, zone: str = PARIS) -> list[str]:
    """The hours of duty as clocks there show them: ``Tue 01 09:00-12:00``."""
    there = ZoneInfo(zone)
    bounds = (datetime.fromisoformat(each).replace(tzinfo=there) for each in (since, until))
    covers = table.on_duty(*bounds)
    return [f"{c.start.astimezone(there):%d %H:%M}-{c.end.astimezone(there):%H:%M}" for c in covers]


def of(*slots: Slot, **facts: object) -> Timetable:
    return Timetable(tuple(slots), **facts)  # type: ignore[arg-type]


def with_days(*changes: Change) -> Timetable:
    return of(replace(SLOT, changes=changes))


DECEMBER = ("2026-12-01", "2026-12-16")
SECOND, THIRD = "08 09:00-12:00", "15 09:00-12:00"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (of(SLOT), ["01 09:00-12:00", SECOND, THIRD]),
        (with_days(Change(TUESDAY)), [SECOND, THIRD]),
        (
            with_days(Change(TUESDAY, Moved(date(2026, 12, 3), TEN_TO_ELEVEN))),
            ["03 10:00-11:00", SECOND, THIRD],
        ),
        (
            with_days(Change(TUESDAY, Moved(TUESDAY, TEN_TO_ELEVEN))),
            ["01 10:00-11:00", SECOND, THIRD],
        ),
        (with_days(Change(date(2026, 12, 2))), ["01 09:00-12:00", SECOND, THIRD]),
        (
            with_days(Change(date(2026, 12, 2), Moved(date(2026, 12, 3), TEN_TO_ELEVEN))),
            ["01 09:00-12:00", SECOND, THIRD],  # no day of its rule: nothing to move
        ),
        (
            with_days(Change(date(2027, 1, 12), Moved(date(2026, 12, 2), TEN_TO_ELEVEN))),
            ["01 09:00-12:00", "02 10:00-11:00", SECOND, THIRD],
        ),
        (of(SLOT, absences=(Absence(date(2026, 12, 7), date(2026, 12, 8)),)),
         ["01 09:00-12:00", THIRD]),
        (of(SLOT, holidays=frozenset({TUESDAY})), [SECOND, THIRD]),
        (
            of(
                replace(SLOT, pattern=replace(PATTERN, holidays=True)),
                holidays=frozenset({TUESDAY}),
            ),
            ["01 09:00-12:00", SECOND, THIRD],
        ),
        (
            of(replace(SLOT, pattern=PATTERN.paused((Span(615, 630),)))),
            [f"{d} {h}" for d in ("01", "08", "15") for h in ("09:00-10:15", "10:30-12:00")],
        ),
        (of(), []),
    ],
)  # fmt: skip
def test_a_slot_with_all_that_may_be_said_of_single_days(table: Timetable, said: list[str]) -> None:
    assert on_duty(table, *DECEMBER) == said


def test_a_slot_past_midnight_belongs_to_its_first_day_and_is_paused_on_the_second() -> None:
    night = Slot(
        SlotId("n"), Pattern(Rule(TUESDAY), Span(22 * 60, 30 * 60), pauses=(Span(60, 90),))
    )

    assert on_duty(of(night), *DECEMBER) == ["01 22:00-01:00", "02 01:30-06:00"]
    away = Absence(date(2026, 12, 2), date(2026, 12, 2))
    assert on_duty(of(night, absences=(away,)), *DECEMBER) == ["01 22:00-00:00"]


SUNDAYS = Rule(date(2027, 1, 3), (6,))


def sunday(start: int, end: int, zone: str = PARIS) -> Timetable:
    return of(Slot(SlotId("d"), Pattern(SUNDAYS, Span(start, end), zone)))


@pytest.mark.parametrize(
    ("day", "start", "end", "covers"),
    [
        # 28 March 2027: 02:00 is followed by 03:00
        ("2027-03-28", 90, 210, [("00:30", "01:30")]),  # 1:30-3:30 lasts one hour
        ("2027-03-28", 150, 240, [("01:00", "02:00")]),  # 2:30 is not shown: the change itself
        ("2027-03-28", 130, 170, []),  # wholly in the hour that is skipped
        ("2027-03-28", 540, 720, [("07:00", "10:00")]),  # nine is nine
        # 31 October 2027: 03:00 is followed by 02:00
        ("2027-10-31", 90, 210, [("23:30", "02:30")]),  # lasts three hours
        ("2027-10-31", 150, 240, [("00:30", "03:00")]),  # 2:30 is shown twice: the first
        ("2027-10-31", 60, 150, [("23:00", "00:30")]),
        ("2027-10-31", 540, 720, [("08:00", "11:00")]),
    ],
)
def test_hours_are_wall_time_through_both_changes_of_clocks(
    day: str, start: int, end: int, covers: list[tuple[str, str]]
) -> None:
    noon = utc(f"{day}T12:00")

    found = sunday(start, end).on_duty(noon - timedelta(hours=16), noon)

    assert [(f"{c.start:%H:%M}", f"{c.end:%H:%M}") for c in found] == covers


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
@pytest.mark.parametrize(
    ("zone", "start"),
    [("Indian/Reunion", "05:00"), ("America/Guadeloupe", "13:00"), ("Pacific/Noumea", "22:00")],
)
def test_overseas_clocks_do_not_change_with_those_of_paris(zone: str, day: str, start: str) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone))

    [cover] = sunday(540, 720, zone).on_duty(noon - timedelta(hours=11), noon + timedelta(hours=1))

    assert (f"{cover.start:%H:%M}", cover.end - cover.start) == (start, timedelta(hours=3))


def test_hours_without_an_end_have_none_and_no_next_start() -> None:
    always = weekly("mon-sun 00:00-24:00")
    at = utc("2026-12-01T10:00")

    assert always.covers(at)
    assert (always.until(at), always.next_start(at)) == (None, None)
    assert always.on_duty(at, at + timedelta(days=1)) == (Cover(at, at + timedelta(days=1)),)


def test_a_slot_once_a_year_ahead_is_found() -> None:
    later = of(Slot(SlotId("l"), Pattern(Rule(date(2027, 11, 2)), NINE_TO_NOON)))

    assert later.next_start(utc("2026-12-01T10:00")) == utc("2027-11-02T08:00")


def test_slots_to_come_are_those_of_this_week_and_the_next() -> None:
    table = of(SLOT, absences=(Absence(date(2026, 12, 8), date(2026, 12, 8)),))

    assert [each.on.day for each in table.to_come(utc("2026-12-01T10:59"))] == [1]
    assert [each.on.day for each in table.to_come(utc("2026-12-01T11:00"))] == []
    assert [each.on.day for each in table.to_come(utc("2026-12-07T11:00"))] == [15]


def test_an_overlap_of_ones_own_slots_is_named_day_by_day() -> None:
    sometimes = Pattern(Rule(TUESDAY, (1,), every=2), Span(11 * 60, 13 * 60))
    touching = Pattern(Rule(TUESDAY, (1,)), Span(12 * 60, 13 * 60))

    found = overlaps(sometimes, of(SLOT), since=TUESDAY, days=30)

    assert [each.on.day for each in found] == [1, 15, 29]
    assert overlaps(touching, of(SLOT), since=TUESDAY) == ()
