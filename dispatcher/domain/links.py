"""Signed links: what a person may do with one thing of theirs, without an account.

A link holds an id and a short signature of it, and nothing of anybody. Its letters cannot be taken
for one another, and it ends in none that a telephone would leave out of a link.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ID: Final = 12
_SIGNATURE: Final = 9
"""Bytes. A signature is guessed at a web server's pace: 72 bits are beyond anybody."""
_LENGTH: Final = 29
"""Letters, of 58 each, that hold 21 bytes."""


class Purpose(StrEnum):
    """What a signature lets somebody do; one of another purpose does not."""

    ASK = "ask"  # ask for the callback of this id, once
    ANSWER = "answer"  # read and answer the inquiry, while this turn of it lasts
    CHANGE = "change"  # see, move or cancel the callback of this id
    DUTY = "duty"  # say whether one will be there in a slot, or look for a stand-in
    STAND_IN = "stand_in"  # take a colleague's slot over, as long as nobody has
    LISTEN = "listen"  # hear the message of this id, until a moment
    CONSENT = "consent"  # read and answer a request for consent, and revoke what came of it
    PARTNER = "partner"  # see where it stands, for the partner who asked for it


@dataclass(frozen=True, slots=True, repr=False)
class Links:
    """Signs with the first of its keys, and accepts all of them. ``address``: where we are."""

    keys: Sequence[bytes]
    address: str

    def token(self, id: str, purpose: Purpose, *, of: str = "") -> str:
        """The signed text of an id of 24 hexadecimal digits; the same each time. ``of``: whose it
        is alone, if anybody's.
        """
        known = bytes.fromhex(id)
        number = int.from_bytes(known + _signature(self.keys[0], known, purpose, of))
        return "".join(_ALPHABET[number // 58**place % 58] for place in reversed(range(_LENGTH)))

    def id(self, token: str, purpose: Purpose, *, of: str = "") -> str | None:
        """The id in a token that we signed for this purpose; None when we did not."""
        read = _bytes(token)
        if read is None:
            return None
        known, shown = read[:_ID], read[_ID:]
        fits = [
            hmac.compare_digest(shown, _signature(key, known, purpose, of)) for key in self.keys
        ]
        return known.hex() if any(fits) else None

    def to_answer(self, turn: str) -> str:
        """The address at which an agent answers an inquiry during this turn of theirs."""
        return f"{self.address}/e/{self.token(turn, Purpose.ANSWER)}"

    def to_change(self, id: str) -> str:
        """The address at which whoever has it sees, moves or cancels this callback."""
        return f"{self.address}/r/{self.token(id, Purpose.CHANGE)}"

    def to_stand_in(self, id: str) -> str:
        """The address at which a colleague sees a request and may take it."""
        return f"{self.address}/remplacement/{self.token(id, Purpose.STAND_IN)}"

    def to_consent(self, id: str) -> str:
        """The address at which somebody reads what they are asked, and answers."""
        return f"{self.address}/mandat/{self.token(id, Purpose.CONSENT)}"

    def to_duty(self, id: str) -> str:
        """The address at which an agent says whether they will be there."""
        return f"{self.address}/creneau/{self.token(id, Purpose.DUTY)}"


def _bytes(token: str) -> bytes | None:
    if len(token) != _LENGTH or not set(token) <= set(_ALPHABET):
        return None
    number = 0
    for letter in token:
        number = number * 58 + _ALPHABET.index(letter)
    size = _ID + _SIGNATURE
    return number.to_bytes(size) if number < 256**size else None


def _signature(key: bytes, known: bytes, purpose: Purpose, of: str) -> bytes:
    lets = f"{purpose}/{of}" if of else purpose
    return hmac.digest(key, lets.encode() + b":" + known, "sha256")[:_SIGNATURE]
