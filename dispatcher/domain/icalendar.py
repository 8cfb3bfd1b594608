"""Slots as iCalendar (RFC 5545): what an agent's own calendar program follows.

Each occurrence is an event of its own: rules that programs read differently (even weeks), single
days, holidays and absences are then all the same to them. A start that clocks skip is written as
the time they show instead, and one that they show twice means its first, as the RFC has it too. A
time zone is given as the changes of its clocks around the events, by what the tz database says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from dispatcher.domain.occurrences import Occurrence
from dispatcher.domain.schedule import change_of_clocks, local

LOCAL: Final = "%Y%m%dT%H%M%S"
FOLD_AT: Final = 75
"""Octets of a line, at most."""
_DAY: Final = timedelta(days=1)


def write(occurrences: Sequence[Occurrence], summary: str, *, at: datetime) -> str:
    """A calendar of these, each called ``summary``; ``at``: when it was so."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Permanence//Plages//FR"]
    lines += ["CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_escaped(summary)}"]
    for zone in sorted({each.zone for each in occurrences}):
        there = [each for each in occurrences if each.zone == zone]
        since, until = min(e.start for e in there), max(e.end for e in there)
        lines += _zone(zone, since - _DAY, until + _DAY)
    for each in occurrences:
        lines += _event(each, summary, at)
    return "".join(f"{line}\r\n" for long in [*lines, "END:VCALENDAR"] for line in _folded(long))


def _event(each: Occurrence, summary: str, at: datetime) -> Iterator[str]:
    named = sha256(f"{each.slot}/{each.day}".encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{named}@permanence"
    yield f"DTSTAMP:{at.astimezone(UTC):{LOCAL}}Z"
    yield f"DTSTART;TZID={each.zone}:{local(each.start, each.zone):{LOCAL}}"
    yield f"DTEND;TZID={each.zone}:{local(each.end, each.zone):{LOCAL}}"
    yield f"SUMMARY:{_escaped(summary)}"
    yield "END:VEVENT"


def _zone(zone: str, since: datetime, until: datetime) -> Iterator[str]:
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone}"
    yield from _observance(zone, since, begins="19700101T000000", before=since)
    day = since
    while day < until:
        following = day + _DAY
        if local(day, zone).utcoffset() != local(following, zone).utcoffset():
            change = change_of_clocks(following, day, ZoneInfo(zone))
            before = change - timedelta(seconds=1)
            shown = local(before, zone) + timedelta(seconds=1)
            yield from _observance(zone, change, begins=f"{shown:{LOCAL}}", before=before)
        day = following
    yield "END:VTIMEZONE"


def _observance(zone: str, at: datetime, *, begins: str, before: datetime) -> Iterator[str]:
    """What clocks show from ``at`` on; ``begins`` is that moment on the clocks before it."""
    there = local(at, zone)
    kind = "DAYLIGHT" if there.dst() else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{begins}"
    yield f"TZOFFSETFROM:{local(before, zone):%z}"
    yield f"TZOFFSETTO:{there:%z}"
    yield f"TZNAME:{there.tzname()}"
    yield f"END:{kind}"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most so many octets, no letter cut in two."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > FOLD_AT:
            yield piece
            piece = " "
        piece += letter
    yield piece
