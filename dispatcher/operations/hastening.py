"""Hastening a match: the caller need not wait for their next fetch of the wait document."""

from __future__ import annotations

import logging

from dispatcher.carrier.rest import CarrierError
from dispatcher.domain.calls import OfferId, Step
from dispatcher.operations.services import Services

log = logging.getLogger(__name__)


def hasten(id: OfferId, services: Services) -> None:
    """Dequeue the caller of an offer. That member of the queue, never the call: a redirect would
    cut a conversation.

    Nothing is lost when the carrier refuses: the caller's next fetch delivers the offer.
    """
    with services.store.reading() as tx:
        offer = tx.offers.find(id)
        call = tx.calls.find(offer.call) if offer is not None and offer.call else None
    if offer is None or call is None or not offer.open or offer.ringing_at is not None:
        return
    if call.step is not Step.OFFERED or call.offer != id or call.queue is None:
        return
    try:
        services.carrier.dequeue(call.queue, call.sid, id)
    except CarrierError as error:
        log.warning("offer %s: the carrier did not dequeue: %s", id, error)
