"""How one kind of sheet becomes rows: its columns, their readers, what no two rows may share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from dispatcher.domain.cells import BadCell
from dispatcher.domain.sheets import Layout, Problem, Row, Sheet, shown

T = TypeVar("T")
Readers = Mapping[str, Callable[[str], Any]]
"""What reads each column's cell; raises BadCell."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """The right rows of a file and all its problems; ``columns`` are those of ours that it has."""

    rows: tuple[T, ...]
    problems: tuple[Problem, ...]
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """How one kind of file becomes rows.

    No two rows have the same value in one of the ``keys``; ``rule`` looks at a row as a whole;
    ``called`` has the names of columns that the file's header calls otherwise than we do.
    """

    make: Callable[..., T]
    layout: Layout
    readers: Readers
    keys: tuple[str, ...]
    rule: Callable[[Row], Iterator[Problem]] = lambda _: iter(())
    called: Mapping[str, str] = field(default_factory=dict)

    def of(self, sheet: Sheet) -> Parsed[T]:
        """The rows of ``sheet`` and every problem, in the order of the file's lines."""
        rows: list[T] = []
        problems: list[Problem] = []
        seen: dict[tuple[str, object], int] = {}
        for row in sheet.rows(self.layout):
            values: dict[str, Any] = {"line": row.line}
            wrong = [*self._read(row, values), *self.rule(row), *self._repeated(values, seen)]
            if not wrong:
                rows.append(self.make(**values))
            problems += wrong
        found = sorted([*sheet.problems, *problems], key=lambda problem: problem.line)
        columns = frozenset(name for name in self.readers if self._header(name) in sheet.columns)
        return Parsed(tuple(rows), tuple(found), columns)

    def _read(self, row: Row, values: dict[str, Any]) -> Iterator[Problem]:
        """Read the cells into ``values``; a column that the file does not have counts as empty."""
        for column, reader in self.readers.items():
            header = self._header(column)
            try:
                values[column] = reader(row.cells.get(header, ""))
            except BadCell as wrong:
                value = shown(wrong.value)
                yield Problem(row.line, header, wrong.code, value, wrong.expected)

    def _repeated(
        self, values: Mapping[str, Any], seen: dict[tuple[str, object], int]
    ) -> Iterator[Problem]:
        line = values["line"]
        for column in self.keys:
            value = values.get(column)
            if value is not None and (first := seen.setdefault((column, value), line)) != line:
                value = shown(str(value))
                yield Problem(line, self._header(column), "row.repeated", value, str(first))

    def _header(self, column: str) -> str:
        return self.called.get(column, column)
