"""Callbacks: kept with the caller's place, offered like a call, placed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from dispatcher.domain.callbacks import CallbackId, kept_for
from dispatcher.domain.calls import Call, Outcome, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import offers
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


def keep(call: Call, tx: Transaction, services: Services) -> None:
    """Keep this call's callback in the transaction that moves the call.

    A new number replaces the old. Somebody who rings again while their callback still waits is rung
    back once, at the place they had.
    """
    at = services.now()
    hours = services.line(call.line).hours
    opening = hours.next_opening(at) if call.why in {Why.CLOSED, Why.MISSED} else None
    callback = kept_for(call, _new_id(at), due_at=opening or at, at=at)
    if tx.callbacks.renumber(call.sid, callback.number):
        return
    if not tx.callbacks.awaits(callback.number, callback.need):
        tx.callbacks.keep(callback)


def _new_id(at: datetime) -> CallbackId:
    """An id that sorts by its moment: of equal places, the board takes the first by name."""
    return CallbackId(f"{round(at.timestamp() * 1000):012x}{token_hex(6)}")


def offer_due(services: Services, *, limit: int = 100) -> None:
    """Bring callbacks that are due to agents who are free, in the order of their places. Raises
    BoardLost.
    """
    with services.store.reading() as tx:
        due = tx.callbacks.due(at=services.now(), limit=limit)
    for callback in due:
        offers.seek_for_callback(callback, services)


def keep_late(call: Call, number: PhoneNumber, services: Services) -> None:
    """Keep the callback of a caller who keyed it while SQL was away, whether SQL knows the call or
    not.

    Twice keeps one. The place is that of the moment the call reached us.
    """
    with services.store.writing() as tx:
        tx.calls.add(call.ends(Outcome.CALLBACK, at=call.started_at))
        known = tx.calls.find(call.sid) or call
        since = known.waiting_since or known.started_at
        kept = replace(known, keyed_number=number, waiting_since=since, why=Why.ASKED)
        keep(kept, tx, services)
        tx.calls.amend(call.sid, Outcome.CALLBACK)
