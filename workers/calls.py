"""Jobs about calls on the line: each takes an id and may safely run twice."""

from dispatcher.assembly import services
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.operations import hanging_up, hastening, reconciling, sweep


def hasten(offer_id: str) -> None:
    """Take a matched caller out of the queue now, rather than at their next fetch (queue:
    calls).
    """
    hastening.hasten(OfferId(offer_id), services())


def let_go(offer_id: str) -> None:
    """Stop the telephone of an agent who passed an offer on (queue: calls)."""
    hanging_up.let_go(OfferId(offer_id), services())


def hang_up(offer_id: str) -> None:
    """End a conversation whose agent says so (queue: calls)."""
    hanging_up.hang_up(OfferId(offer_id), services())


def verify(call_sid: str) -> None:
    """Ask the carrier about a call gone quiet (queue: calls)."""
    sweep.verify(CallSid(call_sid), services())


def reconcile(mark_id: str) -> None:
    """Keep callbacks for those whose calls never reached us (queue: calls)."""
    reconciling.reconcile(mark_id, services())
