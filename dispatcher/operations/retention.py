"""Erasing on schedule: what is outdated goes, and a report says how much of what.

Every row is erased by a statement that asks again whether it is outdated. So two runs at once, or a
run twice, do no harm, and each reports what it did itself.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from dispatcher.domain.retention import Data, Erased, Report
from dispatcher.operations.services import Services
from dispatcher.store.retention import SWEPT, Rows, in_batches
from dispatcher.store.spool import Spool

log = logging.getLogger(__name__)

MARK: Final = "retention"
DAILY: Final = timedelta(hours=23)
"""The clock asks every hour: an hour less than a day keeps the hour of the day."""
AT_MOST: Final = 20_000
"""Rows of one table in one job, which has a minute; what is left goes the next day."""
NO_LIMIT: Final = 2**31 - 1


def ask(services: Services) -> None:
    """Have a worker erase what is outdated, if that was not done today."""
    services.bell.ring("retention.run", MARK)


def run_daily(mark: str, spool: Spool, services: Services) -> None:
    """Erase, unless somebody did within a day."""
    if mark != MARK:
        return
    at = services.now()
    with services.store.writing() as tx:
        claimed = tx.marks.move(mark, to=at, if_before=at - DAILY)
    if claimed:
        run(spool, services, at_most=AT_MOST)


def run(spool: Spool, services: Services, *, dry: bool = False, at_most: int = NO_LIMIT) -> Report:
    """Erase everything that is outdated now, in small steps, and keep the report; with ``dry``
    only count it.
    """
    at = services.now()
    ends = {data: services.periods.end(data, at=at) for data in Data}
    done = [_sweep(data, ends[data], services, dry=dry, at_most=at_most) for data in SWEPT]
    report = Report.of(at, [*done, _bury(spool, ends[Data.SPOOL], dry=dry)])
    if not dry:
        with services.store.writing() as tx:
            tx.retention.keep(token_hex(8), report)
        log.info("erased: %s", ", ".join(f"{each.data} {each.count}" for each in report.erased))
    return report


def last(services: Services) -> Report | None:
    """What the newest run reported."""
    with services.store.reading() as tx:
        return tx.retention.last()


def _sweep(data: Data, before: datetime, services: Services, *, dry: bool, at_most: int) -> Erased:
    # Mails that were written to files go when they do from SQL.
    count = services.post.forget(before=before, dry=dry) if data is Data.MAILS else 0
    for rows in SWEPT[data]:
        with services.store.reading() as tx:
            keys = tx.retention.outdated(rows, before=before, limit=at_most)
        count += len(keys) if dry else _erase(rows, keys, before, services)
    return Erased(data, count, before)


def _erase(rows: Rows, keys: list[tuple[object, ...]], before: datetime, services: Services) -> int:
    count = 0
    for some in in_batches(keys):
        with services.store.writing() as tx:
            count += tx.retention.erase(rows, some, before=before)
    return count


def _bury(spool: Spool, before: datetime, *, dry: bool) -> Erased:
    dead = spool.dead(before=before)
    return Erased(Data.SPOOL, sum(dry or spool.bury(path) for path in dead), before)
