"""Mandate logs: what the journal tells of one structure, as a table for French spreadsheets.

An entry belongs to the structure that its fact ``structure`` names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import quote

from dispatcher.domain.journal import Row
from dispatcher.domain.schedule import local

STRUCTURE: Final = "structure"
PARIS: Final = "Europe/Paris"
SHOWN: Final = ("mandate", "procedure", "agent", "result")
"""The facts that have a column of their own; all others share one."""
TITLES: Final = (
    *("column.number", "column.moment", "column.kind"),
    *("column.mandate", "column.procedure", "column.agent", "column.result"),
    *("column.others", "column.hash"),
)
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table(rows: Iterable[Row], words: Mapping[str, str]) -> str:
    """The rows as CSV; ``words``: the titles of its columns."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([words[title] for title in TITLES])
    writer.writerows([harmless(cell) for cell in _cells(row)] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def harmless(cell: str) -> str:
    """What a spreadsheet shows rather than reckons with."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def by_day(rows: Iterable[Row]) -> dict[tuple[str, date], list[Row]]:
    """Rows by structure and by the day of Paris."""
    sorted_out: dict[tuple[str, date], list[Row]] = {}
    for row in rows:
        if structure := row.facts.get(STRUCTURE):
            day = local(row.moment, PARIS).date()
            sorted_out.setdefault((structure, day), []).append(row)
    return sorted_out


def file_name(structure: str, day: date) -> str:
    """The name of a day's file: one for each structure, whatever its id is made of."""
    return f"mandats_{quote(structure, safe='')}_{day.isoformat()}.csv"


def _cells(row: Row) -> Sequence[str]:
    others = sorted(row.facts.keys() - {STRUCTURE, *SHOWN})
    return (
        str(row.seq),
        f"{local(row.moment, PARIS):%d/%m/%Y %H:%M:%S}",
        row.kind,
        *(row.facts.get(name, "") for name in SHOWN),
        " ".join(f"{name}={row.facts[name]}" for name in others),
        row.hash,
    )
