"""To whom an agent passes a call: taken on the board first, then by an offer of their own."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from typing import Any

from dispatcher.domain.agents import Need, Skillset
from dispatcher.domain.calls import Call, OfferId
from dispatcher.domain.offers import Offer, lease, waiter_of
from dispatcher.domain.reasons import reasons
from dispatcher.domain.routing import Basket, Plan
from dispatcher.domain.territories import Level, Territory
from dispatcher.domain.transfers import Target, ToAgent, ToNeed, ToTerritory
from dispatcher.live.board import BoardLost
from dispatcher.operations import claims, offers
from dispatcher.operations.services import Services


def take(
    target: Target, call: Call, agent: Offer, services: Services
) -> tuple[Offer, dict[str, Any]] | None:
    """An offer proposed to whom the agent wishes, and why to them; None when nobody is free."""
    at, line = services.now(), services.line(call.line)
    until = lease(ring_seconds=line.ring_seconds, at=at)
    id = OfferId(token_hex(12))
    asked = Offer(id, agent.agent, at, until, call=call.sid, beside=True)
    plan = _plan(target, call, agent, services)
    try:
        routed = services.board.assign(waiter_of(asked), plan, lease=until, at=at)
    except BoardLost:
        return None
    if routed.agent is None:
        return None
    return replace(asked, agent=routed.agent), {**reasons(plan, routed), "passed_on": True}


def give_back(offer: Offer, services: Services) -> None:
    """Undo a proposal that became no offer."""
    try:
        claims.give_back(offer, waiter_of(offer), services)
    except BoardLost:
        return  # the rebuild frees them


def wished(call: Call, target: Target) -> Call:
    """The call as it is to go on: for another need, or another place."""
    match target:
        case ToNeed(need):
            return replace(call, need=need)
        case ToTerritory(Territory(level=Level.COMMUNE, code=code)):
            return replace(call, commune=code)
        case _:
            return call


def _plan(target: Target, call: Call, agent: Offer, services: Services) -> Plan:
    """Where to look; never at the agent who asks, and of nobody else's calls of today."""
    plan = offers.plan_for(replace(wished(call, target), house=None, helper=None), services)
    tried = plan.tried | {agent.agent}
    match target:
        case ToAgent(id):
            return _only(Territory.helper(id), call, plan, tuple(Skillset))
        case ToTerritory(place) if place.level is not Level.COMMUNE:
            plan = _only(place, call, plan, tuple(dict.fromkeys(b.skillset for b in plan.baskets)))
    return replace(plan, tried=tried)


def _only(place: Territory, call: Call, plan: Plan, skills: tuple[Skillset, ...]) -> Plan:
    baskets = tuple(Basket(place, each) for each in skills)
    need = call.need or Need.EITHER
    return Plan((place,), need, baskets, frozenset(), plan.offers_per_hour)
