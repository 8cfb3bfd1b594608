"""Grants: what a mandate lets do, one for each procedure, and to the end of which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dispatcher.domain.matters import Topic
from dispatcher.domain.schedule import instant, local, midnight_after

CLOCK: Final = "Europe/Paris"
"""Days of mandates are of this clock, wherever their line is."""
PROCEDURES: Final = tuple(each for each in Topic if each is not Topic.DIGITAL)
"""What a mandate may be for: the ten subjects of Aidants Connect."""
SHORTEST_PRECISION: Final = 10
LONGEST_PRECISION: Final = 100
"""Letters of what exactly is to be done: a general mandate is none (CNIL; Code civil, 1987)."""


class Duration(StrEnum):
    """For how long. PROCEDURE: until it is done, and a year at most."""

    DAY = "1"
    MONTH = "31"
    HALF_YEAR = "182"
    YEAR = "365"
    PROCEDURE = "procedure"


DAYS: Final[Mapping[Duration, int]] = MappingProxyType(
    {
        Duration.DAY: 1,
        Duration.MONTH: 31,
        Duration.HALF_YEAR: 182,
        Duration.YEAR: 365,
        Duration.PROCEDURE: 365,
    }
)


NOTICES: Final[Mapping[Duration, tuple[int, ...]]] = MappingProxyType(
    {
        Duration.DAY: (),
        Duration.MONTH: (5,),
        Duration.HALF_YEAR: (30, 7),
        Duration.YEAR: (30, 7),
        Duration.PROCEDURE: (30, 7),
    }
)
"""Days before its end at which its house is told (rules.md M13)."""
LONGEST_NOTICE: Final = timedelta(days=30)


class End(StrEnum):
    """Why a grant ended before its day."""

    REVOKED = "revoked"  # by the person
    REPLACED = "replaced"  # by a newer one for the same
    FINISHED = "finished"  # the procedure is done
    RENOUNCED = "renounced"  # by the house that held it
    LAPSED = "lapsed"  # death, or guardianship (Code civil, 2003)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a grant is to be for, before anybody agreed to it."""

    procedure: Topic
    precision: str
    duration: Duration


@dataclass(frozen=True, slots=True)
class Grant:
    """One procedure of a mandate. ``until``: where its last day ends; None before the consent."""

    procedure: Topic
    precision: str
    duration: Duration
    until: datetime | None = None
    ended_at: datetime | None = None
    end: End | None = None

    def holds(self, at: datetime) -> bool:
        """Whether something may be done by it at this moment."""
        return self.until is not None and at < self.until and not self.over(at)

    def notice(self, at: datetime) -> int | None:
        """So many days before its end, or less, it is told of now; None: of nothing now.

        After an outage only the nearest one is worth telling.
        """
        if self.until is None or not self.holds(at):
            return None
        left = self.until - at
        due = [days for days in NOTICES[self.duration] if left <= timedelta(days=days)]
        return min(due, default=None)

    def over(self, at: datetime) -> bool:
        """Whether it ended before its day."""
        return self.ended_at is not None and self.ended_at <= at


def ends(given_at: datetime, duration: Duration) -> datetime:
    """Where the last day ends, in UTC: the day of the consent does not count, and the last one
    counts to its midnight (Code de procédure civile, 641 and 642).
    """
    given = local(given_at, CLOCK).date()
    last = given + timedelta(days=DAYS[duration])
    noon = datetime(last.year, last.month, last.day, 12)  # noqa: DTZ001  a wall clock's
    return midnight_after(instant(noon, CLOCK), CLOCK)
