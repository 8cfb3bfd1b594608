"""The tables of a day's file and their fields, and every problem found in them, with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from config.words import words
from dispatcher.day.fields import BadField, Readers
from dispatcher.domain.cells import BadCell
from dispatcher.domain.sheets import Problem, shown


class DayError(Exception):
    """A file that is no day; its text names every problem, in French."""


class Problems:
    """The sentences about what is wrong in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.found: list[str] = []

    def add(self, place: str, wrong: BadField) -> None:
        """Note a problem of one field, or of the whole file when ``place`` is empty."""
        values = dict(wrong.values)
        if "value" in values:
            values["value"] = shown(str(values["value"]))
        self._note(place, words("day")[wrong.key].format_map(values))

    def add_cell(self, place: str, wrong: BadCell) -> None:
        """Note a problem that the directory's own files know too."""
        said = words("directory")[wrong.code]
        self._note(place, said.format(value=shown(wrong.value), expected=wrong.expected))

    def add_rows(self, path: Path, problems: Iterable[Problem]) -> None:
        """Note the problems of another file."""
        self.found.extend(f"{path}:{each}" for each in said(problems).splitlines())

    def add_text(self, text: str) -> None:
        """Note what another reader says, as it is."""
        self.found.append(text)

    def _note(self, place: str, what: str) -> None:
        key = "day.file.place" if place else "day.file.whole_file"
        self.found.append(words("day")[key].format(file=self._path, place=place, what=what))


def said(problems: Iterable[Problem]) -> str:
    """What is wrong with the rows of a sheet, a line for each."""
    catalogue = words("directory")
    return "\n".join(
        f"{each.line}: {each.column}: "
        + catalogue[each.code].format(value=each.value, expected=each.expected)
        for each in problems
    )


def load(path: Path, problems: Problems) -> dict[str, Any]:
    """The content of the file; nothing when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        key = {
            tomllib.TOMLDecodeError: "day.file.toml",
            UnicodeDecodeError: "day.file.not_utf8",
        }.get(type(wrong), "day.file.unreadable")
        problems.add("", BadField(key, why=wrong))
        return {}


def one_table(content: Mapping[str, Any], name: str, problems: Problems) -> dict[str, Any]:
    """What stands under ``[name]``; nothing when it is not there."""
    value = content.get(name, {})
    if not isinstance(value, dict):
        problems.add(name, BadField("day.file.table", name=f"[{name}]"))
        return {}
    return value


def many_tables(content: Mapping[str, Any], name: str, problems: Problems) -> list[dict[str, Any]]:
    """What stands under every ``[[name]]``."""
    value = content.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        problems.add(name, BadField("day.file.table", name=f"[[{name}]]"))
        return []
    return value


def read(
    table: Mapping[str, Any],
    readers: Readers,
    problems: Problems,
    *,
    place: str = "",
    required: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Every field that could be read; a problem for each of the others, and for each missing."""
    values: dict[str, Any] = {}
    for name in [*required, *(name for name in table if name not in required)]:
        where = f"{place}, {name}" if place else name
        try:
            values[name] = _value(table, name, readers)
        except BadField as wrong:
            problems.add(where, wrong)
        except BadCell as wrong:
            problems.add_cell(where, wrong)
    return values


def _value(table: Mapping[str, Any], name: str, readers: Readers) -> object:
    if name not in readers:
        raise BadField("day.file.unknown", known=", ".join(readers))
    if name not in table:
        raise BadField("day.file.missing")
    return readers[name](table[name])
