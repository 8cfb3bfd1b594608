"""A recap: a few lines to the citizen after a conversation, from a template, never free words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dispatcher.domain.mails import Address

LONGEST_PLACE: Final = 60
USEFUL_FOR: Final = timedelta(days=1)
"""For how long a recap is tried to be sent."""


class Recap(StrEnum):
    """Which template: the kind of the text, or of the mail."""

    DONE = "recap.done"
    BRING = "recap.bring"
    SERVICE = "recap.service"


class By(StrEnum):
    """How it is sent."""

    TEXT = "sms"
    MAIL = "email"


class Paper(StrEnum):
    """What somebody may be asked to bring."""

    IDENTITY = "paper.identity"
    ADDRESS = "paper.address"
    BANK = "paper.bank"
    TAXES = "paper.taxes"
    HEALTH = "paper.health"
    PHONE = "paper.phone"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an agent chose to send. ``address``: only by mail, as the citizen said it."""

    recap: Recap
    by: By
    address: Address | None = None
    papers: tuple[Paper, ...] = ()
    place: str = ""
    day: date | None = None
