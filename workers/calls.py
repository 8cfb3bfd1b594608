"""Jobs about calls on the line: each takes an id and may safely run twice."""

from dispatcher.assembly import services
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.operations import hastening, reconciling, sweep


def hasten(offer_id: str) -> None:
    """Take a matched caller out of the queue now, rather than at their next fetch (queue:
    calls).
    """
    hastening.hasten(OfferId(offer_id), services())


def verify(call_sid: str) -> None:
    """Ask the carrier about a call gone quiet (queue: calls)."""
    sweep.verify(CallSid(call_sid), services())


def reconcile(mark_id: str) -> None:
    """Keep callbacks for those whose calls never reached us (queue: calls)."""
    reconciling.reconcile(mark_id, services())
