"""The paths the carrier is sent to. One place, so that a script and its route cannot disagree."""

from __future__ import annotations

from typing import Final

INCOMING: Final = "/voice/incoming"
STATUS: Final = "/voice/status"
FALLBACK: Final = "/voice/fallback"
FALLBACK_NUMBER: Final = "/voice/fallback/number"
WAIT: Final = "/voice/wait"
LEFT: Final = "/voice/left"
RECORDINGS: Final = "/voice/recordings"


def answer(turn: int) -> str:
    """Where the answer to the question of this turn goes."""
    return f"/voice/answer/{turn}"


def pressed(turn: int, verse: int) -> str:
    """Where a key pressed while waiting, during this verse, goes."""
    return f"/voice/wait/{turn}/{verse}"


def offer(offer_id: str, what: str) -> str:
    """A door of one offer: ``screen``, ``key``, ``legs``, ``ended``, ``dial``, ``greet``,
    ``greeted``, ``citizen``.
    """
    return f"/voice/offers/{offer_id}/{what}"


def unrung(offer_id: str) -> str:
    """Where a caller goes on whose agent nothing can ring: as after a ring without an answer."""
    return offer(offer_id, "ended") + "?DialCallStatus=no-answer"


def recorded(turn: int) -> str:
    """Where somebody goes on who left a message at this turn."""
    return f"/voice/recorded/{turn}"


def message(token: str, until: int) -> str:
    """Where the sound of a message is fetched, until a moment (in seconds since 1970)."""
    return f"/messages/{token}/{until}"


def transfer(transfer_id: str, what: str) -> str:
    """A door of one transfer: ``way``, ``held``, ``wait/`` and a side, ``left/`` and a turn,
    ``consulted``, ``referral``, ``legs``.
    """
    return f"/voice/transfers/{transfer_id}/{what}"


def asked(transfer_id: str, consent_id: str) -> str:
    """Where a citizen goes on who heard what they are asked to agree to."""
    return transfer(transfer_id, f"asked/{consent_id}")


def heard(transfer_id: str, consent_id: str, again: int) -> str:
    """Where their answer goes, when the question was put anew so often."""
    return transfer(transfer_id, f"asked/{consent_id}/{again}")


def text_status(text_id: str) -> str:
    """Where the carrier says what comes of a text."""
    return f"/sms/status/{text_id}"


def sound(file: str, version: str) -> str:
    """Where a recorded sentence is fetched; another version is another address."""
    return f"/sounds/{file}?v={version}"
