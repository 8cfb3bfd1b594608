"""A wrap-up: the time after a conversation in which an agent is offered nobody.

It ends by itself, when the line says. Its agent may put that off once, or end it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain.calls import OfferId

EXTENSION: Final = timedelta(minutes=3)
"""By how much it is put off, once: a note takes longer to write now and then."""


@dataclass(frozen=True, slots=True)
class Talked:
    """An agent's last conversation that is over. ``said_until``: when they said that its wrap-up
    ends; None: they said nothing.
    """

    offer: OfferId
    ended_at: datetime
    said_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WrapUp:
    """A wrap-up that goes on. ``extendable``: it was not put off yet."""

    offer: OfferId
    until: datetime
    extendable: bool

    @property
    def extended(self) -> datetime:
        """When it ends once it is put off."""
        return self.until + EXTENSION
