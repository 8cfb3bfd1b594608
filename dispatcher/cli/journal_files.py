"""Files that the journal's commands read and write, and what is said when they cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar

import click

from config.words import words
from dispatcher.cli.opening import Refused
from dispatcher.domain import journal_exports
from dispatcher.domain.journal_exports import BadExport, Exported
from dispatcher.domain.journal_heads import Head
from dispatcher.store.signing import BadKey, PublicKeys

WORDS = words("journal")
FILE: Final = click.Path(path_type=Path)
Said = TypeVar("Said")


def public_keys(files: Iterable[Path]) -> list[str]:
    """The public keys in these files, in PEM. Raises Refused."""
    pems = []
    for file in files:
        pem = "".join(_lines(file))
        try:
            PublicKeys([pem])
        except BadKey as wrong:
            raise Refused(WORDS["file.bad_key"].format(file=file)) from wrong
        pems.append(pem)
    return pems


def opened_export(file: Path) -> Exported:
    """What an export holds. Raises Refused."""
    return _understood(file, journal_exports.read)


def heads(files: Iterable[Path]) -> list[Head]:
    """The heads that came back from outside. Raises Refused."""
    return [head for file in files for head in _understood(file, journal_exports.heads_in)]


def wrote(file: Path, lines: Iterable[str]) -> None:
    """Write these lines, as they are. Raises Refused."""
    try:
        with file.open("w", encoding="utf-8", newline="") as opened:
            opened.writelines(lines)
    except OSError as wrong:
        raise Refused(WORDS["file.unwritable"].format(file=file)) from wrong


def _understood(file: Path, read: Callable[[Iterable[str]], Said]) -> Said:
    try:
        return read(_lines(file))
    except BadExport as wrong:
        said = WORDS["file.bad_line"] if wrong.line else WORDS["file.cut_short"]
        raise Refused(said.format(file=file, line=wrong.line)) from wrong


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as wrong:
        raise Refused(WORDS["file.unreadable"].format(file=file)) from wrong
