"""Sentences that somebody recorded: sound files of one folder, played where the voice would speak.

A file bears its sentence's title: the sentence's key and, where that has holes, what fills them, in
their order: ``greeting.wav``, ``ask.commune.choice~gap~1.wav``. docs/enregistrements.md says it to
whoever records.
"""

from __future__ import annotations

import logging
import os
import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Final

log = logging.getLogger(__name__)

MIMETYPES: Final = {".mp3": "audio/mpeg", ".wav": "audio/wav"}
"""Of two files with one title the WAV is played: Twilio advises against an MP3 inside a question,
since it has to be turned into what a telephone plays.
"""
SPOKEN_ALWAYS: Final = frozenset({"number", "name"})
"""Holes whose sentence no file replaces: its address would hold a number, or somebody's name."""

_FILE: Final = re.compile(r"[a-z0-9_.-]+(~[a-z0-9-]*)*\.(mp3|wav)", re.IGNORECASE)
_SETTLED: Final = 2_000_000_000
"""Nanoseconds. A folder that changed so lately may change again and keep its date."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound file of the folder."""

    path: Path

    @property
    def mimetype(self) -> str:
        """Its content type."""
        return MIMETYPES[self.path.suffix.lower()]

    def version(self) -> str | None:
        """A short text that is another when the file is; None when it is gone."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return f"{found.st_mtime_ns:x}-{found.st_size:x}"


class Sounds:
    """The sound files of a folder; none without one."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._read: tuple[int | None, Mapping[str, Sound]] = (None, {})

    def listed(self) -> Mapping[str, Sound]:
        """Every sound by its title. The folder is read again only when its date is another."""
        if self._folder is None:
            return {}
        read_at, listed = self._read
        try:
            changed_at = self._folder.stat().st_mtime_ns
            if changed_at == read_at:
                return listed
            listed = {path.stem.lower(): Sound(path) for path in _playable(self._folder)}
        except OSError as error:
            if listed:
                log.warning("the sounds cannot be read any more: %s", type(error).__name__)
            self._read = (None, {})
            return {}
        settled = time.time_ns() - changed_at > _SETTLED
        self._read = (changed_at if settled else None, listed)
        return listed

    def find(self, file: str) -> Sound | None:
        """The listed sound whose file is called so."""
        return next((sound for sound in self.listed().values() if sound.path.name == file), None)


def title(key: str, sentence: str, values: Mapping[str, str]) -> str | None:
    """The title of a sentence filled with these values; None when it is always spoken."""
    names = holes(sentence)
    if SPOKEN_ALWAYS.intersection(names):
        return None
    return "~".join([key, *(_folded(values[name]) for name in names)])


def holes(sentence: str) -> tuple[str, ...]:
    """The names of what a sentence is filled with, each once, in their order."""
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(sentence) if name))


def _folded(value: str) -> str:
    """Words of small letters without accents, and digits, joined by ``-``."""
    small = unicodedata.normalize("NFKD", value.lower().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(sign for sign in small if unicodedata.category(sign) != "Mn")
    return "-".join(re.findall("[a-z0-9]+", bare))


def _playable(folder: Path) -> Iterator[Path]:
    """The files of sound that lie in the folder itself, WAV files last."""
    home = folder.resolve()
    for path in sorted(folder.iterdir(), key=lambda path: (path.suffix.lower(), path.name)):
        if not _FILE.fullmatch(path.name) or not path.resolve().is_relative_to(home):
            continue
        if path.is_file() and os.access(path, os.R_OK) and _is_sound(path):
            yield path


def _is_sound(path: Path) -> bool:
    """Whether it begins as its kind does; what a telephone recorded, renamed, does not."""
    with path.open("rb") as file:
        head = file.read(12)
    if path.suffix.lower() == ".wav":
        return head[:4] == b"RIFF" and head[8:] == b"WAVE"
    return head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")
