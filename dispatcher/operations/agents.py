"""Who is on duty, and who is left alone for a while."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache

from dispatcher.domain.agents import (
    DENIALS_BEFORE_ASIDE,
    MISSES_BEFORE_PAUSE,
    ON_THE_LINE,
    Agent,
    AgentId,
    Aside,
    Pause,
    aside_due,
    pause_due,
)
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.offers import OUTAGE_WITHIN, UNREACHABLE_FOR, End, Offer, outage, waiter_of
from dispatcher.domain.routing import FIRST_FOR_WHO_WAITS
from dispatcher.domain.territories import Territory
from dispatcher.domain.texts import Kind, TextId
from dispatcher.domain.timetables import Calendar
from dispatcher.domain.zones import places
from dispatcher.live.board import BoardLost, Standing
from dispatcher.operations import texts, wrap_ups
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)


def refresh(services: Services) -> None:
    """Bring everybody on duty who should be, and off who should not. Raises BoardLost.

    What the directory changed while the board was away, or a slower process wrote after it, is set
    right too: everybody who differs from what the board shows is written, and nobody else.
    """
    at = services.now()
    with services.store.reading() as tx:
        roster = tx.agents.roster(calendar(services))
    shown = services.board.shown()
    due = {standing.id: standing for standing in standings(roster, services)}
    for gone in shown.keys() - due.keys():
        services.board.off(gone)
    for id, standing in due.items():
        if shown.get(id) != standing.shown:
            services.board.duty(standing, at=at)


def standings(agents: Iterable[Agent], services: Services) -> list[Standing]:
    """How agents on duty stand on the board, from SQL: who holds them, or since when they are free.

    Whoever is rung in a browser alone is on duty while a page of theirs shows life.
    """
    at = services.now()
    agents = list(agents)
    if not agents:
        return []
    awake = services.desks.awake(at=at) if any(each.on_a_page for each in agents) else frozenset()
    with services.store.reading() as tx:
        held = {offer.agent: offer for offer in tx.offers.open()}
        resting = wrap_ups.resting(tx, services)
        unreachable = tx.offers.unreachable_since(at - UNREACHABLE_FOR)
        on_the_line = tx.agents.on_the_line()
        offered = tx.offers.counts_since(
            at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        )
    found = []
    for agent in agents:
        until, skillset, offer = agent.on_until(at), agent.skillset, held.get(agent.id)
        if until is None or skillset is None or (agent.on_a_page and agent.id not in awake):
            continue
        free_at = at + ON_THE_LINE if agent.id in on_the_line else at
        free_at = max(free_at, resting.until(agent) or free_at)
        if agent.id in unreachable:
            free_at = max(free_at, agent.rested_at(unreachable[agent.id], UNREACHABLE_FOR))
        free_at += FIRST_FOR_WHO_WAITS
        found.append(
            Standing(
                id=agent.id,
                skillset=skillset,
                places=(Territory.house(agent.structure), *places(agent.zones, services.atlas)),
                excluded=agent.zones.excluded,
                until=until,
                free_at=None if offer else free_at,
                offers_this_hour=offered.get(agent.id, 0),
                holder=waiter_of(offer) if offer else "",
                lease=offer.lease_until if offer else None,
                on_a_page=agent.on_a_page,
            )
        )
    return found


def off(agent: AgentId, services: Services) -> None:
    """Ring this agent no more; when the board is lost, its rebuild leaves them out."""
    try:
        services.board.off(agent)
    except BoardLost:
        log.warning("board lost while taking an agent off duty")


def judge(offer: Offer, services: Services) -> None:
    """What the end of an offer says of its agent: pause them, put their number aside, or nothing.

    A burst of failures is the carrier's outage, and then nobody is blamed.
    """
    at = services.now()
    with services.store.reading() as tx:
        failing = tx.offers.failed_since(at - OUTAGE_WITHIN) if offer.end is End.FAILED else []
        latest = tx.offers.latest(offer.agent, limit=max(MISSES_BEFORE_PAUSE, DENIALS_BEFORE_ASIDE))
    if outage(failing):
        log.error("carrier outage: %d agents could not be rung in two minutes", len(set(failing)))
    elif aside_due(latest):
        put_aside(offer.agent, Aside.NO_SUCH_NUMBER, services)
    elif (until := pause_due(latest, at=at)) is not None:
        _pause(offer.agent, until, services)
    elif offer.end is End.BUSY:
        show(offer.agent, services)  # on the line with us, perhaps: not to be rung again there


def put_aside(agent: AgentId, why: Aside, services: Services) -> None:
    """Ring this agent's number no more until the directory is mended."""
    with services.store.writing() as tx:
        new = tx.agents.put_aside(agent, why, at=services.now())
    if new:
        log.error("agent %d put aside: %s", agent, why)
    off(agent, services)


def show(id: AgentId, services: Services) -> None:
    """Show this one agent on the board as SQL has them now; when it is lost, its rebuild does.

    Somebody who is with a caller stays theirs. Anybody else is free as of now, or when what keeps
    them ends.
    """
    at = services.now()
    with services.store.reading() as tx:
        found = tx.agents.roster(calendar(services), only=[id])
    try:
        due = standings(found, services)
        if not due:
            services.board.off(id)
        for standing in due:
            services.board.duty(standing, at=at)
            if standing.free_at is not None:
                services.board.free(id, at=standing.free_at, unless_held=True)
    except BoardLost:
        log.warning("board lost while showing agent %d; its rebuild will", id)
    services.wakes.wake(id)


def _pause(agent: AgentId, until: datetime, services: Services) -> None:
    with services.store.writing() as tx:
        new = tx.agents.pause(agent, Pause.MISSED, at=services.now(), until=until)
        told = _tell_paused(agent, until, tx, services) if new else None
    off(agent, services)
    services.wakes.wake(agent)
    if new:
        log.info("agent %d paused after two misses", agent)
    texts.prompt(told, services)


def _tell_paused(
    agent: AgentId, until: datetime, tx: Transaction, services: Services
) -> TextId | None:
    """Text an agent that they are paused and how to come back, as long as they are."""
    number = tx.agents.telephone(agent)
    if number is None:
        return None
    return texts.queue(
        tx,
        services,
        kind=Kind.AGENT_PAUSED,
        number=number,
        about=f"{agent}-{round(until.timestamp())}",
        words={"number": in_pairs(services.lines[0].public_number)},
        expires_at=until,
    )


def calendar(services: Services) -> Callable[[str], Calendar]:
    """What clocks and calendars of a commune show."""

    def of(code: str) -> Calendar:
        commune = services.atlas.commune(code)
        if commune is None:
            return Calendar()
        return Calendar(services.atlas.timezone(commune), services.holidays(commune.departement))

    return cache(of)
