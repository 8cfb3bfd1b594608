"""What an agent says of themselves at their desk: there, in a pause, gone; and what they pass on.

Each is one transaction whose last word is a conditional change: of two tabs, or of a tab and the
telephone, one is first. What the carrier must be asked for is a job.
"""

from __future__ import annotations

from dispatcher.domain.agents import AgentId, Pause
from dispatcher.domain.calls import OfferId
from dispatcher.domain.offers import End
from dispatcher.domain.wrap_ups import WrapUp
from dispatcher.operations import agents, wrap_ups
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


def come_on(id: AgentId, services: Services) -> None:
    """They may be rung, from now on: their pause and their wrap-up are over."""
    at = services.now()
    with services.store.writing() as tx:
        [agent] = tx.agents.roster(agents.calendar(services), only=[id])
        tx.agents.heed(id, agent.comes_on(at), at=at)
    agents.show(id, services)


def rest(id: AgentId, why: Pause, services: Services) -> None:
    """They are not to be rung for a while, or today any more. Whoever is being offered to them is
    passed on; whoever they speak with is not cut off.
    """
    at = services.now()
    with services.store.writing() as tx:
        [agent] = tx.agents.roster(agents.calendar(services), only=[id])
        tx.agents.heed(id, agent.rests(why, at), at=at)
        offer = tx.offers.open_of(id)
        passed = offer is not None and tx.offers.decline(offer.id, of=id, at=at)
    agents.show(id, services)
    if offer is not None and passed:
        services.bell.ring("calls.let_go", offer.id)


def pass_on(id: AgentId, offer: OfferId, services: Services) -> bool:
    """They do not take this one; False when they took it, or it went to somebody else, or away.

    A browser that refused it a moment before, by the same press, has done what they wanted.
    """
    with services.store.writing() as tx:
        passed = tx.offers.decline(offer, of=id, at=services.now())
        found = tx.offers.find(offer)
    if passed:
        services.bell.ring("calls.let_go", offer)
        services.wakes.wake(id)
    refused = found is not None and found.agent == id and found.end is End.DECLINED
    return passed or refused


def hang_up(id: AgentId, offer: OfferId, services: Services) -> bool:
    """They end their conversation; False when there was none of theirs.

    One that is over, as after a browser hung up by the same press, is as they want it.
    """
    with services.store.reading() as tx:
        found = tx.offers.find(offer)
    if found is None or found.agent != id or found.accepted_at is None:
        return False
    if found.open:
        services.bell.ring("calls.hang_up", offer)
    return True


def extend(id: AgentId, offer: OfferId, services: Services) -> bool:
    """They need longer after the conversation of this offer, once; False when its wrap-up is over,
    or was put off before.
    """
    with services.store.writing() as tx:
        goes_on = _wrap_up(id, offer, tx, services)
        done = goes_on is not None and tx.wrap_ups.extend(offer, until=goes_on.extended)
    if done:
        agents.show(id, services)
    return done


def finish(id: AgentId, offer: OfferId, services: Services) -> bool:
    """They need no longer after the conversation of this offer; False when its wrap-up is over."""
    with services.store.writing() as tx:
        goes_on = _wrap_up(id, offer, tx, services)
        if goes_on is not None:
            tx.wrap_ups.finish(offer, at=services.now())
    if goes_on is not None:
        agents.show(id, services)
    return goes_on is not None


def _wrap_up(id: AgentId, offer: OfferId, tx: Transaction, services: Services) -> WrapUp | None:
    """The wrap-up after this offer, if they are in it."""
    [agent] = tx.agents.roster(agents.calendar(services), only=[id])
    found = wrap_ups.resting(tx, services, agent=id).of(agent)
    return found if found is not None and found.offer == offer else None
