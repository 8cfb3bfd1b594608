"""Choosing a half-hour: which are left for a place and a need, and taking one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatcher.domain import bookings
from dispatcher.domain.agents import Agent
from dispatcher.domain.bookings import NOTICE, Seat, Server, Wanted
from dispatcher.domain.callbacks import CallbackId
from dispatcher.operations import agents, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


class Taken(Exception):
    """Raised inside a transaction to undo it: this half-hour is left to nobody any more."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What could be promised to somebody when it was looked at."""

    starts: tuple[datetime, ...]
    servers: tuple[Server, ...]
    taken: Collection[Seat]
    per_agent: int

    def free(self) -> tuple[datetime, ...]:
        """The half-hours that are left, soonest first."""
        return bookings.free(self.starts, self.servers, self.taken, per_agent=self.per_agent)

    def seats(self, at: datetime) -> tuple[Seat, ...]:
        """The seats of one half-hour that are left, the best first; none of what is not offered."""
        if at not in self.starts:
            return ()
        every = bookings.seats(at, self.servers, per_agent=self.per_agent)
        return tuple(seat for seat in every if seat not in self.taken)


def look(wanted: Wanted, services: Services) -> Sight:
    """The half-hours in which somebody serves this place and need: in the person's windows, on
    their own clock and never on their holidays, while the line is open. Three queries.
    """
    line = services.line(wanted.line)
    commune = services.atlas.commune(wanted.commune) if wanted.commune else None
    since = services.now() + NOTICE
    until = since + timedelta(days=line.booking_days)
    if commune is None or not line.booking_days:
        return Sight((), (), (), line.bookings_per_agent)
    hours = (windows.hours_at(wanted.commune, line, services), line.hours)
    starts = bookings.half_hours(hours, since=since, until=until)
    with services.store.reading() as tx:
        everybody = roster(tx, services)
        taken = tx.seats.taken(since=since, until=until)
    found = bookings.servers(everybody, wanted, commune, services.atlas, since=since, until=until)
    return Sight(starts, found, taken, line.bookings_per_agent)


def roster(tx: Transaction, services: Services) -> list[Agent]:
    """Everybody to whom something may be promised: not those whose account was closed."""
    shut = tx.users.shut_out()
    found = tx.agents.roster(agents.calendar(services))
    return [each for each in found if each.id not in shut]


def free(wanted: Wanted, services: Services) -> tuple[datetime, ...]:
    """The starts of the half-hours that are left for this place and need, soonest first."""
    return look(wanted, services).free()


def take(id: CallbackId, seats: tuple[Seat, ...], tx: Transaction) -> None:
    """Take one of these seats for a callback, in the transaction that plans it, and then leave
    those that it had. Raises Taken.
    """
    seat = tx.seats.claim(seats, id)
    if seat is None:
        raise Taken
    tx.seats.give_back(id, but=seat)
