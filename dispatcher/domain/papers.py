"""Papers: what attests a mandate, in print, from a template that is kept by its hash.

A template is a text, one part a line; its first sign says how the line looks: ``!`` across every
page, ``#`` title, ``##`` heading, ``-`` point, ``*`` once for each grant, ``@`` what the code to
photograph is called, ``~`` small. An edition never changes: other words are another edition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from dispatcher.domain.mandates import Mandate, State


class Kind(StrEnum):
    """Which paper; as papers and the journal name their templates."""

    DRAFT = "projet"  # worth nothing: nobody agreed yet
    GIVEN = "attestation"
    REVOKED = "revocation"
    OVER = "fin"


class Look(StrEnum):
    """How a part looks."""

    ACROSS = "!"
    TITLE = "#"
    HEADING = "##"
    POINT = "-"
    GRANT = "*"
    CODE = "@"
    SMALL = "~"
    PLAIN = ""


_SIGNS: Final = frozenset(Look) - {Look.PLAIN}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text, and how it looks."""

    look: Look
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What is to be printed. ``foot``: at the foot of each page. ``address``: where it is checked;
    printed as a code too. Its title names nobody: it is told to whoever lists files.
    """

    title: str
    parts: tuple[Part, ...]
    across: str
    address: str
    foot: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Template:
    """An edition of the text of a paper."""

    kind: Kind
    edition: int
    text: str

    @property
    def name(self) -> str:
        """As the paper and the journal name it: ``attestation/1``."""
        return f"{self.kind}/{self.edition}"

    @property
    def sha256(self) -> str:
        """Of its file, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()

    def parts(self, values: Mapping[str, str], grants: Sequence[str]) -> Iterator[Part]:
        """It, filled: what is filled in is text, whatever signs it holds. Raises KeyError."""
        known = {**values, "template": self.name, "sha256": self.sha256}
        for line in self.text.splitlines():
            sign, _, rest = line.partition(" ")
            look, said = (Look(sign), rest) if sign in _SIGNS else (Look.PLAIN, line)
            for grant in grants if look is Look.GRANT else ("",):
                yield Part(look, said.format_map({**known, "grant": grant}))


def kind_of(mandate: Mandate, at: datetime) -> Kind | None:
    """The paper of a mandate at this moment; None when there is nothing to attest: it was refused,
    given up, or nobody knows any more whose it was.
    """
    state = mandate.state(at)
    if mandate.person is None or state in {State.REFUSED, State.WITHDRAWN}:
        return None
    if mandate.consented_at is None:
        return Kind.DRAFT
    if state.holds:
        return Kind.GIVEN
    return Kind.REVOKED if state is State.REVOKED else Kind.OVER


def over_since(mandate: Mandate, at: datetime) -> datetime | None:
    """When the last of its grants came to its end; None while one holds, or before the consent."""
    if mandate.consented_at is None or mandate.state(at).holds:
        return None
    ends = (each.ended_at if each.over(at) else each.until for each in mandate.grants)
    return max((each for each in ends if each is not None), default=None)
