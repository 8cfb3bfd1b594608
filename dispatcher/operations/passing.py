"""What an agent may do with the conversation they have, and to whom they may pass it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.calls import Call, OfferId
from dispatcher.domain.lines import Referral
from dispatcher.domain.offers import Offer
from dispatcher.domain.passing import Stage, stage_of, stage_of_asked
from dispatcher.domain.routing import Candidate
from dispatcher.domain.territories import Commune, Level
from dispatcher.domain.transfers import Kind, State, Transfer
from dispatcher.live.board import BoardLost
from dispatcher.operations import agents, transfers
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

SHOWN: Final = 12
"""Colleagues, the nearest first: more than are read while somebody waits."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is free now; ``level``: how near they are to the citizen."""

    id: AgentId
    name: str
    house: str
    skillset: Skillset
    level: Level


@dataclass(frozen=True, slots=True)
class Passing:
    """An agent's conversation. ``asked``: who is being asked to take it, or is there as a third;
    for whoever was asked themselves, who asks them. ``until``: when a hold, or a word, ends by
    itself, and ``zone`` on whose clock.
    """

    offer: OfferId
    stage: Stage
    commune: Commune | None
    need: Need
    zone: str
    kind: Kind = Kind.HOLD
    asked: str = ""
    until: datetime | None = None
    referrals: tuple[Referral, ...] = ()


def look(agent: AgentId, offer: OfferId, services: Services) -> Passing | None:
    """How the conversation of this offer stands; None when it is over, or is not theirs."""
    with services.store.reading() as tx:
        found = tx.offers.find(offer)
        if found is None or found.agent != agent or not found.open or found.accepted_at is None:
            return None
        transfer = tx.transfers.led_by(offer)
        about = _about(transfer, found, tx)
        if about is None or (transfer is not None and transfer.state is State.REFERRED):
            return None
        there = transfer is not None and transfers.leg_of_target(transfer, tx) is not None
        asking = tx.transfers.asking(offer) if transfer is None else None
        asked = _asked(transfer, about, tx, services) if transfer is not None else _by(asking, tx)
    stage = stage_of_asked(asking) if asking is not None else stage_of(transfer, there=there)
    ends = stage in {Stage.HELD, Stage.RINGING, Stage.WORD}
    return Passing(
        offer,
        stage,
        _commune(about, services),
        about.need or Need.EITHER,
        services.line(about.line).hours.zone,
        transfer.kind if transfer is not None else Kind.HOLD,
        asked,
        transfer.deadline if transfer is not None and ends else None,
        services.line(about.line).referrals,
    )


def colleagues(agent: AgentId, passing: Passing, services: Services) -> list[Colleague]:
    """Who else is free now, the nearest to the citizen first; nobody while the board is away."""
    at = services.now()
    try:
        shown = services.board.candidates(at=at)
    except BoardLost:
        return []
    free = [each for each in shown if each.free_at is not None and each.free_at <= at]
    levels = {
        each.id: level
        for each in free
        if each.id != agent and (level := _level(each, passing.commune, services)) is not None
    }
    near = sorted(levels, key=lambda each: (levels[each], each))[:SHOWN]
    skills = {each.id: each.skillset for each in free}
    with services.store.reading() as tx:
        roster = {each.id: each for each in tx.agents.roster(agents.calendar(services), only=near)}
        houses = tx.structures.names()
    return [
        Colleague(id, found.name, houses[found.structure], skills[id], levels[id])
        for id in near
        if (found := roster.get(id)) is not None
    ]


def _about(transfer: Transfer | None, offer: Offer, tx: Transaction) -> Call | Callback | None:
    """Whom they talk with; None before the citizen of a callback is there."""
    if transfer is not None:
        return tx.calls.find(transfer.call)
    if offer.callback is not None:
        return tx.callbacks.find(offer.callback) if offer.reached_at is not None else None
    return tx.calls.find(offer.call) if offer.call is not None else None


def _asked(transfer: Transfer, about: Call | Callback, tx: Transaction, services: Services) -> str:
    if transfer.referral is not None:
        referral = services.line(about.line).referral(transfer.referral)
        return referral.name if referral is not None else ""
    return _name(transfer.target_offer, tx)


def asked_by(offer: OfferId, tx: Transaction) -> str:
    """Who asks whoever has this offer to take a call of theirs, or to join; empty when nobody."""
    return _by(tx.transfers.asking(offer), tx)


def _by(asking: Transfer | None, tx: Transaction) -> str:
    return _name(asking.offer, tx) if asking is not None else ""


def _name(id: OfferId | None, tx: Transaction) -> str:
    """What the agent of this offer is called."""
    offer = tx.offers.find(id) if id is not None else None
    return "" if offer is None else tx.agents.names([offer.agent]).get(offer.agent, "")


def _commune(about: Call | Callback, services: Services) -> Commune | None:
    return services.atlas.commune(about.commune) if about.commune else None


def _level(candidate: Candidate, commune: Commune | None, services: Services) -> Level | None:
    """How near somebody is; as far as can be, where no commune is known."""
    if commune is None:
        return Level.NATION
    around = services.atlas.around(commune)
    if candidate.excluded.intersection(around):
        return None
    return next((place.level for place in around if place in candidate.places), None)
