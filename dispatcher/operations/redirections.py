"""Redirections: a supervisor says that another service sees to what somebody asked."""

from __future__ import annotations

from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.operations import changes
from dispatcher.operations.services import Services

REDIRECTABLE = (State.WAITING, State.REACHED)
"""Nobody is rung for it this moment."""


def redirect(id: CallbackId, service: str | None, services: Services) -> bool:
    """End this callback: ``service`` sees to it. False when somebody is being rung for it now, when
    it ended otherwise, or is unknown. What the service is called is sealed, and in no log.
    """
    at = services.now()
    with services.store.writing() as tx:
        ended = any(
            tx.callbacks.redirect(id, of=state, at=at, service=service) for state in REDIRECTABLE
        )
    if ended:
        changes.leave_the_board(id, services)
    return ended
