"""The journal as a file that anybody may check: one JSON object to a line (docs/journal.md).

Also heads as they are sent outside: lines of the same form, in a file of their own or in a mail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from dispatcher.domain.journal import FORMAT, Row
from dispatcher.domain.journal_heads import Head

_TYPES: Final = {"int": int, "str": str, "Mapping[str, str]": dict}


class BadExport(ValueError):
    """A file that cannot be read: at this line; 0: it ends before its last line."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds."""

    rows: tuple[Row, ...]
    heads: tuple[Head, ...]


def written(rows: Iterable[Row], heads: Iterable[Head]) -> Iterator[str]:
    """The lines of an export."""
    yield _line({"format": FORMAT})
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007  it is told at the end
        yield _line({"row": asdict(row)})
    for head in heads:
        yield head_line(head)
    yield _line({"end": count})


def head_line(head: Head) -> str:
    """A head, as it is sent outside."""
    return _line({"head": asdict(head)})


def read(lines: Iterable[str]) -> Exported:
    """What an export says. Raises BadExport."""
    rows, heads, ended = [], [], False
    for number, line in enumerate(lines, start=1):
        match _read(line, number):
            case {"format": said} if number == 1 and said == FORMAT:
                continue
            case {"row": dict() as row} if number > 1:
                rows.append(_made(Row, row, number))
            case {"head": dict() as head} if number > 1:
                heads.append(_made(Head, head, number))
            case {"end": count} if count == len(rows):
                ended = True
            case _:
                raise BadExport(number)
    if not ended:
        raise BadExport(0)
    return Exported(tuple(rows), tuple(heads))


def heads_in(lines: Iterable[str]) -> list[Head]:
    """The heads among what a file or a mail says; other lines mean nothing. Raises BadExport."""
    found = []
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith('{"head"'):
            match _read(line, number):
                case {"head": dict() as head}:
                    found.append(_made(Head, head, number))
                case _:
                    raise BadExport(number)
    return found


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def _read(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as wrong:
        raise BadExport(number) from wrong


def _made(of: type[Any], said: dict[str, Any], number: int) -> Any:
    """What a line says, with each of its members and no other."""
    wanted = {each.name: _TYPES[str(each.type)] for each in fields(of)}
    fits = said.keys() == wanted.keys() and all(
        type(said[name]) is kind for name, kind in wanted.items()
    )
    if not fits:
        raise BadExport(number)
    return of(**said)
