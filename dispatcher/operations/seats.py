"""Promised half-hours are kept when whoever was to ring goes away.

Looked for every minute, whatever became of them: a slot taken away, an absence, a pause, an account
that was closed, a directory that says otherwise. The seat goes to somebody else near who is on
then. While there is nobody, it is nobody's: the callback is due at its half-hour all the same, for
anybody near who may be rung; and whoever takes the slot over later has the seat.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dispatcher.domain import bookings
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.bookings import Seat, Wanted
from dispatcher.domain.callbacks import HALF_HOUR, Callback
from dispatcher.operations.bookings import roster
from dispatcher.operations.services import Services
from dispatcher.store.store import Withdrawn


@dataclass(frozen=True, slots=True)
class Lost:
    """A promise that its agent cannot keep, or that is nobody's; the seats it may have, best
    first.
    """

    callback: Callback
    left: tuple[Seat, ...]


def keep(services: Services) -> None:
    """Give every promise that is nobody's any more to somebody, as far as there is anybody."""
    at = services.now()
    with services.store.reading() as tx:
        booked = tx.callbacks.booked(after=at)
        if not booked:
            return
        last = max(each.due_at for each in booked)
        holders = tx.seats.promised(after=at, until=last)
        taken = tx.seats.taken(since=at, until=last + HALF_HOUR)
        everybody = roster(tx, services)
    for each in booked:
        lost = _lost(each, holders.get(each.id), everybody, taken, services)
        if lost is not None and (lost.left or each.id in holders):
            _reseat(lost, services)


def _lost(
    callback: Callback,
    holder: AgentId | None,
    everybody: Collection[Agent],
    taken: Collection[Seat],
    services: Services,
) -> Lost | None:
    """None when whoever has the seat is there then."""
    commune = services.atlas.commune(callback.commune) if callback.commune else None
    start, line = callback.due_at, services.line(callback.line)
    if commune is None:
        return None
    found = bookings.servers(
        everybody,
        Wanted.of(callback),
        commune,
        services.atlas,
        since=start,
        until=start + HALF_HOUR,
    )
    every = bookings.seats(start, found, per_agent=line.bookings_per_agent)
    if any(seat.agent == holder for seat in every):
        return None
    return Lost(callback, tuple(seat for seat in every if seat not in taken))


def _reseat(lost: Lost, services: Services) -> None:
    """Another seat, and then not the old one; nothing, when its person wants another time now."""
    id, start = lost.callback.id, lost.callback.due_at
    with services.store.writing() as tx:
        if not tx.callbacks.hold(id, due_at=start):
            raise Withdrawn
        tx.seats.give_back(id, but=tx.seats.claim(lost.left, id))
