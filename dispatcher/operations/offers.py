"""Bringing one caller to one agent: taken twice, offered once, closed once.

Redis proposes an agent (or a caller, to a freed agent) in one script; a move of the caller's own
row and one INSERT make it an offer. Whoever loses either gives back what they hold. Every later
request carries the offer's id and is a conditional change of that offer.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from dispatcher.domain import routing
from dispatcher.domain.agents import AgentId, Aside, Need, Skillset
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.calls import Call, CallSid, OfferId, Step
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.offers import (
    End,
    Offer,
    callback_of,
    callback_waiter,
    lease,
    rest_after,
    resting,
    waiter_of,
)
from dispatcher.domain.reasons import reasons
from dispatcher.domain.reserves import PERCENT, Reserve
from dispatcher.domain.routing import FIRST_FOR_WHO_WAITS, Plan, Routed
from dispatcher.domain.territories import FRANCE, Territory
from dispatcher.live.board import BoardLost
from dispatcher.operations import agents, announcing, claims
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)

PROPOSALS_AT_MOST: Final = 5


def seek(call: Call, services: Services, *, over: Call | None = None) -> Call:
    """Take an agent for this waiting caller if one can be had, else let them be found by one.

    With ``over``, the call as SQL has it, that it waits is not saved yet: it is saved together
    with what comes of it. The call afterwards: offered, still waiting, or as somebody else moved
    it meanwhile. Raises BoardLost, and then nothing is saved.
    """
    line = services.line(call.line)
    plan = plan_for(call, services)
    for _ in range(PROPOSALS_AT_MOST):
        at = services.now()
        until = lease(ring_seconds=line.ring_seconds, at=at + announcing.lasting(call, services))
        routed = services.board.assign(call.sid, plan, lease=until, at=at)
        if routed.agent is None:
            return _waits(call, plan, routed, services, over=over)
        offer = Offer(OfferId(token_hex(12)), routed.agent, at, until, call=call.sid)
        moved = claims.claim_for_call(call, offer, reasons(plan, routed), services, over=over)
        if moved is not None:
            return moved
        current = _current(call, services)
        if current.turn != (over or call).turn:
            return current
    return call if over is None else _now_waits(call, over, services)


def seek_for_callback(callback: Callback, services: Services) -> None:
    """Take an agent for a callback if one can be had, else let it be found by one. Raises
    BoardLost.
    """
    at = services.now()
    plan, waiter = plan_for(callback, services), callback_waiter(callback.id)
    until = lease(ring_seconds=services.line(callback.line).ring_seconds, at=at)
    routed = services.board.assign(waiter, plan, lease=until, at=at)
    if routed.agent is None:
        services.board.wait(waiter, plan, since=callback.place_since, at=at)
        return
    offer = Offer(OfferId(token_hex(12)), routed.agent, at, until)
    claims.claim_for_callback(callback.id, offer, reasons(plan, routed), services)


def match_all(freed: Iterable[tuple[AgentId, Skillset]], services: Services) -> None:
    """Find callers for agents freed together, the one with the most urgent caller first."""
    at, cap = services.now(), _most_offers_per_hour(services)
    found = [(services.board.urgency(*each, cap=cap, at=at), *each) for each in freed]
    urgent = [(urgency, agent, skills) for urgency, agent, skills in found if urgency is not None]
    for _, agent, skillset in sorted(urgent):
        match(agent, skillset, services)


def match(agent: AgentId, skillset: Skillset, services: Services) -> None:
    """Offer a free agent the caller they serve best, on the line or for a callback, if any."""
    at, cap = services.now(), _most_offers_per_hour(services)
    until = lease(ring_seconds=max(line.ring_seconds for line in services.lines), at=at)
    found = services.board.match(agent, skillset, cap=cap, lease=until, at=at)
    if found is None:
        return
    waiter, place = found
    offer = Offer(OfferId(token_hex(12)), agent, at, until)
    why = {"freed": True, "ring": place, "agent": agent}
    if (callback := callback_of(waiter)) is not None:
        claims.claim_for_callback(callback, offer, why, services)
    else:
        _offer_call(CallSid(waiter), offer, why, services)


def lend(services: Services) -> None:
    """Look again for callers who were held for somebody near as long as their line holds them.

    They may have anybody now, and nobody has to be freed for it. Raises BoardLost.
    """
    held = services.board.no_longer_held(at=services.now())
    with services.store.reading() as tx:
        found = [tx.calls.find(CallSid(waiter)) for waiter in held if callback_of(waiter) is None]
    for call in found:
        if call is not None and call.step is Step.WAITING and call.queue is not None:
            sought = seek(call, services)
            if sought.step is Step.OFFERED and sought.offer is not None:
                services.bell.ring("calls.hasten", sought.offer)


def release(id: OfferId, services: Services) -> None:
    """Free the agent of a closed offer, after their rest if it earns one, and judge its end."""
    with services.store.reading() as tx:
        offer = tx.offers.find(id)
        line = _line_of(offer, tx) if offer is not None else None
        said = tx.wrap_ups.until(id) if offer is not None and offer.accepted_at else None
    if offer is None or line is None or offer.closed_at is None:
        return
    rest = rest_after(offer, wrap_up=timedelta(seconds=services.line(line).wrap_up_seconds))
    try:
        services.board.gone(waiter_of(offer))
        free_at = (said or offer.closed_at + rest) + FIRST_FOR_WHO_WAITS
        services.board.free(offer.agent, at=free_at, holder=waiter_of(offer))
    except BoardLost:
        log.warning("board lost while freeing an agent; the rebuild frees them")
    agents.judge(offer, services)
    services.wakes.wake(offer.agent)
    if not rest:
        rematch(offer.agent, services)


def rematch(agent: AgentId, services: Services) -> None:
    """Let an agent who has just become free find who waits for them."""
    with services.store.reading() as tx:
        found = tx.agents.roster(agents.calendar(services), only=[agent])
    if found and found[0].skillset is not None:
        try:
            match(agent, found[0].skillset, services)
        except BoardLost:
            log.warning("board lost while matching; the callers' next fetches look themselves")


def free_telephone(call: Call | None, services: Services) -> None:
    """An agent who rang us themselves, on this call, may be rung again."""
    if call is not None and call.as_agent is not None:
        agents.show(call.as_agent, services)
        rematch(call.as_agent, services)


def plan_for(subject: Call | Callback, services: Services) -> Plan:
    """Where to look for the agent of a call, or of a callback."""
    at, helper = services.now(), subject.helper
    tried: frozenset[AgentId] = frozenset()
    if isinstance(subject, Callback) or subject.offers:
        with services.store.reading() as tx:
            tried = resting(_ended(tx, subject), at=at)
            if isinstance(subject, Callback) and subject.booked_at is not None:
                helper = tx.seats.agent_of(subject.id) or helper  # whose time was promised
    commune = services.atlas.commune(subject.commune) if subject.commune else None
    around: tuple[Territory, ...] = services.atlas.around(commune) if commune else (FRANCE,)
    line, need = services.line(subject.line), subject.need or Need.EITHER
    since = subject.place_since if isinstance(subject, Callback) else subject.waiting_since
    # Who told no commune has nobody near to be held for.
    held = timedelta(seconds=line.hold_seconds if commune else 0)
    return routing.plan(
        around,
        need,
        tried=tried,
        offers_per_hour=line.offers_per_hour,
        house=subject.house,
        helper=helper,
        reserve=Reserve(
            services.atlas.beyond(around), line.lend_up_to * PERCENT, (since or at) + held
        ),
    )


def anybody_on(call: Call, services: Services) -> bool:
    """Whether anybody on duty, free or not, could serve this caller. Raises BoardLost."""
    return services.board.manned(plan_for(call, services).baskets)


def rang_back(number: PhoneNumber, services: Services) -> bool:
    """Whether this is the number of an agent being rung right now: their telephone is forwarded to
    us.

    Then it is put aside, or the line would answer itself for ever.
    """
    at = services.now()
    with services.store.writing() as tx:
        agent = tx.agents.at_number(number)
        if agent is None or tx.offers.open_of(agent) is None:
            return False
        tx.agents.put_aside(agent, Aside.FORWARDED_TO_US, at=at)
    log.error("agent %d put aside: their telephone is forwarded to our own line", agent)
    agents.off(agent, services)
    return True


def _waits(
    call: Call, plan: Plan, routed: Routed, services: Services, *, over: Call | None
) -> Call:
    assert call.waiting_since is not None
    if call.queue is not None:  # proven to have been in the queue: somebody freed may take them
        services.board.wait(call.sid, plan, since=call.waiting_since, at=services.now())
        current = _current(call, services)
        if current.step not in {Step.WAITING, Step.OFFERED}:
            services.board.gone(call.sid)  # they left while this fetch was on its way: no ghost
            return current
    if over is not None:
        return _now_waits(call, over, services, why=reasons(plan, routed))
    if call.offers == 0 and call.queue is None:
        with services.store.writing() as tx:
            tx.decisions.keep(reasons(plan, routed), at=services.now(), call=call.sid)
    return call


def _now_waits(
    call: Call, over: Call, services: Services, *, why: Mapping[str, Any] | None = None
) -> Call:
    """Save that this call waits; the call so, or as somebody else moved it first."""
    at = services.now()
    with services.store.writing() as tx:
        saved = tx.calls.save(call, over=over, at=at)
        if saved and why is not None:
            tx.decisions.keep(dict(why), at=at, call=call.sid)
        current = call if saved else tx.calls.find(call.sid)
    return current or over


def _offer_call(sid: CallSid, offer: Offer, why: Mapping[str, Any], services: Services) -> None:
    with services.store.reading() as tx:
        call = tx.calls.find(sid)
    offer = replace(offer, call=sid)
    if call is None or call.step is not Step.WAITING:
        claims.give_back(offer, sid, services)
    elif claims.claim_for_call(call, offer, why, services) is not None:
        services.bell.ring("calls.hasten", offer.id)


def _most_offers_per_hour(services: Services) -> int:
    return max(line.offers_per_hour for line in services.lines)


def _current(call: Call, services: Services) -> Call:
    with services.store.reading() as tx:
        return tx.calls.find(call.sid) or call


def _line_of(offer: Offer, tx: Transaction) -> str | None:
    if offer.call is not None:
        call = tx.calls.find(offer.call)
        return call.line if call else None
    callback = tx.callbacks.find(offer.callback) if offer.callback is not None else None
    return callback.line if callback else None


def _ended(tx: Transaction, subject: Call | Callback) -> list[tuple[AgentId, End, datetime]]:
    of_it = (
        tx.offers.of(callback=subject.id)
        if isinstance(subject, Callback)
        else tx.offers.of(call=subject.sid)
    )
    return [(each.agent, each.end, each.closed_at) for each in of_it if each.end and each.closed_at]
