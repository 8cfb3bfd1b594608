"""Jobs about messages left after the beep: each takes an id and may safely run twice."""

from dispatcher.assembly import services
from dispatcher.domain.messages import MessageId
from dispatcher.operations import messages


def fetch(message_id: str) -> None:
    """Fetch a message and erase it at the carrier (queue: texts)."""
    messages.fetch(MessageId(message_id), services())
