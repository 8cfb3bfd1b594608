"""Jobs about calls that are held, passed on or shared: each takes an id and may run twice."""

from dispatcher.assembly import services
from dispatcher.domain.transfers import TransferId
from dispatcher.operations import departures


def move(transfer_id: str) -> None:
    """Ask the carrier to move the legs that are not where they are wanted (queue: calls)."""
    departures.move(TransferId(transfer_id), services())
