"""The one clock that every timer of ours reads, in every process."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

ORIGIN = "clock.origin"


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock, or one that runs ``speed`` times as fast since ``origin``."""

    speed: float
    origin: datetime  # the moment at which both clocks showed the same time

    @classmethod
    def for_everyone(cls, speed: float, data_dir: Path) -> Self:
        """The clock that all processes with this data folder agree on.

        Its origin is written once, by whoever comes first, unless the wall clock will do.
        """
        if speed == 1:
            return cls(1, datetime.now(UTC))
        return cls(speed, _agreed_origin(data_dir))

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        wall = datetime.now(UTC)
        return wall if self.speed == 1 else self.origin + (wall - self.origin) * self.speed

    def sleep(self, seconds: float) -> None:
        """Wait for so many of our seconds."""
        time.sleep(self.on_the_wall(seconds))

    def on_the_wall(self, seconds: float) -> float:
        """How long so many of our seconds last for everyone else, such as a socket's timeout."""
        return seconds / self.speed


def _agreed_origin(data_dir: Path) -> datetime:
    """Read the origin, after writing it whole if nobody has: a link never replaces a file."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / ORIGIN
    if not path.exists():
        with NamedTemporaryFile("w", dir=data_dir, prefix=f"{ORIGIN}.") as draft:
            draft.write(datetime.now(UTC).isoformat())
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)
    return datetime.fromisoformat(path.read_text(encoding="ascii"))
