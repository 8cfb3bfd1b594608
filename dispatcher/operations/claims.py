"""The second gate: what Redis proposed becomes an offer in SQL, or all of it is given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.calls import Call
from dispatcher.domain.offers import Offer, callback_waiter
from dispatcher.operations import windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Withdrawn


def claim_for_call(
    call: Call,
    offer: Offer,
    why: Mapping[str, Any],
    services: Services,
    *,
    over: Call | None = None,
) -> Call | None:
    """Make the proposal an offer; None, and all of it given back, when the call or the agent is no
    longer there. ``over``: the call as SQL has it, when that it waits is not saved yet.
    """
    moved, at = call.is_offered(offer.id), offer.opened_at
    made = False
    with services.store.writing() as tx:
        free = tx.agents.hold_unless_paused(offer.agent, at=at)
        saved = free and tx.calls.save(moved, over=over or call, by_way_of=call, at=at)
        if not saved or not tx.offers.claim(offer):
            raise Withdrawn
        tx.decisions.keep(
            dict(why), at=offer.opened_at, call=call.sid, offer=offer.id, agent=offer.agent
        )
        made = True
    if made:
        services.wakes.wake(offer.agent)
        return moved
    give_back(offer, call.sid, services)
    return None


def claim_for_callback(
    id: CallbackId, offer: Offer, why: Mapping[str, Any], services: Services
) -> None:
    """Make the proposal an offer of this callback and have its agent rung; all of it given back
    when the callback is not to be rung now.
    """
    offer = replace(offer, callback=id)
    made = False
    with services.store.writing() as tx:
        callback = tx.callbacks.find(id)
        waits = callback is not None and callback.state is State.WAITING
        waits = waits and tx.agents.hold_unless_paused(offer.agent, at=offer.opened_at)
        if callback is not None and waits and windows.may_ring(callback, tx, services):
            moved = tx.callbacks.move(id, of=State.WAITING, to=State.OFFERED, at=offer.opened_at)
            if not moved or not tx.offers.claim(offer):
                raise Withdrawn
            tx.decisions.keep(
                dict(why), at=offer.opened_at, callback=id, offer=offer.id, agent=offer.agent
            )
            made = True
    if made:
        services.bell.ring("callbacks.place", offer.id)
        services.wakes.wake(offer.agent)
    else:
        give_back(offer, callback_waiter(id), services)


def give_back(offer: Offer, waiter: str, services: Services) -> None:
    """Undo a proposal. An agent whom SQL knows to be with somebody else is left to that
    one's end.
    """
    services.board.gone(waiter)
    with services.store.reading() as tx:
        busy = tx.offers.open_of(offer.agent) is not None
    if not busy:
        services.board.free(offer.agent, at=services.now(), holder=waiter)
