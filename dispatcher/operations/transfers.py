"""What an agent may do with a call that they have: hold it, pass it on, bring somebody in.

Each verb takes the agent's own offer, commits what is intended, and leaves the legs to a job.
A colleague is taken by the same two gates as for any caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from dispatcher.domain.callbacks import State as Promise
from dispatcher.domain.calls import Call, CallSid, OfferId, Step
from dispatcher.domain.consents import ConsentId
from dispatcher.domain.offers import Offer
from dispatcher.domain.transfers import (
    Kind,
    Place,
    Refusal,
    Side,
    State,
    Target,
    ToReferral,
    Transfer,
    TransferId,
)
from dispatcher.operations import moving, parting, targets
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn

Decide = Callable[[Transfer, Transaction], Transfer | Refusal]
Put = Callable[[Call, Transaction], ConsentId | None]
_CONSULTED = frozenset({Kind.WARM, Kind.THIRD})
_CALM = frozenset({State.HELD, State.TOGETHER})


def hold(offer: OfferId, services: Services) -> Transfer | Refusal:
    """Have the citizen wait a moment; the agent stays."""
    return _moved(offer, _if_calm(lambda found, at: found.held(at=at), services), services)


def ask(offer: OfferId, put: Put, services: Services) -> Transfer | Refusal:
    """Have the citizen asked something alone, which ``put`` keeps, or does not; the agent waits
    for both to be together again.
    """

    def decide(found: Transfer, tx: Transaction) -> Transfer | Refusal:
        call, calm = tx.calls.find(found.call), found.state in _CALM and not found.shared
        if call is None or not calm or found.consent is not None:
            return Refusal.NOT_NOW
        asked = put(call, tx)
        return Refusal.NOT_NOW if asked is None else found.held(at=services.now(), consent=asked)

    return _moved(offer, decide, services)


def resume(offer: OfferId, services: Services) -> Transfer | Refusal:
    """Talk with the citizen again."""

    def decide(found: Transfer, _: Transaction) -> Transfer | Refusal:
        held = found.state is State.HELD
        return found.together(at=services.now()) if held else Refusal.NOT_NOW

    return _moved(offer, decide, services)


def begin(offer: OfferId, target: Target, kind: Kind, services: Services) -> Transfer | Refusal:
    """Pass the call on: ``WARM``, ring the target and have a word first; ``COLD``, straight."""
    if isinstance(target, ToReferral):
        return _to_referral(offer, target.referral, kind, services)
    current = _conversation(offer, services)
    if current is None:
        return Refusal.NO_CONVERSATION
    call, agent = current
    taken = targets.take(target, call, agent, services)
    if taken is None:
        return Refusal.NOBODY_FREE
    asked, why = taken

    def decide(found: Transfer, tx: Transaction) -> Transfer | Refusal:
        if found.state not in _CALM or found.shared:
            return Refusal.NOT_NOW
        at, beside = services.now(), replace(asked, call=found.call)
        if not tx.agents.hold_unless_paused(beside.agent, at=at):
            return Refusal.NOBODY_FREE
        if kind is Kind.COLD:
            _goes_on(beside, target, found, tx, at=at)
        _claim(beside, why, tx, at=at)
        straight = kind is Kind.COLD
        return found.over(at=at) if straight else found.consults(kind, beside.id, None, at=at)

    return _told(_moved(offer, decide, services), asked, services)


def bring_in(offer: OfferId, target: Target, services: Services) -> Transfer | Refusal:
    """Ask a third person to come; after ``complete`` all three hear each other."""
    return begin(offer, target, Kind.THIRD, services)


def complete(offer: OfferId, services: Services) -> Transfer | Refusal:
    """The target has heard what it is about: they have the call now, or share it."""

    def decide(found: Transfer, tx: Transaction) -> Transfer | Refusal:
        at = services.now()
        if found.state is not State.CONSULTING:
            return Refusal.NOT_NOW
        leg = leg_of_target(found, tx)
        if leg is None:
            return Refusal.NOT_YET
        there = replace(found, target_leg=leg)
        if found.kind is Kind.THIRD:
            return there.joined(at=at)
        parting.now_with(found.target_offer, found, tx, at=at)
        return there.handed_over(at=at)

    return _moved(offer, decide, services)


def cancel(offer: OfferId, services: Services) -> Transfer | Refusal:
    """Nobody is to be asked after all: agent and citizen are together again."""

    def decide(found: Transfer, _: Transaction) -> Transfer | Refusal:
        consulting = found.state is State.CONSULTING
        return found.together(at=services.now()) if consulting else Refusal.NOT_NOW

    return _moved(offer, decide, services)


def leave(offer: OfferId, services: Services) -> Transfer | Refusal:
    """Leave the citizen to the third person."""

    def decide(found: Transfer, tx: Transaction) -> Transfer | Refusal:
        at = services.now()
        if found.state is not State.TOGETHER or not found.shared:
            return Refusal.NOT_NOW
        parting.now_with(found.target_offer, found, tx, at=at)
        return found.handed_over(at=at)

    return _moved(offer, decide, services)


def _to_referral(offer: OfferId, id: str, kind: Kind, services: Services) -> Transfer | Refusal:
    def decide(found: Transfer, tx: Transaction) -> Transfer | Refusal:
        call, at = tx.calls.find(found.call), services.now()
        known = services.line(call.line).referral(id) if call is not None else None
        if known is None or known.number in services.own_numbers:
            return Refusal.NOT_ALLOWED
        if found.state not in _CALM or found.shared:
            return Refusal.NOT_NOW
        if kind in _CONSULTED:
            return found.consults(kind, None, id, at=at)
        parting.now_with(None, found, tx, at=at)
        return found.referred(id, at=at)

    return _moved(offer, decide, services)


def _if_calm(move: Callable[[Transfer, datetime], Transfer], services: Services) -> Decide:
    def decide(found: Transfer, _: Transaction) -> Transfer | Refusal:
        calm = found.state is State.TOGETHER and not found.shared
        return move(found, services.now()) if calm else Refusal.NOT_NOW

    return decide


def _told(moved: Transfer | Refusal, asked: Offer, services: Services) -> Transfer | Refusal:
    """Whoever was asked sees it at their desk; who could not be, is given back."""
    if isinstance(moved, Refusal):
        targets.give_back(asked, services)
    else:
        services.wakes.wake(asked.agent)
    return moved


def _claim(offer: Offer, why: dict[str, Any], tx: Transaction, *, at: datetime) -> None:
    """The second gate. Raises Withdrawn."""
    if not tx.offers.claim(offer):
        raise Withdrawn
    tx.decisions.keep(why, at=at, call=offer.call, offer=offer.id, agent=offer.agent)


def _goes_on(
    offer: Offer, target: Target, found: Transfer, tx: Transaction, *, at: datetime
) -> None:
    """The call is offered to the target, from where it stands in the line."""
    call = tx.calls.find(found.call)
    if call is None or call.step is not Step.TALKING:
        raise Withdrawn
    moved = targets.wished(call, target).is_offered(offer.id)
    if not tx.calls.save(moved, over=call, at=at):
        raise Withdrawn


def leg_of_target(found: Transfer, tx: Transaction) -> str | None:
    """The leg of whoever was asked and is there; None while they are not."""
    if found.target_offer is None:
        return found.target_leg
    offer = tx.offers.find(found.target_offer)
    there = offer is not None and offer.open and offer.accepted_at is not None
    return offer.leg if offer is not None and there else None


def _moved(id: OfferId, decide: Decide, services: Services) -> Transfer | Refusal:
    """Move the transfer of this agent's call, begun if there is none yet."""
    refusal = Refusal.NO_CONVERSATION
    for _ in range(moving.TRIES):
        moved: Transfer | None = None
        freed: frozenset[OfferId] = frozenset()
        with services.store.writing() as tx:
            found = tx.transfers.led_by(id) or _begun(id, tx, at=services.now())
            if found is None:
                return Refusal.NO_CONVERSATION
            decided = decide(found, tx)
            if isinstance(decided, Refusal):
                refusal = decided
                raise Withdrawn  # nor was anything begun
            freed = moving.save(decided, found, tx, at=services.now())
            moved = decided
        if moved is not None:
            moving.settle(moved, freed, services)
            return moved
    return refusal


