"""RETIRER MANDAT: what somebody writes to take back what they gave. A closed list, like RAPPEL."""

from __future__ import annotations

from typing import Final

from dispatcher.domain.stops import AROUND, LONGEST, words_in

_REVOKE: Final = frozenset(
    [
        *("retirer", "retire", "retirez", "retrait", "revoquer", "revoque", "revoquez"),
        *("revocation", "annuler", "annule", "annulez", "annulation", "reprendre"),
    ]
)
_MANDATES: Final = frozenset({"mandat", "mandats"})
_ALSO: Final = frozenset({"mon", "le", "un", "son", "demande", "souhaite", "pour"})


def asks_to_revoke(text: str) -> bool:
    """Whether this text takes mandates back, and says nothing else."""
    said = set(words_in(text))
    whole = bool(said & _REVOKE) and bool(said & _MANDATES)
    return len(text) <= LONGEST and whole and said <= _REVOKE | _MANDATES | AROUND | _ALSO
