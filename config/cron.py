"""What the clock process does again and again."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pkgutil import resolve_name

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A job done every so many of our seconds; never at an hour of the day (DST skips some)."""

    name: str
    every: float
    job: str  # "package.module:function", called without arguments


ENTRIES: tuple[Entry, ...] = (
    Entry("tick", 1, "workers.sweep:tick"),
    Entry("estimate", 5, "workers.sweep:estimate"),
    Entry("post", 5, "workers.sweep:post"),
    Entry("let_in", 1, "workers.sweep:let_in"),
    Entry("check", 15, "workers.sweep:check"),
    Entry("regulars", 60, "workers.sweep:ring_regulars"),
    Entry("forget", 3600, "workers.sweep:forget"),
    Entry("replay", 15, "workers.sweep:replay"),
    Entry("ask", 60, "workers.sweep:ask"),  # after the replay: what a caller keyed comes first
    Entry("alert", 60, "workers.sweep:alert"),
    Entry("remind", 60, "workers.sweep:remind_agents"),
    Entry("mandates", 3600, "workers.sweep:remind_of_mandates"),
    Entry("seal", 3600, "workers.sweep:seal"),
    Entry("erase", 3600, "workers.sweep:erase"),  # done once a day, also when clocks often restart
)


class Rounds:
    """Goes round the entries until it is told to stop; a job that fails waits for its next turn."""

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        speed: float = 1,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entries = {entry.name: entry for entry in entries}
        self._speed = speed
        self._monotonic = monotonic
        self._failing: set[str] = set()  # whose traceback is in the log already
        self._due = dict.fromkeys(self._entries, monotonic())

    def run(self, stopped: threading.Event) -> None:
        """Do what is due, wait for what is next; return soon after ``stopped`` is set."""
        while not stopped.is_set():
            stopped.wait(min(self.turn(), 1))

    def turn(self) -> float:
        """Do everything that is due; return the seconds until something is again."""
        for name, due in self._due.items():
            if due <= self._monotonic():
                self._do(self._entries[name])
                interval = self._entries[name].every / self._speed
                self._due[name] = max(due + interval, self._monotonic())
        return max(0.01, min(self._due.values(), default=60.0) - self._monotonic())

    def _do(self, entry: Entry) -> None:
        try:
            resolve_name(entry.job)()
        except Exception as error:  # an edge: the others still have to be done
            again = entry.name in self._failing
            self._failing.add(entry.name)
            log.error("%s failed: %r", entry.name, error, exc_info=not again)  # noqa: TRY400
        else:
            self._failing.discard(entry.name)
