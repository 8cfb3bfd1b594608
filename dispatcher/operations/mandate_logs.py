"""Mandate logs written out: a file for each structure and day, and any days on demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from dispatcher.carrier import outside
from dispatcher.domain.mandate_logs import PARIS, STRUCTURE, by_day, file_name, table
from dispatcher.domain.schedule import instant, midnight_before
from dispatcher.operations.services import Services

MARK: Final = "mandate_logs"
LATE: Final = timedelta(hours=1)
"""After midnight: what began the day before is over by then."""
THE_BEGINNING: Final = date(2000, 1, 1)


def ask(services: Services) -> None:
    """Have a worker write out the days that are over."""
    if services.archive.logs is not None:
        services.bell.ring("mandate_logs.write", MARK)


def write_days(mark: str, words: Mapping[str, str], services: Services) -> None:
    """Write out every day that is over and was not yet; the same again is the same files.

    The mark is moved when all of them lie there: whoever is killed leaves them to the next.
    """
    folder, until = services.archive.logs, midnight_before(services.now() - LATE, PARIS)
    if mark != MARK or folder is None:
        return
    with services.store.reading() as tx:
        since = tx.marks.find(MARK) or _midnight(THE_BEGINNING)
        days = by_day(tx.journal.between(since, until)) if since < until else {}
    for (structure, day), rows in days.items():
        outside.put(folder, file_name(structure, day), table(rows, words))
    with services.store.writing() as tx:
        tx.marks.move(MARK, to=until)


def extract(
    structure: str, first: date | None, last: date | None, words: Mapping[str, str], of: Services
) -> str:
    """The table of one structure, from its first day to its last; None: whatever there is."""
    since = _midnight(first or THE_BEGINNING)
    until = of.now() + LATE if last is None else _midnight(last + timedelta(days=1))
    with of.store.reading() as tx:
        found = tx.journal.between(since, until)
        return table([row for row in found if row.facts.get(STRUCTURE) == structure], words)


def _midnight(day: date) -> datetime:
    return instant(datetime.combine(day, time()), PARIS)
