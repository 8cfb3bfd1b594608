"""The one way out: whatever led to a number, it is dialled or texted only through here.

Telephone exchanges call it outgoing call barring. Which numbers are barred, and why, is
``domain/numbers.py``'s to say: premium, shared cost, satellite, foreign, special, none at all.
What is texted must be a mobile besides, and must not have said STOP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dispatcher.domain import texts
from dispatcher.domain.channels import IDENTITY, Softphone
from dispatcher.domain.numbers import PhoneNumber, Reason, is_mobile, refusal

Why = Reason | texts.Reason
"""Why a number is not dialled, or one that may be dialled is not texted."""


class Barred(Exception):
    """A number that may be neither dialled nor texted; its text is the reason, never the number."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Barring:
    """Lets numbers out, or not; with ``fiction``, the mobiles of films too: nobody real is rung.

    ``stopped`` says who wants no text of ours; without it nobody is known to have said STOP.
    """

    fiction: bool = False
    stopped: Callable[[PhoneNumber], bool] | None = None

    def let_out(self, number: str) -> str:
        """The same number, to be dialled or texted now. Raises Barred."""
        reason = refusal(number, fiction=self.fiction)
        if reason is not None:
            raise Barred(reason)
        return number

    def let_out_browser(self, softphone: Softphone) -> str:
        """The id by which a browser of ours is rung now: nobody's number. Raises Barred."""
        if IDENTITY.fullmatch(softphone.identity) is None:
            raise Barred(Reason.NOT_A_NUMBER)
        return softphone.identity

    def let_out_agent(self, to: PhoneNumber | Softphone) -> str:
        """What an agent is rung on now, as a request names it. Raises Barred."""
        if isinstance(to, Softphone):
            return f"client:{self.let_out_browser(to)}"
        return self.let_out(to)

    def let_out_text(self, number: str) -> str:
        """The same number, to be texted now. Raises Barred."""
        let_out = self.let_out_reply(number)
        if not is_mobile(let_out, fiction=self.fiction):
            raise Barred(texts.Reason.NOT_MOBILE)
        return let_out

    def let_out_reply(self, number: str, *, confirms: bool = False) -> str:
        """The same number, whose own text is answered now. Raises Barred.

        What ``confirms`` a STOP is the one text that goes to somebody who said it.
        """
        let_out = self.let_out(number)
        if not confirms and self.stopped is not None and self.stopped(PhoneNumber(let_out)):
            raise Barred(texts.Reason.STOPPED)
        return let_out
