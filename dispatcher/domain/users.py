"""Users: people with an account, whom their e-mail names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from dispatcher.domain.agents import AgentId
from dispatcher.domain.roles import Grant, Role

UserId = NewType("UserId", str)
Email = NewType("Email", str)
"""Whom an account is of: somebody@somewhere, casefolded."""

_EMAIL: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_LONGEST: Final = 254
"""Signs: RFC 5321, 4.5.3.1."""


def email(text: str) -> Email | None:
    """The address that a text names, in one spelling; None when it is none."""
    folded = text.strip().casefold()
    return Email(folded) if len(folded) <= _LONGEST and _EMAIL.fullmatch(folded) else None


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an account, and what they may do. ``agent``: who they are in the directory."""

    id: UserId
    email: Email
    created_at: datetime
    agent: AgentId | None = None
    disabled_at: datetime | None = None
    has_password: bool = False
    has_code: bool = False
    grants: tuple[Grant, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """What they are here."""
        return frozenset(grant.role for grant in self.grants)


class LinkKind(StrEnum):
    """Why somebody was given a link to sign in with."""

    ASKED = "asked"
    INVITED = "invited"


LINK_HOLDS: Final = {
    LinkKind.ASKED: timedelta(minutes=15),
    LinkKind.INVITED: timedelta(days=7),
}
"""For how long each may be used, once."""


class How(StrEnum):
    """How somebody signed in."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105
    PROVIDER = "provider"


class Stage(StrEnum):
    """How far somebody has come: CODE, and their telephone's code is still asked for."""

    CODE = "code"
    IN = "in"


CODE_WITHIN: Final = timedelta(minutes=10)
"""For so long the code is waited for."""
FRESH_FOR: Final = timedelta(minutes=15)
"""So soon after signing in somebody may change how they sign in."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts: ``idle`` since its last page, ``whole`` since its beginning."""

    idle: timedelta = timedelta(hours=2)
    whole: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in. ``id`` names it to them, and opens nothing."""

    id: str
    user: UserId
    stage: Stage
    how: How
    began_at: datetime
    seen_at: datetime
    until: datetime
    hint: str | None = None

    def is_fresh(self, at: datetime) -> bool:
        """Whether somebody signed in just now."""
        return at - self.began_at < FRESH_FOR
