"""Somebody leaves a call that is held, passed on or shared, or never comes: who is with whom then.

The citizen is never left alone: they go on with whoever is there, else back to the head of the
line, at the place they had; after a conversation their call simply ends.
"""

from __future__ import annotations

import logging
from datetime import datetime

from dispatcher.domain.calls import Call, OfferId, Outcome, Step
from dispatcher.domain.offers import end_of_ring
from dispatcher.domain.transfers import Place, Side, State, Transfer, TransferId
from dispatcher.operations import cases, moving
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn

log = logging.getLogger(__name__)


def citizen_gone(
    call: Call, tx: Transaction, *, at: datetime
) -> tuple[Transfer, frozenset[OfferId]] | None:
    """The citizen hung up: their transfer, if any, is over, and these offers beside the call's own
    are closed.
    """
    found = tx.transfers.of(call.sid)
    if found is None or not found.open:
        return None
    over = found.over(at=at, citizen_at=Place.LINE)
    freed = moving.save(over, found, tx, at=at)
    return over, freed - {call.offer or OfferId("")}


def leg_gone(id: TransferId, leg: str, services: Services) -> Transfer | None:
    """The leg of an agent, or of somebody asked, has ended; how the transfer stands then."""

    def decide(found: Transfer, tx: Transaction) -> Transfer | None:
        at, side = services.now(), found.side_of(leg)
        if side is Side.TARGET and found.state is State.TOGETHER:
            return found.together(at=at)
        if side is Side.AGENT and found.state not in {State.CLOSED, State.REFERRED}:
            return _agent_gone(found, tx, at=at)
        return None

    return moving.change(id, decide, services)


def agent_left(id: TransferId, turn: int, services: Services) -> Transfer | None:
    """The conference ended for a citizen who was in it at this turn: their agent hung up."""

    def decide(found: Transfer, tx: Transaction) -> Transfer | None:
        if found.turn != turn or found.state is not State.TOGETHER:
            return None
        return _agent_gone(found, tx, at=services.now())

    return moving.change(id, decide, services)


def lost(id: TransferId, services: Services) -> None:
    """The legs did not come together in time: the caller goes back to the head of the line."""

    def decide(found: Transfer, tx: Transaction) -> Transfer | None:
        at = services.now()
        if not found.open or at < found.deadline:
            return None
        return (_ended if _met(found) else _back_in_line)(found, tx, at=at)

    moving.change(id, decide, services)


def unanswered(id: TransferId, status: str, services: Services) -> Transfer | None:
    """The target was not there, would not, or has left: agent and citizen are together again."""

    def decide(found: Transfer, tx: Transaction) -> Transfer | None:
        at = services.now()
        if found.state is not State.CONSULTING:
            return None
        offer = tx.offers.find(found.target_offer) if found.target_offer else None
        if offer is not None and offer.accepted_at is None:
            tx.offers.close(offer.id, end_of_ring(offer, status), at=at)
        return found.together(at=at)

    return moving.change(id, decide, services)


def referral_over(id: TransferId, services: Services, *, bridged: bool) -> Transfer | None:
    """The citizen's own ring of a number outside ended, in a conversation or in vain."""

    def decide(found: Transfer, tx: Transaction) -> Transfer | None:
        at = services.now()
        if found.state is not State.REFERRED:
            return None
        return _ended(found, tx, at=at) if bridged else _back_in_line(found, tx, at=at)

    return moving.change(id, decide, services)


def _agent_gone(found: Transfer, tx: Transaction, *, at: datetime) -> Transfer | None:
    if found.state is State.TOGETHER and found.shared:
        now_with(found.target_offer, found, tx, at=at)
        return found.handed_over(at=at)
    if found.state is State.TOGETHER and _met(found):
        return _ended(found, tx, at=at)
    return _back_in_line(found, tx, at=at)


def _ended(found: Transfer, tx: Transaction, *, at: datetime) -> Transfer:
    """The conversation is over, as any other."""
    call, offer = tx.calls.find(found.call), found.offer and tx.offers.find(found.offer)
    if call is not None and not call.over:
        if not tx.calls.save(call.ends(Outcome.ANSWERED, at=at), over=call, at=at):
            raise Withdrawn
        if offer and call.number is not None:
            tx.known_callers.helped(call.number, offer.agent)
        if offer:
            cases.answered(call, offer.agent, tx, at=at)
    return found.over(at=at, agent_at=Place.GONE)


def _back_in_line(found: Transfer, tx: Transaction, *, at: datetime) -> Transfer:
    """The caller waits again, at the place they had."""
    call = tx.calls.find(found.call)
    talking = call is not None and call.step is Step.TALKING
    if call is not None and talking and not tx.calls.save(call.waits(at=at), over=call, at=at):
        raise Withdrawn
    return found.over(at=at)


def now_with(offer: OfferId | None, found: Transfer, tx: Transaction, *, at: datetime) -> None:
    """The call is this offer's from now on."""
    call = tx.calls.find(found.call)
    if call is None or call.step is not Step.TALKING:
        raise Withdrawn
    if not tx.calls.save(call.to(Step.TALKING, offer=offer), over=call, at=at):
        raise Withdrawn


def _met(found: Transfer) -> bool:
    return found.citizen_at is Place.ROOM and found.agent_at is Place.ROOM
