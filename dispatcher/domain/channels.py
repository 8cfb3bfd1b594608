"""On what an agent is rung: their telephone, or the page that they have open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

IDENTITY: Final = re.compile(r"[0-9a-f]{24}")


class Channel(StrEnum):
    """What an agent chose to be rung on."""

    TELEPHONE = "telephone"
    BROWSER = "browser"
    EITHER = "either"  # the browser while a page of theirs can ring, else the telephone


class Via(StrEnum):
    """What rings for one offer."""

    TELEPHONE = "telephone"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Softphone:
    """An agent's browser, as the carrier knows it: by an id that tells nothing of them."""

    identity: str


def rung_via(channel: Channel, *, telephone: bool, awake: bool) -> Via | None:
    """What rings for somebody: ``telephone``, whether they have one that may be rung; ``awake``,
    whether a page of theirs can ring. None: nothing does.
    """
    if awake and channel is not Channel.TELEPHONE:
        return Via.BROWSER
    return Via.TELEPHONE if telephone and channel is not Channel.BROWSER else None
