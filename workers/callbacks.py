"""Jobs about callbacks: each takes an id and may safely run twice."""

from dispatcher.assembly import services
from dispatcher.domain.calls import OfferId
from dispatcher.operations import legs, placing


def place(offer_id: str) -> None:
    """Ring the agent of a callback (queue: calls)."""
    placing.place(OfferId(offer_id), services())


def verify(offer_id: str) -> None:
    """Ask the carrier about a callback's conversation gone quiet (queue: calls)."""
    legs.verify(OfferId(offer_id), services())