def _conversation(id: OfferId, services: Services) -> tuple[Call, Offer] | None:
    """The call that this offer's agent has, and the offer."""
    found: list[tuple[Call, Offer]] = []
    with services.store.writing() as tx:
        offer = tx.offers.find(id)
        transfer = tx.transfers.led_by(id) or _begun(id, tx, at=services.now())
        call = tx.calls.find(transfer.call) if transfer is not None else None
        found += [(call, offer)] if call is not None and offer is not None else []
        if transfer is not None:
            raise Withdrawn  # we only looked
    return found[0] if found else None


def _begun(id: OfferId, tx: Transaction, *, at: datetime) -> Transfer | None:
    """The transfer of a plain conversation, begun; None when there is none. Raises Withdrawn."""
    offer = tx.offers.find(id)
    if offer is None or not offer.open or offer.accepted_at is None or offer.leg is None:
        return None
    if offer.callback is not None:
        return _begun_in_callback(offer, tx, at=at)
    call = tx.calls.find(offer.call) if offer.call is not None else None
    if call is None or call.step is not Step.TALKING or call.offer != id:
        return None
    return _added(call.sid, offer, Side.CITIZEN, tx, at=at)


def _begun_in_callback(offer: Offer, tx: Transaction, *, at: datetime) -> Transfer | None:
    """The citizen's leg of a callback becomes a call of its own, with the place they had."""
    callback = tx.callbacks.find(offer.callback) if offer.callback is not None else None
    if callback is None or offer.reached_at is None or offer.citizen_leg is None:
        return None
    call = Call(
        CallSid(offer.citizen_leg),
        callback.line,
        at,
        number=callback.number,
        step=Step.TALKING,
        commune=callback.commune,
        need=callback.need,
        waiting_since=callback.place_since,
        offer=offer.id,
        offers=1,
        house=callback.house,
        helper=callback.helper,
    )
    if not tx.calls.add(call):
        return None
    tx.callbacks.move(callback.id, of=Promise.CALLING, to=Promise.REACHED, at=at)
    tx.known_callers.helped(callback.number, offer.agent)
    tx.cases.helped(offer.agent, at=at, callback=callback.id)
    return _added(call.sid, offer, Side.AGENT, tx, at=at)


def _added(
    call: CallSid, offer: Offer, follows: Side, tx: Transaction, *, at: datetime
) -> Transfer:
    begun = Transfer(
        TransferId(token_hex(12)),
        call,
        at,
        at,
        at,
        offer=offer.id,
        agent_leg=offer.leg,
        citizen_at=Place.BRIDGE,
        follows=follows,
    )
    if not tx.transfers.add(begun):
        raise Withdrawn
    return begun
