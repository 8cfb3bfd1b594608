"""Follow-ups: what an agent books, or says, for the person whom they helped last."""

from __future__ import annotations

from dataclasses import replace

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Call
from dispatcher.domain.follow_ups import Helped, Last, Wish, booked, from_when, is_in_time
from dispatcher.domain.numbers import refusal
from dispatcher.domain.offers import End, Offer
from dispatcher.domain.regulars import LONGEST, Consent, Regular
from dispatcher.operations import callbacks, confirmations, reminders, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


def last(agent: AgentId, tx: Transaction, services: Services) -> Helped | None:
    """Whom this agent helped last, while something may still be booked for them."""
    offer = tx.offers.last_answered(agent)
    return of(offer, tx, services) if offer is not None else None


def of(offer: Offer, tx: Transaction, services: Services) -> Helped | None:
    """Whom an agent helped in this conversation, once it is over and while something may still be
    booked for them.
    """
    helped = _helped(offer, tx)
    if offer.closed_at is None or offer.end is not End.ANSWERED or helped is None:
        return None
    line = services.line(helped.line)
    in_time = is_in_time(
        offer.closed_at, days=line.follow_up_days, zone=line.hours.zone, at=services.now()
    )
    refused = refusal(helped.number, fiction=services.fiction)
    return helped if in_time and refused is None else None


def choices(helped: Helped | None, tx: Transaction) -> Last:
    """What may be done for this person."""
    if helped is None:
        return Last.NOBODY
    callback = tx.callbacks.find(helped.callback) if helped.callback is not None else None
    if callback is None or callback.state is not State.REACHED:
        return Last.CALLED
    return Last.REGULAR if _asked(callback, tx) is not None else Last.RUNG_BACK


def book(helped: Helped, wish: Wish, agent: AgentId, tx: Transaction, services: Services) -> bool:
    """Keep the callback of a follow-up, and tell its person; False when they are owed one already,
    which theirs joins.
    """
    at, zone = services.now(), services.line(helped.line).hours.zone
    due_at = from_when(wish.when, zone=zone, at=at, day=wish.day)
    id = callbacks.new_id(at)
    callback = booked(helped, wish, id, agent, due_at=due_at, at=at)
    opens_at = windows.hours_for(callback, services).next_opening(due_at) or due_at
    callback = replace(callback, due_at=opens_at, place_since=opens_at)
    if not tx.callbacks.keep(callback):
        tx.callbacks.keep(replace(callback, state=State.JOINED, closed_at=at))
        return False
    confirmations.confirm(callback, tx, services)
    reminders.plan(callback, tx, services)
    return True


def redirect(helped: Helped, tx: Transaction, services: Services) -> bool:
    """Another service sees to what this person was rung back for; False when nobody was, or that
    was said already.
    """
    id = helped.callback
    return id is not None and tx.callbacks.redirect(id, of=State.REACHED, at=services.now())


def goes_on(helped: Helped, tx: Transaction, services: Services) -> bool:
    """This regular was asked, and goes on for another year; False when they were not, or stopped.

    What they said on the telephone is their consent, noted with the day.
    """
    callback = tx.callbacks.find(helped.callback) if helped.callback is not None else None
    regular = _asked(callback, tx) if callback is not None else None
    at = services.now()
    return regular is not None and tx.regulars.prolong(
        regular.id, Consent.TELEPHONE, until=at + LONGEST, at=at
    )


def _asked(callback: Callback, tx: Transaction) -> Regular | None:
    """The regular whose callback it was, if they were to be asked whether to go on."""
    regular = tx.regulars.find(callback.regular) if callback.regular is not None else None
    return regular if regular is not None and regular.asked_again_at is not None else None


def _helped(offer: Offer, tx: Transaction) -> Helped | None:
    if offer.callback is not None:
        callback = tx.callbacks.find(offer.callback)
        if callback is None or not callback.number:  # erased
            return None
        return Helped(
            callback.line,
            callback.number,
            callback.commune,
            callback.need,
            callback.house,
            callback.first_name,
            callback.discreet,
            callback.id,
        )
    call = tx.calls.find(offer.call) if offer.call is not None else None
    return _caller(call) if call is not None else None


def _caller(call: Call) -> Helped | None:
    number = call.keyed_number or call.number
    if number is None:
        return None
    return Helped(call.line, number, call.commune, call.need or Need.EITHER, call.house)
