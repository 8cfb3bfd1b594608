"""How somebody wants to be answered: by telephone, or otherwise."""

from __future__ import annotations

from enum import StrEnum


class Reply(StrEnum):
    """The way an answer takes. All but TELEPHONE are offered in writing to an agent, and not rung
    by us; by RELAY the agent rings themselves, through the relay service for deaf people.
    """

    TELEPHONE = "telephone"
    TEXT = "sms"
    MAIL = "email"
    RELAY = "relay"

    @property
    def in_writing(self) -> bool:
        """Whether the answer itself is written."""
        return self in {Reply.TEXT, Reply.MAIL}
