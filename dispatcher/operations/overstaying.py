"""Transfers of which too little came in time: asked for again, ended, or undone."""

from __future__ import annotations

import logging
from datetime import datetime

from dispatcher.carrier.rest import CarrierError
from dispatcher.domain.calls import CallSid
from dispatcher.domain.offers import End
from dispatcher.domain.transfers import MEET_WITHIN, Place, Side, State, Transfer, TransferId
from dispatcher.operations import moving, offers, parting
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn

log = logging.getLogger(__name__)


def look(services: Services) -> None:
    """Every second: what a killed job, or the carrier, left behind."""
    at = services.now()
    with services.store.reading() as tx:
        unmoved, overdue = tx.transfers.unmoved(at=at), tx.transfers.overdue(at=at)
    for transfer in unmoved:
        if _never_moved(transfer, at=at):
            _undo(transfer.id, services)
        elif not transfer.arrived():
            services.bell.ring("transfers.move", transfer.id)
    for transfer in overdue:
        _end(transfer, services)


def verify(call: CallSid, services: Services) -> None:
    """Ask the carrier whether those are still there with whom this citizen is in a conference."""
    with services.store.reading() as tx:
        transfer = tx.transfers.of(call)
    if transfer is None or not transfer.open:
        return
    for side in (Side.TARGET, Side.AGENT):
        leg = transfer.leg_of(side)
        try:
            over = leg is not None and services.carrier.state(CallSid(leg)).over
        except CarrierError as error:
            log.warning("transfer %s: the %s could not be verified: %s", transfer.id, side, error)
            continue
        if over and leg is not None:
            parting.leg_gone(transfer.id, leg, services)


def _end(transfer: Transfer, services: Services) -> None:
    if transfer.state is State.CONSULTING:
        parting.unanswered(transfer.id, "no-answer", services)
    elif transfer.state is State.HELD:
        moving.change(transfer.id, lambda found, _: _back(found, services.now()), services)
    elif not transfer.arrived():
        parting.lost(transfer.id, services)


def _back(found: Transfer, at: datetime) -> Transfer | None:
    overdue = found.state is State.HELD and found.deadline <= at
    return found.together(at=at) if overdue else None


def _never_moved(transfer: Transfer, *, at: datetime) -> bool:
    """Whether agent and citizen talk on as if nothing had been asked."""
    still = transfer.citizen_at is Place.BRIDGE and transfer.agent_at is Place.BRIDGE
    asked = transfer.open and transfer.state is not State.REFERRED
    return still and asked and at - transfer.moved_at >= MEET_WITHIN


def _undo(id: TransferId, services: Services) -> None:
    """It is a plain conversation again: whoever was asked is let go, and nobody else."""
    at, asked = services.now(), None
    with services.store.writing() as tx:
        found = tx.transfers.find(id)
        if found is None or not _never_moved(found, at=at):
            return
        _let_go(found, tx, at=at)
        asked = found.target_offer
    if asked is not None:
        offers.release(asked, services)
    log.warning("transfer %s: the carrier moved nobody; it is undone", id)


def _let_go(found: Transfer, tx: Transaction, *, at: datetime) -> None:
    if found.target_offer is not None:
        tx.offers.close(found.target_offer, End.CALLER_GONE, at=at)
    undone = found.undone(at=at)
    moving.unask(undone, found, tx, at=at)
    if not tx.transfers.save(undone, over=found):
        raise Withdrawn
