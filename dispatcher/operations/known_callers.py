"""Remembering callers who ask for it, and forgetting them."""

from __future__ import annotations

import logging
from datetime import timedelta

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import Call
from dispatcher.domain.known_callers import KnownCaller
from dispatcher.domain.offers import End
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)


def note(call: Call, tx: Transaction, services: Services) -> None:
    """Keep this caller's commune and who helped them, or forget both, in the transaction that moves
    their call.
    """
    if call.number is None:
        return
    if not call.remembered or call.commune is None:
        tx.known_callers.forget(call.number)
        return
    days = timedelta(days=services.line(call.line).remember_days)
    known = KnownCaller(call.commune, _helper(call, tx))
    tx.known_callers.remember(call.number, known, until=services.now() + days)


def expire(services: Services) -> None:
    """Forget everybody whose date has passed."""
    with services.store.writing() as tx:
        gone = tx.known_callers.expire(at=services.now())
    if gone:
        log.info("%d callers are no longer remembered", gone)


def _helper(call: Call, tx: Transaction) -> AgentId | None:
    """Who answered this call; else who helped them before."""
    answered = [each.agent for each in tx.offers.of(call=call.sid) if each.end is End.ANSWERED]
    return answered[-1] if answered else call.helper
