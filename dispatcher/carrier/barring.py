"""The one way out: whatever led to a number, it is dialled or texted only through here.

Telephone exchanges call it outgoing call barring. Which numbers are barred, and why, is
``domain/numbers.py``'s to say: premium, shared cost, satellite, foreign, special, none at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher.domain.numbers import Reason, refusal


class Barred(Exception):
    """A number that may be neither dialled nor texted; its text is the reason, never the number."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Barring:
    """Lets numbers out, or not; with ``fiction``, the mobiles of films too: nobody real is rung."""

    fiction: bool = False

    def let_out(self, number: str) -> str:
        """The same number, to be dialled or texted now. Raises Barred."""
        reason = refusal(number, fiction=self.fiction)
        if reason is not None:
            raise Barred(reason)
        return number
