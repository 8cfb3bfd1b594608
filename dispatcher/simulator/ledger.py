"""What really happened on the network, append-only: the oracle that no application can talk round.

Times are the network's seconds. A phone is named by its own number, whatever it shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import combinations
from urllib.parse import urlsplit


class Kind(StrEnum):
    """The kinds of facts."""

    CREATED = "created"
    RINGING = "ringing"
    ANSWERED = "answered"
    SAID = "said"
    PRESSED = "pressed"
    SPOKEN = "spoken"
    RECORDED = "recorded"
    BRIDGED = "bridged"
    UNBRIDGED = "unbridged"
    QUEUED = "queued"
    DEQUEUED = "dequeued"
    CONFERENCE = "conference"
    ENDED = "ended"
    WEBHOOK = "webhook"
    REST = "rest"
    MESSAGE = "message"
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact: ``call`` and ``other`` are call ids, ``number`` the phone it is about."""

    at: float
    kind: Kind
    call: str = ""
    other: str = ""
    number: str = ""
    detail: str = ""
    path: str = ""
    status: int = 0
    form: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """Give the fact as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(slots=True)
class Talk:
    """Two phones that really heard each other; ``until`` is None while they do."""

    parent: str
    child: str
    caller: str
    callee: str
    since: float
    until: float | None = None
    room: str = ""
    """The conference in which they did; empty for a call between two."""

    def overlaps(self, other: Talk) -> bool:
        """Say whether both talks hold one phone at one moment."""
        if self.room and self.room == other.room:
            return False
        if {self.caller, self.callee}.isdisjoint({other.caller, other.callee}):
            return False
        ends = [talk.until if talk.until is not None else float("inf") for talk in (self, other)]
        return self.since < ends[1] and other.since < ends[0]


class Ledger:
    """The facts in the order they happened; ``sink`` is told each one as it is written."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.entries: list[Entry] = []
        self.talks: list[Talk] = []
        self.sink: Callable[[Entry], None] | None = None

    def write(  # noqa: PLR0913 a fact has many sides, all optional
        self,
        kind: Kind,
        *,
        call: str = "",
        other: str = "",
        number: str = "",
        detail: str = "",
        path: str = "",
        status: int = 0,
        form: Mapping[str, str] | None = None,
    ) -> None:
        """Add one fact, now."""
        at = round(self._clock(), 3)
        entry = Entry(at, kind, call, other, number, detail, path, status, form or {})
        self.entries.append(entry)
        if self.sink is not None:
            self.sink(entry)

    def of(self, *kinds: Kind, call: str | None = None) -> list[Entry]:
        """Give the facts of these kinds, of one call if asked."""
        return [e for e in self.entries if e.kind in kinds and call in {None, e.call}]

    def webhooks(self, path: str = "", *, call: str | None = None) -> list[Entry]:
        """Give what was posted to addresses whose path starts so, with form and status."""
        posted = self.of(Kind.WEBHOOK, call=call)
        return [e for e in posted if urlsplit(e.path).path.startswith(path)]

    def requests(self, path: str = "") -> list[Entry]:
        """Give the REST requests whose path holds this."""
        return [e for e in self.of(Kind.REST) if path in e.path]

    def rung(self, number: str) -> int:
        """Count how often this phone really rang."""
        return sum(e.number == number for e in self.of(Kind.RINGING))

    def bridges(self, number: str | None = None) -> list[Talk]:
        """Give the talks, of one phone if asked."""
        return [talk for talk in self.talks if number in {None, talk.caller, talk.callee}]

    def overlapping_bridges(self) -> list[tuple[Talk, Talk]]:
        """Give the pairs of talks that held one phone at the same time; must be empty."""
        return [(one, two) for one, two in combinations(self.talks, 2) if one.overlaps(two)]

    def failures(self) -> list[Entry]:
        """Give what no caller should ever cause: failed webhooks, carrier errors, bad TwiML."""
        failed = [e for e in self.of(Kind.WEBHOOK) if not 200 <= e.status < 300]
        return failed + self.of(Kind.ERROR, Kind.WARNING)

    def __str__(self) -> str:
        return "\n".join(_line(entry) for entry in self.entries)


def _line(entry: Entry) -> str:
    said = " ".join(
        str(part)
        for part in (entry.number, entry.path, entry.status or "", entry.detail, entry.call[-4:])
        if part
    )
    return f"{entry.at:9.2f}  {entry.kind:<10} {said}"
