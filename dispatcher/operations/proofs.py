"""What proves that somebody is who they say: argon2, TOTP (RFC 6238), and codes on paper.

The libraries are read when somebody first signs in by them, to spare processes that never need it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256
PAPERS: Final = 10
STEP: Final = 30
"""Seconds for which a telephone shows a code (RFC 6238, 5.2)."""
_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that cannot be taken for one another."""
_PAPER: Final = 16
"""Signs: 79 bits, beyond guessing even from a stolen hash."""


def token() -> str:
    """What opens something once, or for a while: 256 bits."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a token. It has 256 bits, so it needs neither salt nor slowness."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """A password as it is kept."""
    return _hasher().hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether this is the password kept so. Without any kept the work is the same, and in vain."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def new_code_key() -> str:
    """A key for a telephone's codes: 160 bits in base 32 (RFC 4226, 4)."""
    from pyotp import random_base32

    return random_base32()


def address(key: str, email: str) -> str:
    """What a telephone reads from the square: whose key it is, and the key."""
    from pyotp import TOTP

    return TOTP(key).provisioning_uri(name=email, issuer_name="Permanence")


def step_of(code: str, key: str, *, at: datetime) -> int | None:
    """The step of time whose code this is, now or one beside it (faults.md R18); None when none.

    Every candidate is compared, so how long it takes tells nothing.
    """
    from pyotp import TOTP

    now, made = int(at.timestamp()) // STEP, TOTP(key)
    steps = range(now - 1, now + 2)
    fits = [step for step in steps if secrets.compare_digest(made.generate_otp(step), code)]
    return fits[-1] if fits else None


def new_papers() -> tuple[str, ...]:
    """Codes to write down, each good once in place of the telephone's."""
    return tuple("".join(_groups()) for _ in range(PAPERS))


def hashed_paper(paper: str, user: str) -> str:
    """What is kept of a code on paper, however it is typed."""
    read = "".join(sign for sign in paper.upper() if sign.isalnum())
    return hashed(f"{user}:{read}")


def _groups() -> Iterator[str]:
    for place in range(_PAPER):
        yield ("-" if place and place % 4 == 0 else "") + secrets.choice(_ALPHABET)


@cache
def _hasher() -> PasswordHasher:
    """OWASP's password storage cheat sheet: argon2id, 19 MiB, two passes, one lane."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    return hash_password(token())
