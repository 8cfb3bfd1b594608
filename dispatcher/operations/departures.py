"""Asking the carrier to move the legs of a transfer that are not where they are wanted."""

from __future__ import annotations

import logging

from dispatcher.carrier.rest import CarrierError
from dispatcher.domain import doors
from dispatcher.domain.calls import CallSid
from dispatcher.domain.transfers import Side, Transfer, TransferId
from dispatcher.operations import calls, moving, parting
from dispatcher.operations.services import Services

log = logging.getLogger(__name__)


def move(id: TransferId, services: Services) -> None:
    """Move them, once in five seconds.

    What the carrier did not answer is asked again by the sweep: a leg that comes to its door
    twice hears the same.
    """
    at = services.now()
    with services.store.writing() as tx:
        claimed, transfer = tx.transfers.ask(id, at=at), tx.transfers.find(id)
    if not claimed or transfer is None:
        return
    for side in transfer.errands(at=at):
        try:
            _move(transfer, side, services)
        except CarrierError as error:
            log.warning("transfer %s: the carrier did not move the %s: %s", id, side, error)


def _move(transfer: Transfer, side: Side, services: Services) -> None:
    leg = CallSid(transfer.leg_of(side) or "")
    there = services.carrier.redirect(leg, doors.transfer(transfer.id, "way"))
    if not there and side is not Side.CITIZEN:
        parting.leg_gone(transfer.id, leg, services)  # before it is noted: they have never met
    moving.note(transfer, side, services)  # or it is over, and nowhere to be moved to
    if not there and side is Side.CITIZEN:
        calls.hang_up(leg, services)
