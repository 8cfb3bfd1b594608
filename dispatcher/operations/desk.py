"""An agent's desk at one moment: a dozen small queries, however many agents there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain.agents import Agent, AgentId, Need, Pause
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.calls import Call, OfferId
from dispatcher.domain.channels import Channel, Via
from dispatcher.domain.desks import Day, Duty, Earlier, Owed, theirs
from dispatcher.domain.offers import Offer
from dispatcher.domain.schedule import midnight_after, midnight_before
from dispatcher.domain.territories import Level
from dispatcher.domain.wrap_ups import WrapUp
from dispatcher.domain.zones import ring
from dispatcher.operations import agents, passing, wrap_ups
from dispatcher.operations.overview import Doing, doing_of
from dispatcher.operations.passing import Passing
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

NIGHT: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Card:
    """Who calls, or is to be rung back, as far as an agent is told; never their number.

    ``via``: what rings for it, once that is settled; ``asked_by``: the colleague who asks them.
    """

    offer: OfferId
    commune: str | None
    need: Need
    since: datetime
    earlier: Earlier
    talking: bool
    rung_back: bool
    via: Via | None = None
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What an agent's page shows. ``until``: when their pause, their wrap-up or their time on duty
    ends, as far as that is known; ``slot``: the one they are in, or their next.
    """

    at: datetime
    agent: Agent
    doing: Doing
    until: datetime | None
    wrap_up: WrapUp | None
    card: Card | None
    slot: Duty | None
    callbacks: tuple[Owed, ...]
    day: Day
    passing: Passing | None = None

    @property
    def writes_of(self) -> OfferId | None:
        """The conversation that there is something to write of: this one, or the last."""
        if self.card is not None:
            return self.card.offer if self.card.talking else None
        return None if self.wrap_up is None else self.wrap_up.offer


def look(id: AgentId, services: Services) -> Desk | None:
    """The desk of this agent; None when the directory has nobody of this id."""
    at = services.now()
    with services.store.reading() as tx:
        found = tx.agents.roster(agents.calendar(services), only=[id])
        if not found:
            return None
        agent = found[0]
        offer = tx.offers.open_of(id)
        resting = wrap_ups.resting(tx, services, agent=id)
        rings_us = tx.agents.is_on_the_line(id)
        midnight = midnight_before(at, agent.timezone)
        day = tx.desks.day(id, since=midnight)
        owed = theirs(
            tx.desks.owed(until=midnight_after(at, agent.timezone)), agent, near(agent, services)
        )
        wanted = offer is not None and offer.wanted
        card = _card(offer, agent, tx, services) if offer is not None and wanted else None
    held = offer if card is not None else None
    doing, until = doing_of(agent, held, resting.until(agent), at, rings_us=rings_us)
    if doing is Doing.PAUSED and agent.pause is Pause.DAY_OVER:
        doing = Doing.OFF
    if doing is Doing.FREE:
        until = None if _endless(agent, at) else _today(agent.on_until(at), agent, at)
    wrap_up = resting.of(agent) if doing is Doing.WRAP_UP else None
    stands = passing.look(id, card.offer, services) if card is not None and card.talking else None
    return Desk(at, agent, doing, until, wrap_up, card, Duty.of(agent, at), owed, day, stands)


def near(agent: Agent, services: Services) -> Callable[[str], Level | None]:
    """How near this agent is to a commune."""

    def of(code: str) -> Level | None:
        commune = services.atlas.commune(code)
        return None if commune is None else ring(agent.zones, commune, services.atlas)

    return of


def _card(offer: Offer, agent: Agent, tx: Transaction, services: Services) -> Card | None:
    subject: Call | Callback | None
    if offer.call is not None:
        subject = tx.calls.find(offer.call)
    else:
        subject = tx.callbacks.find(offer.callback) if offer.callback is not None else None
    if subject is None:
        return None
    rung_back = isinstance(subject, Callback)
    since = subject.asked_at if isinstance(subject, Callback) else subject.waiting_since
    commune = services.atlas.commune(subject.commune) if subject.commune else None
    return Card(
        offer=offer.id,
        commune=None if commune is None else commune.name,
        need=subject.need or Need.EITHER,
        since=since or offer.opened_at,
        earlier=tx.desks.earlier(call=offer.call, callback=offer.callback),
        talking=offer.accepted_at is not None,
        rung_back=rung_back,
        via=offer.via or (Via.TELEPHONE if agent.channel is Channel.TELEPHONE else None),
        asked_by=passing.asked_by(offer.id, tx),
    )


def _endless(agent: Agent, at: datetime) -> bool:
    """Whether they are on as long as nobody says otherwise."""
    return agent.automatic and agent.slots.covers(at) and agent.slots.until(at) is None


def _today(until: datetime | None, agent: Agent, at: datetime) -> datetime | None:
    """A moment of today, or of the night to come; None when it is later."""
    tomorrow = midnight_after(at, agent.timezone) + NIGHT
    return until if until is not None and until <= tomorrow else None
