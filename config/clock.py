"""The one clock that every timer of ours reads, in every process."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

ORIGIN = "clock.origin"
SLOWED = "clock.slowed"


class Brake:
    """A file in which somebody may write, once, the moment from which a fast clock goes at speed 1.

    A demonstration does when a person takes part in it. Whoever writes it must move it there whole.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._since: datetime | None = None

    def since(self) -> datetime | None:
        """That moment; None as long as nobody has written it."""
        if self._since is None and self._path.exists():
            self._since = datetime.fromisoformat(self._path.read_text(encoding="ascii"))
        return self._since


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock, or one that runs ``speed`` times as fast since ``origin``, until braked."""

    speed: float
    origin: datetime  # the moment at which both clocks showed the same time
    brake: Brake | None = field(default=None, compare=False)

    @classmethod
    def for_everyone(cls, speed: float, data_dir: Path) -> Self:
        """The clock that all processes with this data folder agree on.

        Its origin is written once, by whoever comes first, unless the wall clock will do.
        """
        if speed == 1:
            return cls(1, datetime.now(UTC))
        return cls(speed, _agreed_origin(data_dir), Brake(data_dir / SLOWED))

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        wall = datetime.now(UTC)
        if self.speed == 1:
            return wall
        braked = self.brake.since() if self.brake is not None else None
        until = min(wall, braked or wall)
        return self.origin + (until - self.origin) * self.speed + (wall - until)

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
