"""The desk at a glance: who waits, what is owed, and what every agent is doing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatcher.domain.agents import Agent, AgentId, Aside, Need, Pause
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import Call, CallSid, Step, Why
from dispatcher.domain.mails import Now as Mails
from dispatcher.domain.offers import OUTAGE_WITHIN, Offer, outage
from dispatcher.domain.replies import Reply
from dispatcher.domain.routing import FIRST_FOR_WHO_WAITS
from dispatcher.domain.territories import Commune
from dispatcher.domain.texts import Now
from dispatcher.live.board import BoardLost
from dispatcher.operations import agents, mails, texts, wrap_ups
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


class Doing(StrEnum):
    """What an agent is doing, as far as calls go; ON_THE_LINE: they rang us themselves."""

    FREE = "free"
    WRAP_UP = "wrap_up"
    OFFERED = "offered"
    TALKING = "talking"
    ON_THE_LINE = "on_the_line"
    PAUSED = "paused"
    ASIDE = "aside"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class WaitingCaller:
    """Somebody who waits on the line; ``place`` counts those before them with the same need."""

    call: CallSid
    since: datetime
    commune: Commune | None
    need: Need
    place: int


@dataclass(frozen=True, slots=True)
class KeptCallback:
    """Somebody we owe a call."""

    id: CallbackId
    since: datetime
    due_at: datetime
    commune: Commune | None
    need: Need
    why: Why
    state: State


@dataclass(frozen=True, slots=True)
class AgentNow:
    """An agent now; ``until`` when their wrap-up or pause ends."""

    id: AgentId
    name: str
    structure: str
    doing: Doing
    until: datetime | None = None
    aside: Aside | None = None
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The desk at one moment. Not ``live``: from SQL alone, since the board is away."""

    at: datetime
    live: bool
    outage: bool
    waiting: tuple[WaitingCaller, ...]
    callbacks: tuple[KeptCallback, ...]
    agents: tuple[AgentNow, ...]
    texts: Now
    mails: Mails


@dataclass(frozen=True, slots=True)
class Staff:
    """How many agents do what; every doing is there. Not ``live``: from SQL alone."""

    live: bool
    by_doing: Mapping[Doing, int]


def staff(services: Services) -> Staff:
    """How many agents do what now, and nobody's name."""
    at = services.now()
    resting = _resting_on_board(at, services)
    with services.store.reading() as tx:
        found = Counter(each.doing for each in _agents(resting, tx, at, services))
    return Staff(resting is not None, {doing: found[doing] for doing in Doing})


def look(services: Services) -> Overview:
    """Everything at a glance, from SQL; the board says more exactly who is in their wrap-up."""
    at = services.now()
    resting = _resting_on_board(at, services)
    with services.store.reading() as tx:
        owed = tx.callbacks.owed()
        return Overview(
            at=at,
            live=resting is not None,
            outage=outage(tx.offers.failed_since(at - OUTAGE_WITHIN)),
            waiting=_waiting(tx.calls.at_step(Step.WAITING), owed, at, services),
            callbacks=tuple(_kept(each, services) for each in owed),
            agents=tuple(_agents(resting, tx, at, services)),
            texts=texts.now(tx, services),
            mails=mails.now(tx, services),
        )


def _waiting(
    calls: Sequence[Call], owed: Sequence[Callback], at: datetime, services: Services
) -> tuple[WaitingCaller, ...]:
    """Those who wait, longest first; callbacks that are due keep their places among them, but not
    inquiries, which take nobody's telephone.
    """
    rung = [each for each in owed if each.reply is Reply.TELEPHONE]
    due = [each for each in rung if each.state is State.WAITING and each.due_at <= at]
    order = [(each.place_since, each.need) for each in due]
    order += [(_since(call), _need(call)) for call in calls]
    return tuple(
        WaitingCaller(
            call=call.sid,
            since=_since(call),
            commune=_commune(call.commune, services),
            need=_need(call),
            place=1 + sum(n is _need(call) and since < _since(call) for since, n in order),
        )
        for call in sorted(calls, key=_since)
    )


def _since(call: Call) -> datetime:
    return call.waiting_since or call.started_at


def _need(call: Call) -> Need:
    return call.need or Need.EITHER


def _kept(callback: Callback, services: Services) -> KeptCallback:
    return KeptCallback(
        id=callback.id,
        since=callback.asked_at,
        due_at=callback.due_at,
        commune=_commune(callback.commune, services),
        need=callback.need,
        why=callback.why,
        state=callback.state,
    )


def _commune(code: str | None, services: Services) -> Commune | None:
    return services.atlas.commune(code) if code else None


def _resting_on_board(at: datetime, services: Services) -> dict[AgentId, datetime] | None:
    """When the wrap-ups of agents end, or ended; None when the board is away.

    From then on they are there for who waits, and a moment later for everybody.
    """
    try:
        services.board.check_stands()
        shown = services.board.candidates(at=at)
    except BoardLost:
        return None
    return {
        each.id: each.free_at - FIRST_FOR_WHO_WAITS for each in shown if each.free_at is not None
    }


def _agents(
    resting: dict[AgentId, datetime] | None, tx: Transaction, at: datetime, services: Services
) -> Iterator[AgentNow]:
    held, houses = {offer.agent: offer for offer in tx.offers.open()}, tx.structures.names()
    on_the_line = tx.agents.on_the_line()
    said = wrap_ups.resting(tx, services)
    for agent in tx.agents.roster(agents.calendar(services)):
        rest = said.until(agent) if resting is None else resting.get(agent.id)
        rings_us = agent.id in on_the_line
        doing, until = doing_of(agent, held.get(agent.id), rest, at, rings_us=rings_us)
        if doing is Doing.FREE and agent.on_a_page and resting is not None and rest is None:
            doing = Doing.OFF  # behind a page that shows no life
        house = houses[agent.structure]
        yield AgentNow(agent.id, agent.name, house, doing, until, agent.aside, agent.pause)


def doing_of(
    agent: Agent, offer: Offer | None, rest: datetime | None, at: datetime, *, rings_us: bool
) -> tuple[Doing, datetime | None]:
    """What this agent does, and until when if that is known."""
    if offer is not None:
        return (Doing.TALKING if offer.accepted_at else Doing.OFFERED), None
    if agent.aside is not None and not agent.ringable:
        return Doing.ASIDE, None
    if agent.paused(at):
        return Doing.PAUSED, agent.paused_until
    if agent.on_until(at) is None:
        return Doing.OFF, None
    if rings_us:
        return Doing.ON_THE_LINE, None
    return (Doing.WRAP_UP, rest) if rest is not None and rest > at else (Doing.FREE, None)
