"""Jobs about texts: each takes an id and may safely run twice."""

from dispatcher.assembly import services
from dispatcher.domain.texts import TextId
from dispatcher.operations import texts


def send(text_id: str) -> None:
    """Send a text (queue: texts)."""
    texts.send(TextId(text_id), services())


def verify(text_id: str) -> None:
    """Look up at the carrier a text that may have been sent (queue: texts)."""
    texts.verify(TextId(text_id), services())
