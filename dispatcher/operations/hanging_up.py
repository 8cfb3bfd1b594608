"""Asking the carrier to end a call for an agent who pressed so at their desk. Jobs, never doors.

Whatever the carrier then tells of the leg moves the call on, as if the telephone had been hung up.
Nothing is lost when it refuses: the telephone rings to its end, or its own key hangs up.
"""

from __future__ import annotations

import logging

from dispatcher.carrier.rest import CarrierError
from dispatcher.domain.calls import CallSid, OfferId, Step
from dispatcher.domain.offers import Offer
from dispatcher.operations import calls, legs
from dispatcher.operations.services import Services

log = logging.getLogger(__name__)


def let_go(id: OfferId, services: Services) -> None:
    """The telephone of an agent who passed an offer on stops ringing, and somebody else is rung.

    One that does not ring yet is closed at once, so that it never does.
    """
    offer = _find(id, services)
    if offer is None or offer.declined_at is None or offer.accepted_at is not None:
        return
    if offer.leg is not None:
        _hang_up(offer, services)
    elif legs.decline(offer, services) and offer.call is not None:
        _seek_again(offer.call, services)


def hang_up(id: OfferId, services: Services) -> None:
    """A conversation ends, since its agent says so."""
    offer = _find(id, services)
    if offer is not None and offer.open and offer.accepted_at is not None:
        _hang_up(offer, services)


def _find(id: OfferId, services: Services) -> Offer | None:
    with services.store.reading() as tx:
        return tx.offers.find(id)


def _hang_up(offer: Offer, services: Services) -> None:
    if offer.leg is None:
        return
    try:
        services.carrier.hang_up(CallSid(offer.leg))
    except CarrierError as error:
        log.warning("offer %s: the carrier did not hang up: %s", offer.id, error)


def _seek_again(sid: CallSid, services: Services) -> None:
    """Look for somebody else at once for a caller in the queue; else their next fetch does."""
    call = calls.load(sid, services)
    if call is None or call.step is not Step.WAITING or call.queue is None:
        return
    sought = calls.route(call, services)
    if sought.step is Step.OFFERED and sought.offer is not None:
        services.bell.ring("calls.hasten", sought.offer)
