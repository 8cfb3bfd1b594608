"""Building the board again from SQL after Redis lost it."""

from __future__ import annotations

import logging
from datetime import timedelta
from secrets import token_hex
from typing import Final

from dispatcher.domain.calls import CallSid, Step
from dispatcher.domain.offers import callback_of, callback_waiter, waiter_of
from dispatcher.operations import agents, offers
from dispatcher.operations.services import Services

log = logging.getLogger(__name__)

DOUBTFUL_AFTER: Final = timedelta(seconds=1)
"""A proposal that SQL does not know this long after its lease will never be an offer."""


def rebuild(services: Services) -> bool:
    """Bring agents, open offers and all who wait back from SQL, if Redis was emptied or started
    again; False when it was not, or somebody else is at it.

    Raises BoardLost while Redis is away. Scripts refuse until this has ended.
    """
    holder = token_hex(8)
    if services.board.is_current() or not services.board.begin_rebuild(holder):
        return False
    at = services.now()
    with services.store.reading() as tx:
        roster = tx.agents.roster(agents.calendar(services))
        waiting = [call for call in tx.calls.at_step(Step.WAITING) if call.queue is not None]
        callbacks = tx.callbacks.due(at=at)
    for standing in agents.standings(roster, services):
        services.board.duty(standing, at=at, rebuilding=True)
    for call in waiting:
        plan = offers.plan_for(call, services)
        since = call.waiting_since or call.started_at
        services.board.wait(call.sid, plan, since=since, at=at, rebuilding=True)
    for callback in callbacks:
        plan, waiter = offers.plan_for(callback, services), callback_waiter(callback.id)
        services.board.wait(waiter, plan, since=callback.place_since, at=at, rebuilding=True)
    if not services.board.end_rebuild(holder, at=at):
        return False  # Redis was emptied under our hands: the next round begins again
    log.warning("board rebuilt: %d calls and %d callbacks wait", len(waiting), len(callbacks))
    return True


def reconcile(services: Services) -> None:
    """Mend what a process left half done between the two gates. Raises BoardLost.

    Somebody held on the board without an open offer in SQL, past the lease, is freed; somebody whom
    SQL knows to have an offer is held; somebody who waits there and whose call is over is gone.
    """
    at = services.now()
    _let_ghosts_go(services)
    with services.store.reading() as tx:
        held = {offer.agent: offer for offer in tx.offers.open()}
        roster = {
            agent.id: agent for agent in tx.agents.roster(agents.calendar(services), only=held)
        }
    shown = services.board.holders(services.board.on_duty())
    for agent, (holder, lease) in shown.items():
        offer = held.get(agent)
        if offer is None and holder and (lease is None or lease + DOUBTFUL_AFTER < at):
            services.board.free(agent, at=at, holder=holder)
        elif offer is not None and holder != waiter_of(offer) and (lease is None or lease < at):
            services.board.off(agent)
            for standing in agents.standings([roster[agent]], services):
                services.board.duty(standing, at=at)


def _let_ghosts_go(services: Services) -> None:
    """Nobody waits on the board whose call or callback has ended: that is for good."""
    shown = services.board.waiting()  # looked at before SQL: who comes after is none of ours
    callbacks = {id: waiter for waiter in shown if (id := callback_of(waiter)) is not None}
    sids = shown - set(callbacks.values())
    with services.store.reading() as tx:
        living = tx.calls.living(CallSid(sid) for sid in sids)
        owed = tx.callbacks.still_owed(callbacks)
    for ghost in (sids - living) | {callbacks[id] for id in callbacks.keys() - owed}:
        services.board.gone(ghost)
