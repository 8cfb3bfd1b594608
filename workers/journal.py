"""Jobs about the journal: each takes an id and may safely run twice."""

from dispatcher.assembly import services
from dispatcher.operations import journal


def seal(mark_id: str) -> None:
    """Sign today's head of the journal, and send what has not arrived outside (queue: logs)."""
    journal.seal_daily(mark_id, services())
