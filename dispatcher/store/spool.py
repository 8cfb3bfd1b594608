"""A local folder that keeps numbers while the database is away: to ring back, or not to text."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.vault import Unreadable, Vault

READY: Final = ".json"


@dataclass(frozen=True, slots=True)
class Spooled:
    """Somebody's number, taken down while nothing else worked, under the carrier's name for it."""

    sid: str
    called: str
    number: PhoneNumber
    at: datetime


class Spool:
    """One file for each call or text; the number in it is sealed. The same twice is one file."""

    def __init__(self, folder: Path, vault: Vault, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._vault = vault
        self._now = now

    def put(self, sid: str, called: str, number: PhoneNumber) -> None:
        """Keep a number; on disk for good when this returns. Raises OSError."""
        sealed = self._vault.seal(number)
        assert sealed is not None
        entry = {
            "sid": sid,
            "called": called,
            "number": sealed.hex(),
            "at": self._now().isoformat(),
        }
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f"{sid}.{os.getpid()}.{os.urandom(4).hex()}"
        with open(draft, "w", encoding="utf-8", opener=_private) as file:
            json.dump(entry, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / (sid + READY))
        _sync_folder(self._folder)

    def entries(self) -> Iterator[Spooled]:
        """What is kept, oldest first; a file that cannot be read is left where it is."""
        found = [self._read(path) for path in self._folder.glob("*" + READY)]
        yield from sorted((each for each in found if each is not None), key=lambda each: each.at)

    def _read(self, path: Path) -> Spooled | None:
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            number = self._vault.open(bytes.fromhex(entry["number"]))
            at = datetime.fromisoformat(entry["at"])
            if number is None or at.tzinfo is None:
                return None
            return Spooled(entry["sid"], entry["called"], number, at)
        except (OSError, ValueError, KeyError, TypeError, Unreadable):
            return None

    def done(self, spooled: Spooled) -> None:
        """Forget an entry that SQL has now."""
        (self._folder / (spooled.sid + READY)).unlink(missing_ok=True)

    def dead(self, *, before: datetime) -> list[Path]:
        """Files of which nothing will come, last written up to ``before``: no key opens them, or
        whoever wrote them died first. What can be read is a promise, and never among them.
        """
        return [
            path
            for path in self._folder.glob("*")
            if _written(path) <= before and not (path.suffix == READY and self._read(path))
        ]

    def bury(self, path: Path) -> bool:
        """Remove a dead file; False when somebody else has."""
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        return True


def _written(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
