"""Agents' browsers: which of them are awake, and what rings for an offer."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.channels import Channel, Softphone, Via, rung_via
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.live.board import BoardLost
from dispatcher.operations import agents
from dispatcher.operations.services import Services

log = logging.getLogger(__name__)


def beat(agent: AgentId, page: str, *, can_ring: bool, services: Services) -> bool:
    """A page of the agent's shows life; whether their desk can ring now. Raises BoardLost.

    Whoever is rung there alone comes on, or goes off, with it. Nobody's page rings for real whose
    agent has yet to practise.
    """
    rings = can_ring and not must_practise(agent, services)
    felt = services.desks.beat(agent, page, can_ring=rings, at=services.now())
    if felt.could != felt.can:
        _show(agent, services)
    return felt.can


def must_practise(agent: AgentId, services: Services) -> bool:
    """Whether the agent is to live an invented call before a page of theirs rings for real."""
    if not services.practice:
        return False
    with services.store.reading() as tx:
        return tx.practices.of(agent) is None


def practise(agent: AgentId, services: Services) -> None:
    """The agent has lived an invented call to its end. Twice does no harm."""
    with services.store.writing() as tx:
        tx.practices.note(agent, at=services.now())


def put_asleep(services: Services) -> None:
    """Every second: off duty go those who are rung on a page alone and whose page fell silent.

    Nobody is offered to them since their page's time was over: the board's scripts see to that.
    Raises BoardLost.
    """
    for agent in services.desks.fallen_asleep(at=services.now()):
        _show(agent, services)


def rung_for(id: OfferId, services: Services) -> PhoneNumber | Softphone | None:
    """What rings for this offer: decided once, so that a step said again rings the same.

    None: nothing can, since the only page of theirs fell asleep meanwhile.
    """
    with services.store.reading() as tx:
        found, offer = tx.softphones.rung_for(id), tx.offers.find(id)
    if found is None or offer is None:
        return None
    if found.softphone is None or (found.channel is Channel.TELEPHONE and offer.via is None):
        return found.number
    via = offer.via
    if via is None:
        awake = _awake(offer.agent, services)
        telephone = found.number is not None and not found.aside
        via = rung_via(found.channel, telephone=telephone, awake=awake)
        if via is None:
            return None
        via = _settled(id, via, services)
    return found.softphone if via is Via.BROWSER else found.number


def there(on: Iterable[Agent], services: Services) -> list[Agent]:
    """Those of these agents whom something can ring; nobody is there behind a page that sleeps."""
    try:
        awake = services.desks.awake(at=services.now())
    except BoardLost:
        awake = frozenset()
    return [agent for agent in on if not agent.on_a_page or agent.id in awake]


def open_for(agent: AgentId, services: Services) -> Softphone:
    """The agent's browser, which from the first time on is rung before their telephone."""
    with services.store.reading() as tx:
        found = tx.softphones.find(agent)
    if found is None:
        with services.store.writing() as tx:
            found = tx.softphones.open(agent)
    assert found is not None
    return found


def choose(agent: AgentId, channel: Channel, services: Services) -> None:
    """The agent wants to be rung on this; they come on or go off duty with it."""
    with services.store.writing() as tx:
        tx.softphones.choose(agent, channel)
    agents.show(agent, services)


def keeps_to_telephone(agent: Agent, services: Services) -> bool:
    """Whether they said that they want no browser to ring: none ever has, of most who have not."""
    if agent.channel is not Channel.TELEPHONE:
        return False
    with services.store.reading() as tx:
        return tx.softphones.find(agent.id) is not None


def find(agent: AgentId, services: Services) -> Agent | None:
    """The agent as the directory has them."""
    with services.store.reading() as tx:
        found = tx.agents.roster(agents.calendar(services), only=[agent])
    return found[0] if found else None


def _settled(id: OfferId, via: Via, services: Services) -> Via:
    """What rings for it: what somebody settled before us, else this."""
    with services.store.writing() as tx:
        tx.offers.learn(id, via=via)
        offer = tx.offers.find(id)
    if offer is not None:
        services.wakes.wake(offer.agent)  # whose desk says what rings
    return via if offer is None or offer.via is None else offer.via


def _show(id: AgentId, services: Services) -> None:
    agent = find(id, services)
    if agent is not None and agent.on_a_page:
        agents.show(id, services)


def _awake(agent: AgentId, services: Services) -> bool:
    """Whether a page of theirs can ring; a Redis that is away says that none can."""
    try:
        return agent in services.desks.awake(at=services.now())
    except BoardLost:
        log.warning("no desk can be looked at: Redis is away")
        return False
