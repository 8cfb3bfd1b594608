"""The telephone lines, from the TOML file of ``LINES_FILE`` (``data/lines.toml`` unless set).

One ``[[line]]`` for each, with ``[[line.exception]]`` for days of other hours and
``[[line.announcement]]`` for what callers are told for a while, ``[[line.referral]]`` for numbers
outside to which agents may pass them on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, TypeGuard

from config import line_fields as fields
from config.line_fields import BadField
from config.public_holidays import PublicHolidays
from config.words import words
from dispatcher.domain.announcements import Announcement
from dispatcher.domain.lines import Line, Referral
from dispatcher.domain.schedule import HoursException, OpeningHours

SHIPPED = Path(__file__).parent / "data" / "lines.toml"
PARIS = "Europe/Paris"

Readers = Mapping[str, Callable[[Any], Any]]
BLOCKS = ("exception", "announcement", "referral")
REQUIRED = ("id", "numbers", "public_number", "caller_id", "hours")
LINE: Readers = {
    "id": fields.line_id,
    "numbers": fields.numbers,
    "public_number": fields.public_number,
    "caller_id": fields.carrier_number,
    "timezone": fields.timezone,
    "hours": fields.hours,
    "holidays": fields.holidays,
    "departement": fields.departement,
    "ring_seconds": fields.whole(5, 60),
    "wrap_up_seconds": fields.whole(0, 3600),
    "calls_per_second": fields.whole(1, 100),
    "offers_per_hour": fields.whole(1, 1000),
    "lend_up_to": fields.whole(0, 100),
    "hold_seconds": fields.whole(0, 60),
    "calls_per_number": fields.whole(0, 1000),
    "remember_days": fields.whole(1, 400),
    "booking_days": fields.whole(0, 30),
    "bookings_per_agent": fields.whole(1, 10),
    "callback_windows": fields.hours,
    "regulars_per_day": fields.whole(1, 10_000),
    "regulars_per_structure": fields.whole(1, 1000),
    "voicemail": fields.truth,
    "follow_up_days": fields.whole(0, 30),
}
EXCEPTION: Readers = {
    "from": fields.day,
    "to": fields.day,
    "hours": fields.hours_of_a_day,
    "message": fields.sentence(500),
}
ANNOUNCEMENT: Readers = {
    "from": fields.day_or_time,
    "to": fields.day_or_time,
    "text": fields.sentence(300),
    "territory": fields.territory,
    "need": fields.need,
}

REFERRAL: Readers = {
    "id": fields.line_id,
    "name": fields.sentence(80),
    "number": fields.number_to_ring,
}


class LinesError(Exception):
    """A file of lines that cannot be used; its text names every problem, in French."""


def read_lines(path: Path) -> tuple[Line, ...]:
    """The lines of a file, in its order. Raises LinesError with all that is wrong."""
    problems = _Problems(path)
    tables = _tables(path, problems)
    drafts = [_Draft(table, index, problems) for index, table in enumerate(tables, 1)]
    _refuse_doubles(drafts, problems)
    if problems.found:
        raise LinesError("\n".join(problems.found))
    return tuple(draft.line() for draft in drafts)


class _Problems:
    """The sentences about what is wrong in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.found: list[str] = []

    def add(self, line: str, field: str, wrong: BadField) -> None:
        """Note a problem of one field of a line; of the whole file when ``field`` is empty."""
        what = words("lines")[wrong.key].format_map(wrong.values)
        place = words("lines")["place.field" if field else "place.file"]
        self.found.append(place.format(file=self._path, line=line, field=field, what=what))


