"""Jobs about mandate logs: each takes an id and may safely run twice."""

from config.words import words
from dispatcher.assembly import services
from dispatcher.operations import mandate_logs


def write(mark_id: str) -> None:
    """Write out the days that are over (queue: logs)."""
    mandate_logs.write_days(mark_id, words("journal"), services())
