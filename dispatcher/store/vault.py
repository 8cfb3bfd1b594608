"""Telephone numbers and names at rest: sealed with AES-GCM, found by a keyed hash."""

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
_SOUND: Final = b"sound"


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

    def seal(self, text: PhoneNumber | str | None) -> bytes | None:
        """The text, unreadable without the key; two seals of one text differ."""
        if text is None:
            return None
        nonce = os.urandom(_NONCE)
        return nonce + self._seals[0].encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes | None) -> PhoneNumber | None:
        """The number sealed. Raises Unreadable when no key fits."""
        text = self.read(sealed)
        return None if text is None else PhoneNumber(text)

    def read(self, sealed: bytes | None) -> str | None:
        """The text sealed. Raises Unreadable when no key fits."""
        if sealed is None:
            return None
        for seal in self._seals:
            try:
                return seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()
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

    def seal_sound(self, sound: bytes) -> bytes:
        """What somebody said, unreadable without the key."""
        nonce = os.urandom(_NONCE)
        return nonce + self._seals[0].encrypt(nonce, sound, _SOUND)

    def open_sound(self, sealed: bytes) -> bytes:
        """The sound sealed. Raises Unreadable when no key fits."""
        for seal in self._seals:
            try:
                return seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], _SOUND)
            except (InvalidTag, ValueError):  # another key, or cut short
                continue
        raise Unreadable

    def key(self, number: PhoneNumber | None) -> str | None:
        """What the number is found by."""
        return None if number is None else self.keys(number)[0]

    def keys(self, number: PhoneNumber) -> list[str]:
        """What the number may be found by: under the newest key, then under older ones."""
        return _hashes(self._finders, number)

    def address_key(self, address: str) -> str:
        """What tells one address of e-mail from another, however it is capitalised."""
        hashed = b"mail:" + address.casefold().encode()
        return hmac.new(self._finders[0], hashed, "sha256").hexdigest()

    def caller_keys(self, number: PhoneNumber) -> list[str]:
        """What a caller who asked to be known may be found by, the newest key first."""
        return _hashes(self._knowers, number)

    def persons(self, number: PhoneNumber, name: str) -> list[str]:
        """What tells apart those who share a number: under the newest key, then under older ones.
        Empty for whoever gave no name.
        """
        if not name:
            return [""]
        return _hashes(self._finders, f"person:{number}:{name}")

    def counted(self, text: str) -> str:
        """What something is counted under that nobody needs to read again."""
        return _hashes(self._finders[:1], f"counted:{text}")[0]

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


def _hashes(secrets: Sequence[bytes], text: str) -> list[str]:
    return [hmac.new(secret, text.encode(), "sha256").hexdigest() for secret in secrets]
