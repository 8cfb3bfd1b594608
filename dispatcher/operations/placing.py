"""Placing a callback: its agent is rung first, and the citizen once the agent has pressed 1."""

from __future__ import annotations

import logging
from typing import Final

from dispatcher.carrier.rest import CarrierError
from dispatcher.domain.calls import OfferId
from dispatcher.domain.offers import Offer, lease
from dispatcher.operations import legs, softphones
from dispatcher.operations.services import Services

log = logging.getLogger(__name__)

TOO_MANY: Final = 429
"""Twilio never processes a request that it answers so."""


def place(id: OfferId, services: Services) -> None:
    """Ring the agent of a callback's offer, once, as soon as the line may start a call.

    A failure that may have come after the ring is left to the lease; one that surely did not ring
    lets somebody try again.
    """
    at = services.now()
    with services.store.reading() as tx:
        offer = tx.offers.find(id)
        callback = tx.callbacks.find(offer.callback) if offer and offer.callback else None
    if offer is None or callback is None or not offer.open or offer.placed_at:
        return
    to = softphones.rung_for(id, services)
    if to is None:
        legs.unrung(offer, services)
        return
    line = services.line(callback.line)
    if not services.board.may_start(line.id, per_second=line.calls_per_second, at=at):
        return  # the sweep rings again
    with services.store.writing() as tx:
        until = lease(ring_seconds=line.ring_seconds, at=at)  # it may have waited for its turn
        claimed = tx.offers.mark(id, placed_at=at, lease_until=until)
    if not claimed:
        return
    try:
        services.carrier.ring_agent(to, id, caller_id=line.caller_id, seconds=line.ring_seconds)
    except CarrierError as error:
        _not_rung(offer, error, services)


def _not_rung(offer: Offer, error: CarrierError, services: Services) -> None:
    log.warning("offer %s: the carrier did not ring: %s", offer.id, error)
    if error.status == TOO_MANY:
        with services.store.writing() as tx:
            tx.offers.unplace(offer.id)
            tx.offers.mark(offer.id, lease_until=offer.lease_until)  # nobody is kept for ever
    elif error.permanent:
        with services.store.writing() as tx:
            tx.offers.learn(offer.id, carrier_code=error.code)
        legs.failed(offer.id, services)
