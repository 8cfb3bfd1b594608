"""Telephone numbers at rest: sealed with AES-GCM, found by a keyed hash."""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dispatcher.domain.numbers import PhoneNumber

_NONCE: Final = 12
_SALT: Final = 16
_WORDS: Final = b"words"


class Unreadable(Exception):
    """None of the keys opens this: SECRET_KEY was changed without SECRET_KEY_PREVIOUS."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """32 bytes to seal numbers with, 32 to hash them with, and 32 to know callers again by.

    Callers are known under a hash of their own, so that what they asked us to keep cannot be joined
    to their calls.
    """

    sealing: bytes
    finding: bytes
    knowing: bytes


class Vault:
    """Seals with the newest keys; opens and finds with all of them, the newest first."""

    def __init__(self, keys: Sequence[Keys]) -> None:
        self._seals = [AESGCM(each.sealing) for each in keys]
        self._finders = [each.finding for each in keys]
        self._knowers = [each.knowing for each in keys]

    def seal(self, number: PhoneNumber | None) -> bytes | None:
        """The number, unreadable without the key; two seals of one number differ."""
        if number is None:
            return None
        nonce = os.urandom(_NONCE)
        return nonce + self._seals[0].encrypt(nonce, number.encode(), None)

    def open(self, sealed: bytes | None) -> PhoneNumber | None:
        """The number sealed. Raises Unreadable when no key fits."""
        if sealed is None:
            return None
        for seal in self._seals:
            try:
                return PhoneNumber(seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode())
            except (InvalidTag, ValueError):  # another key, or cut short
                continue
        raise Unreadable

    def seal_words(self, words: str) -> bytes:
        """What is written to somebody, unreadable without the key."""
        nonce = os.urandom(_NONCE)
        return nonce + self._seals[0].encrypt(nonce, words.encode(), _WORDS)

    def open_words(self, sealed: bytes) -> str:
        """The words sealed. Raises Unreadable when no key fits."""
        for seal in self._seals:
            try:
                return seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], _WORDS).decode()
            except (InvalidTag, ValueError):  # another key, or cut short
                continue
        raise Unreadable

    def key(self, number: PhoneNumber | None) -> str | None:
        """What the number is found by."""
        return None if number is None else self.keys(number)[0]

    def keys(self, number: PhoneNumber) -> list[str]:
        """What the number may be found by: under the newest key, then under older ones."""
        return _hashes(self._finders, number)

    def caller_keys(self, number: PhoneNumber) -> list[str]:
        """What a caller who asked to be known may be found by, the newest key first."""
        return _hashes(self._knowers, number)

    def hash_pin(self, pin: str) -> str:
        """A PIN as it is kept: salted, and keyed, since four digits alone are soon guessed."""
        salt = os.urandom(_SALT)
        return f"{salt.hex()}:{self._pin_hash(self._finders[0], salt, pin)}"

    def is_pin(self, pin: str, kept: str) -> bool:
        """Whether this is the PIN kept so."""
        salt, _, known = kept.partition(":")
        hashes = (self._pin_hash(finder, bytes.fromhex(salt), pin) for finder in self._finders)
        return any(hmac.compare_digest(known, each) for each in hashes)

    def _pin_hash(self, finder: bytes, salt: bytes, pin: str) -> str:
        return hmac.new(finder, b"pin:" + salt + pin.encode(), "sha256").hexdigest()


def _hashes(secrets: Sequence[bytes], number: PhoneNumber) -> list[str]:
    return [hmac.new(secret, number.encode(), "sha256").hexdigest() for secret in secrets]
