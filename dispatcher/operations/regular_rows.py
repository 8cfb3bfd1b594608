"""Importing regulars: all of a file, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from secrets import token_hex

from dispatcher.domain.calls import LineId, RegularId
from dispatcher.domain.regular_rows import RegularRow, came_to_an_end, read_regulars, too_old
from dispatcher.domain.regulars import CONSENT_HOLDS, Regular
from dispatcher.domain.schedule import instant, local
from dispatcher.domain.sheets import Problem
from dispatcher.operations.directory import Imported
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn


@dataclass(frozen=True, slots=True)
class _Put:
    """What became of one row."""

    new: bool = False
    problem: Problem | None = None


def import_regulars(source: bytes, services: Services, *, dry_run: bool = False) -> Imported:
    """Add or update regulars, by telephone, first name and purpose; nothing changes with any
    problem, or ``dry_run``.
    """
    with services.store.reading() as tx:
        agents = tx.agents.by_email()
    today = local(services.now(), services.lines[0].hours.zone).date()
    lines = [line.id for line in services.lines]
    parsed = read_regulars(
        source, services.atlas, agents, lines, today=today, fiction=services.fiction
    )
    if parsed.problems:
        return Imported(problems=parsed.problems)
    imported = Imported()
    with services.store.writing() as tx:
        put = [_put(row, tx, services) for row in parsed.rows]
        problems, new = tuple(_problems(put)), sum(each.new for each in put)
        imported = Imported(new, len(put) - new, problems)
        if problems or dry_run:
            raise Withdrawn
    return imported


def _problems(put: list[_Put]) -> Iterator[Problem]:
    return (each.problem for each in put if each.problem is not None)


def _put(row: RegularRow, tx: Transaction, services: Services) -> _Put:
    at, regular = services.now(), _regular(row, services)
    known = tx.regulars.of(row.telephone, row.first_name, row.purpose)
    if known is None:
        if regular.consented_at < at - CONSENT_HOLDS:
            return _Put(problem=too_old(row))
        if tx.regulars.add(regular):
            return _Put(new=True)
        known = tx.regulars.of(row.telephone, row.first_name, row.purpose)
    if known is None or not tx.regulars.renew(regular.said_anew(known)):
        return _Put(problem=came_to_an_end(row))
    return _Put()


def _regular(row: RegularRow, services: Services) -> Regular:
    line = services.lines[0] if row.of_line is None else services.line(row.of_line)
    zone, midnight = line.hours.zone, time()
    after = datetime.combine(row.until + timedelta(days=1), midnight)
    return Regular(
        id=RegularId(token_hex(4)),
        line=LineId(line.id),
        number=row.telephone,
        first_name=row.first_name,
        commune=row.commune,
        need=row.need,
        purpose=row.purpose,
        agent=row.agent,
        every_days=row.every_days,
        next_at=services.now(),
        until=instant(after, zone),
        consented_at=instant(datetime.combine(row.consented_on, midnight), zone),
        consent=row.consent,
    )
