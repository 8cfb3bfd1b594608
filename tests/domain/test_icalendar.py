"""Slots as iCalendar: the events and clocks in it mean, to a reader of others', what we mean."""

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical

from dispatcher.domain.icalendar import write
from dispatcher.domain.occurrences import Pattern, Slot, SlotId
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Timetable

AT = datetime(2026, 11, 25, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
SUMMARY = "Permanence téléphonique"


def written(zone: str, *spans: Span, days: tuple[int, ...] = (1, 6)) -> tuple[str, Timetable]:
    rule = Rule(date(2026, 11, 24), days)
    slots = tuple(Slot(SlotId(str(n)), Pattern(rule, span, zone)) for n, span in enumerate(spans))
    table = Timetable(slots, zone=zone)
    return write(table.occurrences(date(2026, 11, 24), date(2027, 11, 30)), SUMMARY, at=AT), table


def moments(text: str, name: str, zone: str) -> list[datetime]:
    """What another reader makes of these times, by the calendar's own VTIMEZONE."""
    there = tzical(io.StringIO(text)).get(zone)
    found = [line.partition(":")[2] for line in text.split("\r\n") if line.startswith(name)]
    assert found
    return [datetime.strptime(each, "%Y%m%dT%H%M%S").replace(tzinfo=there) for each in found]


@pytest.mark.parametrize(
    "zone", ["Europe/Paris", "Indian/Reunion", "America/Miquelon", "Pacific/Noumea"]
)
def test_each_event_is_when_the_slot_is_through_every_change_of_clocks(zone: str) -> None:
    text, table = written(zone, Span(540, 720), Span(150, 240), Span(1320, 1800))
    meant = table.occurrences(date(2026, 11, 24), date(2027, 11, 30))

    starts = [each.astimezone(UTC) for each in moments(text, "DTSTART;TZID", zone)]
    ends = [each.astimezone(UTC) for each in moments(text, "DTEND;TZID", zone)]

    assert starts == [each.start for each in meant]
    assert ends == [each.end for each in meant]


def test_the_clocks_of_a_zone_are_those_of_the_database() -> None:
    text, _ = written("Europe/Paris", Span(540, 720))
    paris = tzical(io.StringIO(text)).get("Europe/Paris")

    for hours in range(0, 24 * 365, 7):
        at = AT + timedelta(hours=hours)
        assert at.astimezone(paris).utcoffset() == at.astimezone(PARIS).utcoffset(), at
    assert (text.count("BEGIN:DAYLIGHT"), text.count("BEGIN:STANDARD")) == (1, 2)


def test_a_zone_whose_clocks_never_change_has_one_observance() -> None:
    text, _ = written("Indian/Reunion", Span(540, 720))

    assert text.count("BEGIN:STANDARD") == 1
    assert "TZOFFSETFROM:+0400\r\nTZOFFSETTO:+0400\r\n" in text


def test_a_calendar_is_lines_of_75_octets_and_an_empty_one_is_one() -> None:
    text, _ = written("Europe/Paris", Span(540, 720))

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n", "").isprintable()
    assert write((), SUMMARY, at=AT).startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert "VTIMEZONE" not in write((), SUMMARY, at=AT)
    long = write((), "é;" * 60, at=AT)
    assert all(len(line.encode()) <= 75 for line in long.split("\r\n"))
    assert "é\\;" * 60 in long.replace("\r\n ", "")


def test_an_event_keeps_its_name_and_two_slots_have_two() -> None:
    text, _ = written("Europe/Paris", Span(540, 720), Span(840, 900))
    again, _ = written("Europe/Paris", Span(540, 720), Span(840, 900))

    uids = [line for line in text.split("\r\n") if line.startswith("UID")]
    assert len(set(uids)) == len(uids)
    assert text == again
