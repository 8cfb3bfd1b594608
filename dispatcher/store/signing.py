"""Ed25519: one key that signs heads of the journal, and public keys that read them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class BadKey(ValueError):
    """This is no key of that kind."""


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """The key of JOURNAL_SIGNING_KEY."""

    private: Ed25519PrivateKey

    @classmethod
    def made(cls) -> Self:
        """A new one."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Of its 32 bytes in base64. Raises BadKey."""
        try:
            return cls(Ed25519PrivateKey.from_private_bytes(b64decode(text, validate=True)))
        except (Error, ValueError) as wrong:
            raise BadKey from wrong

    @property
    def text(self) -> str:
        """As it is written in the settings."""
        return b64encode(self.private.private_bytes_raw()).decode()

    @property
    def key(self) -> str:
        """Its name."""
        return _named(self.private.public_key())

    @property
    def public(self) -> str:
        """Its public half, in PEM: what everybody may have."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

    def sign(self, message: bytes) -> str:
        """The signature, in hexadecimal."""
        return self.private.sign(message).hex()


class PublicKeys:
    """Keys that read signatures, by their names."""

    def __init__(self, pems: Iterable[str]) -> None:
        """Of public keys in PEM. Raises BadKey."""
        self._keys = {_named(key): key for key in map(_read, pems)}

    def knows(self, key: str) -> bool:
        """Whether the key of this name is among them."""
        return key in self._keys

    def is_signed(self, message: bytes, signature: str, key: str) -> bool:
        """Whether this key signed this."""
        try:
            self._keys[key].verify(bytes.fromhex(signature), message)
        except (KeyError, InvalidSignature, ValueError, TypeError):
            return False
        return True


def _read(pem: str) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, TypeError) as wrong:
        raise BadKey from wrong
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey
    return key


def _named(key: Ed25519PublicKey) -> str:
    return sha256(key.public_bytes_raw()).hexdigest()[:16]
