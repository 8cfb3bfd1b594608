"""What callers of a line are told for a while: "the tax return has been put off to 8 June"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from dispatcher.domain.agents import Need
from dispatcher.domain.schedule import instant
from dispatcher.domain.script import Say
from dispatcher.domain.territories import Territory


@dataclass(frozen=True, slots=True)
class Announcement:
    """A sentence said from ``first`` to ``last``, both included.

    Each is a day, or a time (naive) that clocks of the line's zone show. ``territory`` and ``need``
    say whose callers it is for: None is all.
    """

    first: date
    last: date
    text: str
    territory: Territory | None = None
    need: Need | None = None

    @property
    def starts(self) -> datetime:
        """The first moment on the clock."""
        if isinstance(self.first, datetime):
            return self.first
        return datetime.combine(self.first, time())

    @property
    def ends(self) -> datetime:
        """The last moment on the clock."""
        if isinstance(self.last, datetime):
            return self.last
        return datetime.combine(self.last, time.max)

    def is_on(self, at: datetime, zone: str) -> bool:
        """Whether it is said at this moment on a line of this zone."""
        return instant(self.starts, zone) <= at <= instant(self.ends, zone)

    @property
    def is_for_everybody(self) -> bool:
        """Whether it is for every caller of the line."""
        return self.territory is None and self.need is None

    def is_for(self, around: Collection[Territory], need: Need) -> bool:
        """Whether it is for a caller of these territories who asked for this."""
        here = self.territory is None or self.territory in around
        return here and (self.need is None or need in {self.need, Need.EITHER})


def for_everybody(
    announcements: Iterable[Announcement], *, at: datetime, zone: str
) -> tuple[Announcement, ...]:
    """Those of the greeting, as the file of lines has them in order."""
    return tuple(each for each in announcements if each.is_for_everybody and each.is_on(at, zone))


def for_caller(
    announcements: Iterable[Announcement],
    around: Collection[Territory],
    need: Need,
    *,
    at: datetime,
    zone: str,
) -> tuple[Announcement, ...]:
    """Those that a caller hears once it is known what they need, besides the greeting's.

    ``around`` is what ``Atlas.around`` says of their commune, or nothing when it is not known.
    Whoever does not know what they need hears those of any need.
    """
    return tuple(
        each
        for each in announcements
        if not each.is_for_everybody and each.is_for(around, need) and each.is_on(at, zone)
    )


def spoken(announcements: Iterable[Announcement]) -> tuple[Say, ...]:
    """The announcements as they are said, one after the other."""
    return tuple(Say("notice", {"text": each.text}) for each in announcements)
