"""Callbacks: kept with the caller's place, offered like a call, tried until they are reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from dispatcher.domain import attempts
from dispatcher.domain.attempts import Miss
from dispatcher.domain.callbacks import Callback, CallbackId, State, kept_for
from dispatcher.domain.calls import Call, Outcome, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import cases, confirmations, offers, reminders, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

SHORTLY: Final = timedelta(minutes=2)
"""When somebody is rung again whose agent hung up before they could pick up."""


def keep(call: Call, tx: Transaction, services: Services) -> None:
    """Keep this call's callback in the transaction that moves the call.

    A new number replaces the old. Somebody who rings again while their callback still waits is rung
    back once, at the place they had. So is who gave the code of a callback still owed: it is rung
    at the number that it was promised to, unless they key another.
    """
    at = services.now()
    joins = cases.joined(call, tx, services)
    if call.keyed_number is None and (joins is not None or call.number is None):
        return
    hours = services.line(call.line).hours
    opening = hours.next_opening(at) if call.why in {Why.CLOSED, Why.MISSED, Why.CUT_OFF} else None
    callback = kept_for(call, new_id(at), due_at=opening or at, at=at)
    if joins is not None:
        callback = replace(callback, place_since=min(callback.place_since, joins.place_since))
    owed = tx.callbacks.awaiting(callback.number, callback.need)
    if owed is not None and owed.call != call.sid:
        tx.callbacks.withdraw(call.sid, at=at)
    elif not tx.callbacks.renumber(call.sid, callback.number):
        due_at = windows.hours_for(callback, services).next_opening(callback.due_at)
        tx.callbacks.keep(replace(callback, due_at=due_at or callback.due_at))
    kept = tx.callbacks.of(call.sid)
    if kept is None:
        cases.begin(tx, services, call=call.sid, agent=call.helper)
    else:
        cases.begin(tx, services, callback=kept.id, agent=call.helper)
    if kept is not None and not kept.state.over:
        confirmations.confirm(kept, tx, services)
        reminders.plan(kept, tx, services)


def new_id(at: datetime) -> CallbackId:
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


def missed(callback: Callback, why: Miss | None, tx: Transaction, services: Services) -> None:
    """The citizen was rung and not reached, or (None) whoever rang them hung up before."""
    at, calling = services.now(), State.CALLING
    if why is None:
        again = at + SHORTLY
        tx.callbacks.move(callback.id, of=calling, to=State.WAITING, at=at, due_at=again)
        return
    if why is Miss.DEAD:
        tx.callbacks.move(callback.id, of=calling, to=State.DEAD, at=at, after=why)
        return
    hours = windows.hours_for(callback, services, again=True)
    again_at = attempts.next_after(callback, hours, at=at)
    to = State.CLOSED if again_at is None else State.WAITING
    moved = tx.callbacks.move(callback.id, of=calling, to=to, at=at, due_at=again_at, after=why)
    if moved and to.over and callback.regular is None:  # a regular is rung again in their rhythm
        reminders.close(callback, tx, services)


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
        if known.outcome is not Outcome.ANSWERED:  # promised all the same, and served as well
            tx.calls.amend(call.sid, Outcome.CALLBACK)
