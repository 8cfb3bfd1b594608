"""A CSV file as people's spreadsheets write it: its columns, its rows, and what is wrong there.

Nothing here raises: what is wrong becomes a ``Problem``, and reading goes on with the next row.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

LARGEST = 20_000_000
"""Characters in one file; the national list of houses has 700,000."""
WHOLE_LINE = "-"
"""Stands for the column of a problem that is not one cell's."""
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file, for the words of catalogue ``directory`` at key ``code``.

    ``line`` counts the file's lines from 1 and is where the row begins. ``value`` is the offending
    text, made harmless for a terminal; ``expected`` what could have stood there, when short.
    """

    line: int
    column: str
    code: str
    value: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by column, without the blanks around them."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns a sheet may have, and those it must have.

    With ``open``, other columns are passed over; otherwise each is a problem.
    """

    columns: tuple[str, ...]
    required: tuple[str, ...]
    open: bool = False


class Sheet:
    """One file: its header, then its rows, one problem noted for each that cannot be read."""

    def __init__(self, source: str | bytes) -> None:
        self.problems: list[Problem] = []
        text = self._text(source)
        first = text.lstrip().partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self._lines = self._read()
        self._line, header = next(self._lines, (1, []))
        self.columns = tuple(name.strip().lower() for name in _without_blank_end(header))
        if not self.columns and not self.problems:
            self.problems.append(Problem(1, WHOLE_LINE, "sheet.empty"))

    def rows(self, layout: Layout) -> Iterator[Row]:
        """The rows, blank ones left out; none when the header makes them unreadable."""
        if self.columns and self._has(layout):
            for line, cells in self._lines:
                if (row := self._row(line, cells, layout)) is not None:
                    yield row

    def _text(self, source: str | bytes) -> str:
        try:
            text = source if isinstance(source, str) else source.decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            value = f"0x{error.object[error.start]:02X}"
            self.problems.append(Problem(line, WHOLE_LINE, "sheet.not_utf8", value))
            return ""
        if len(text) > LARGEST:
            self.problems.append(Problem(1, WHOLE_LINE, "sheet.too_large"))
            return ""
        return text.removeprefix("\ufeff")

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not blank, with the line it begins on."""
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                self.problems.append(Problem(line, WHOLE_LINE, "sheet.quotes"))
            else:
                if any(cell.strip() for cell in cells):
                    yield line, cells

    def _has(self, layout: Layout) -> bool:
        """Whether rows can be read; what is wrong with the header is noted."""
        repeated = [name for name, times in Counter(self.columns).items() if times > 1]
        missing = [name for name in layout.required if name not in self.columns]
        unknown = [name for name in self.columns if name not in layout.columns]
        self._note("sheet.repeated_column", repeated)
        self._note("sheet.missing_column", missing)
        if not layout.open:
            self._note("sheet.unknown_column", unknown, expected=", ".join(layout.columns))
        return not repeated and not missing

    def _note(self, code: str, columns: Collection[str], *, expected: str = "") -> None:
        for name in columns:
            column = shown(name) or WHOLE_LINE
            self.problems.append(Problem(self._line, column, code, shown(name), expected))

    def _row(self, line: int, cells: list[str], layout: Layout) -> Row | None:
        wanted = len(self.columns)
        if len(_without_blank_end(cells)) > wanted or len(cells) < wanted:
            found, expected = str(len(cells)), str(wanted)
            self.problems.append(Problem(line, WHOLE_LINE, "sheet.cells", found, expected))
            return None
        named = dict(zip(self.columns, map(str.strip, cells), strict=False))
        return Row(line, {name: named[name] for name in layout.columns if name in named})


def shown(value: str) -> str:
    """A text from outside as a terminal may show it: short, on one line, no control codes."""
    harmless = "".join(sign if sign.isprintable() else "�" for sign in value)
    return harmless if len(harmless) <= _SHOWN else harmless[: _SHOWN - 1] + "…"


def _without_blank_end(cells: list[str]) -> list[str]:
    end = next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)
    return cells[:end]
