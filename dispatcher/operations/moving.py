"""Moving the legs of a transfer: what was committed is done by a job, and done again by the sweep.

A move is saved with all that hangs on it; whoever loses it against another begins anew from what
stands. Offers that it no longer holds are closed with it, and their agents rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from dispatcher.domain.calls import OfferId
from dispatcher.domain.offers import End
from dispatcher.domain.transfers import Side, Transfer, TransferId
from dispatcher.operations import offers
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn

log = logging.getLogger(__name__)

TRIES: Final = 5
"""How often a move is decided anew over a transfer that others move too."""

Decide = Callable[[Transfer, Transaction], Transfer | None]


def change(id: TransferId, decide: Decide, services: Services) -> Transfer | None:
    """Move a transfer as ``decide`` says (None: not at all); how it stands then."""
    for _ in range(TRIES):
        moved, freed = None, frozenset[OfferId]()
        with services.store.writing() as tx:
            found = tx.transfers.find(id)
            decided = decide(found, tx) if found is not None else None
            if found is None or decided is None:
                return found
            freed = save(decided, found, tx, at=services.now())
            moved = decided
        if moved is not None:
            settle(moved, freed, services)
            return moved
    log.error("transfer %s: too many moves at once", id)
    return None


def save(moved: Transfer, over: Transfer, tx: Transaction, *, at: datetime) -> frozenset[OfferId]:
    """Save a move, and close the offers that it no longer holds: these. Raises Withdrawn."""
    unask(moved, over, tx, at=at)  # before, as whoever answers does: neither waits for the other
    if not tx.transfers.save(moved, over=over):
        raise Withdrawn
    freed = over.holding - moved.holding
    for id in freed:
        offer = tx.offers.find(id)
        answered = offer is not None and offer.accepted_at is not None
        tx.offers.close(id, End.ANSWERED if answered else End.CALLER_GONE, at=at)
    return freed


def unask(moved: Transfer, over: Transfer, tx: Transaction, *, at: datetime) -> None:
    """What a citizen was asked alone is answered by nobody once they are elsewhere."""
    if over.consent is not None and moved.consent != over.consent:
        tx.consents.lapse(over.consent, at=at)


def settle(moved: Transfer, freed: frozenset[OfferId], services: Services) -> None:
    """After the commit: the legs are asked for, whoever is free again rests, and the desks of those
    who are still there show how it stands.
    """
    services.bell.ring("transfers.move", moved.id)
    for id in freed:
        offers.release(id, services)
    wake(moved, services)


def wake(transfer: Transfer, services: Services) -> None:
    """The desks of its agents look again."""
    with services.store.reading() as tx:
        held = [tx.offers.find(id) for id in transfer.holding]
    for offer in held:
        if offer is not None:
            services.wakes.wake(offer.agent)


def note(transfer: Transfer, side: Side, services: Services) -> None:
    """This leg is where it is wanted now."""
    if transfer.at(side) is not transfer.wanted(side):
        with services.store.writing() as tx:
            tx.transfers.note(transfer, side, transfer.wanted(side))
