"""The telephone lines that people call, as the operator describes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatcher.domain.announcements import Announcement
from dispatcher.domain.numbers import BadNumber, PhoneNumber, parse
from dispatcher.domain.schedule import OpeningHours, WeeklySlots

ANY = "*"
"""Stands among a line's numbers for every number that no other line claims."""


@dataclass(frozen=True, slots=True)
class Referral:
    """A number outside to which callers of a line may be passed on."""

    id: str
    name: str
    number: PhoneNumber


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``numbers`` are the carrier's that lead to it, in E.164, or ``ANY``.

    ``public_number`` is the one people know: spoken and texted, often held elsewhere and forwarded
    here. ``caller_id`` is the carrier's number that we show when we ring somebody.
    ``calls_per_second`` is how fast we may start calls; ``offers_per_hour`` how many one agent gets
    at most; ``calls_per_number`` how many one number may make in ten minutes (0: no limit);
    ``remember_days`` how long the commune of a caller who asked for it is remembered.
    ``callback_windows`` when people may be rung back, on their own clocks and never on their
    holidays; None: at any hour. ``regulars_per_day`` and ``regulars_per_structure``: how many
    regulars are rung in a day, by the line and by the agents of one structure. ``booking_days``:
    how many days ahead people may choose a half-hour (0: none); ``bookings_per_agent``: how many
    may choose the same one, for each agent who serves them then. ``voicemail``:
    whoever is promised a callback may leave a message for whoever rings them. ``follow_up_days``:
    until the end of which day after it an agent may book a follow-up; 0: never.
    ``lend_up_to``: the price in percent up to which départements lend agents to others at once
    (``domain/reserves.py``); ``hold_seconds``: how long a caller is held for somebody nearer
    where it is higher.
    """

    id: str
    numbers: tuple[str, ...]
    public_number: str
    caller_id: str
    hours: OpeningHours
    ring_seconds: int = 15
    wrap_up_seconds: int = 30
    calls_per_second: int = 1
    offers_per_hour: int = 12
    lend_up_to: int = 55
    hold_seconds: int = 5
    calls_per_number: int = 10
    remember_days: int = 180
    regulars_per_day: int = 20
    regulars_per_structure: int = 5
    booking_days: int = 7
    bookings_per_agent: int = 1
    callback_windows: WeeklySlots | None = None
    voicemail: bool = False
    follow_up_days: int = 1
    announcements: tuple[Announcement, ...] = ()
    referrals: tuple[Referral, ...] = ()

    def referral(self, id: str) -> Referral | None:
        """The number of this id that its callers may be passed on to."""
        return next((each for each in self.referrals if each.id == id), None)


def line_for(lines: Iterable[Line], called: str) -> Line | None:
    """The line that the number ``called`` leads to: the one that names it, else the one for any."""
    known = tuple(lines)
    number = _as_kept(called)
    named = (line for line in known if number in line.numbers)
    return next(named, next((line for line in known if ANY in line.numbers), None))


def _as_kept(called: str) -> str:
    try:
        return parse(called)
    except BadNumber:
        return called
