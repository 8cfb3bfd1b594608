"""One key for each use, all derived from SECRET_KEY, so that none of them reveals another."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LENGTH = 32  # bytes: AES-256, HMAC-SHA256


def derive(secret: str, use: str) -> bytes:
    """The 32-byte key for one use, always the same for the same secret (HKDF-SHA256, RFC 5869).

    Whatever was encrypted or hashed under a use is lost to whoever renames that use.
    """
    if not use:
        raise ValueError("a key needs a use")
    info = f"permanence {use}".encode()
    return HKDF(algorithm=SHA256(), length=LENGTH, salt=None, info=info).derive(secret.encode())