class _Draft:
    """One ``[[line]]`` with each of its fields read, where that could be done."""

    def __init__(self, table: Mapping[str, Any], index: int, problems: _Problems) -> None:
        name = table.get("id")
        self.name = name if isinstance(name, str) and name else str(index)
        self._problems = problems
        given = {key: value for key, value in table.items() if key not in BLOCKS}
        self.values = self._read(given, LINE, REQUIRED)
        closed_or_wrong = self.values.get("holidays", "holidays" in given)
        if "departement" in self.values and not closed_or_wrong:
            self.refuse("departement", BadField("departement_unused"))
        self.exceptions = tuple(self._exceptions(table.get("exception", [])))
        for one, other in combinations(self.exceptions, 2):
            if one.first <= other.last and other.first <= one.last:
                self.refuse("exception", BadField("overlap", day=max(one.first, other.first)))
        self.announcements = tuple(self._announcements(table.get("announcement", [])))
        self.referrals = tuple(self._referrals(table.get("referral", [])))

    def refuse(self, field: str, wrong: BadField) -> None:
        """Note that a field is wrong."""
        self._problems.add(self.name, field, wrong)

    def line(self) -> Line:
        """The line, once nothing is wrong."""
        values = dict(self.values)
        zone = values.pop("timezone", PARIS)
        closed, where = values.pop("holidays", False), values.pop("departement", None)
        holidays = _holidays(where, zone) if closed else frozenset[date]()
        hours = OpeningHours(values.pop("hours"), zone, holidays, self.exceptions)
        return Line(
            hours=hours, announcements=self.announcements, referrals=self.referrals, **values
        )

    def _exceptions(self, tables: object) -> Iterator[HoursException]:
        for values in self._blocks("exception", tables, EXCEPTION, ("from",)):
            first, last = values["from"], values.get("to", values["from"])
            if last < first:
                self.refuse("exception.to", BadField("order", first=first, last=last))
            yield HoursException(first, last, values.get("hours"), values.get("message"))

    def _announcements(self, tables: object) -> Iterator[Announcement]:
        required = ("from", "to", "text")
        for values in self._blocks("announcement", tables, ANNOUNCEMENT, required):
            first, last = values.pop("from"), values.pop("to")
            announcement = Announcement(first, last, **values)
            if announcement.ends < announcement.starts:
                self.refuse("announcement.to", BadField("order", first=first, last=last))
            yield announcement

    def _referrals(self, tables: object) -> Iterator[Referral]:
        known: set[str] = set()
        for values in self._blocks("referral", tables, REFERRAL, tuple(REFERRAL)):
            if values["id"] in known:
                self.refuse("referral.id", BadField("double", value=values["id"]))
            known.add(values["id"])
            yield Referral(**values)

    def _blocks(
        self, name: str, tables: object, readers: Readers, required: tuple[str, ...]
    ) -> Iterator[dict[str, Any]]:
        """What each ``[[line.name]]`` says, where all that is required could be read."""
        if not _are_tables(tables):
            self.refuse(name, BadField("tables", name=name))
            return
        for table in tables:
            values = self._read(table, readers, required, inside=f"{name}.")
            if all(field in values for field in required):
                yield values

    def _read(
        self,
        table: Mapping[str, Any],
        readers: Readers,
        required: tuple[str, ...],
        inside: str = "",
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in [*required, *(name for name in table if name not in required)]:
            try:
                values[field] = _value(table, field, readers)
            except BadField as wrong:
                self.refuse(f"{inside}{field}", wrong)
        return values


def _holidays(departement: str | None, zone: str) -> PublicHolidays:
    if departement is None:
        return PublicHolidays.of_zone(zone)
    return PublicHolidays.of_departement(departement)


def _value(table: Mapping[str, Any], field: str, readers: Readers) -> object:
    if field not in readers:
        raise BadField("unknown", known=", ".join(readers))
    if field not in table:
        raise BadField("missing")
    return readers[field](table[field])


def _tables(path: Path, problems: _Problems) -> list[Mapping[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        problems.add("", "", BadField("unreadable"))
    except UnicodeDecodeError:
        problems.add("", "", BadField("not_utf8"))
    except tomllib.TOMLDecodeError as wrong:
        problems.add("", "", BadField("toml", why=wrong))
    else:
        tables = content.pop("line", [])
        if content:
            problems.add("", "", BadField("outside", names=", ".join(sorted(content))))
        if _are_tables(tables) and tables:
            return tables
        problems.add("", "", BadField("no_line"))
    return []


def _are_tables(value: object) -> TypeGuard[list[Mapping[str, Any]]]:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _refuse_doubles(drafts: list[_Draft], problems: _Problems) -> None:
    """Note every id and every number that two lines claim, or one line twice."""
    for field, values in (
        ("id", [(draft.name, draft.values.get("id")) for draft in drafts]),
        ("numbers", [(draft.name, n) for draft in drafts for n in draft.values.get("numbers", ())]),
    ):
        known: set[str] = set()
        for line, value in values:
            if value in known:
                problems.add(line, field, BadField("double", value=value))
            elif value is not None:
                known.add(value)
