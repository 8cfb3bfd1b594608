"""What partners ask, and are told: the same as whoever fills in the form, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import Why
from dispatcher.domain.floods import PARTNER_ASKS
from dispatcher.domain.lines import Line
from dispatcher.domain.partners import is_of
from dispatcher.domain.requests import Request
from dispatcher.operations import bookings, changes, requests
from dispatcher.operations.services import Services


class Refused(StrEnum):
    """Why nothing is kept."""

    TOO_OFTEN = "too_often"
    REUSED = "reused"  # the key of this request was another request's
    TAKEN = "taken"  # nothing is left of the half-hour that they chose


@dataclass(frozen=True, slots=True)
class Asked:
    """The callback as the partner sees it; ``anew``: it was not asked for before."""

    callback: Callback
    anew: bool


def ask(
    request: Request, id: CallbackId, partner: str, line: Line, services: Services
) -> Asked | Refused:
    """Keep the callback that a partner asks for under this id, once.

    Of one just asked for is never told where it stands: somebody may be owed one already.
    """
    before = changes.look(id, services)
    try:
        kept = requests.ask(
            replace(request, why=Why.PARTNER),
            id,
            line,
            services,
            address=partner,
            allowance=PARTNER_ASKS,
            once=True,
        )
    except bookings.Taken:
        return Refused.TAKEN
    if kept is None:
        return Refused.TOO_OFTEN
    if not is_of(kept, request):
        return Refused.REUSED
    if before is not None:
        return Asked(before, anew=False)
    return Asked(replace(kept, state=State.WAITING), anew=True)
