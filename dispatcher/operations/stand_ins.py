"""Looking for somebody who stands in: when a removal leaves nobody there, or when an agent asks.

What colleagues do with it is in ``swaps.py``. A plan is made before its transaction, from one
reading of the directory, and what it says is written with the removal it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.coverage import Gap, own_rows
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.occurrences import Change, Occurrence, SlotId
from dispatcher.domain.removals import Removal
from dispatcher.domain.schedule import local
from dispatcher.domain.slots import Span
from dispatcher.domain.stand_ins import MOST_AT_ONCE, StandIn, StandInId, State, colleagues
from dispatcher.operations import agents, coverage, stand_in_notices
from dispatcher.operations.coverage import Outlook
from dispatcher.operations.services import Services
from dispatcher.operations.stand_in_notices import NONE, Letters
from dispatcher.store.store import Transaction


@dataclass(frozen=True, slots=True)
class Search:
    """Whom to ask for one occurrence, the nearest first."""

    wanted: StandIn
    colleagues: tuple[AgentId, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked, and the gaps that coordinators are told of."""

    agent: Agent
    gaps: tuple[Gap, ...]
    searches: tuple[Search, ...]


def plan(id: AgentId, removal: Removal, services: Services) -> Plan | None:
    """What is to be done once this is removed; None: nothing, as somebody else is there."""
    found = coverage.look(id, removal, services)
    if found is None or not found.gaps:
        return None
    open = found.open[:MOST_AT_ONCE]
    return Plan(found.agent, found.gaps, _searches(found, open, services, released=True))


def plan_ask(id: AgentId, slot: SlotId, day: date, services: Services) -> Plan | None:
    """What is to be done when they ask for somebody in one occurrence, which stays theirs until it
    is taken; None when it has begun, or is not there.
    """
    found = _occurrence(id, slot, day, services)
    if found is None:
        return None
    return Plan(found.agent, (), _searches(found, found.open, services, released=False))


def begin(planned: Plan | None, tx: Transaction, services: Services) -> Letters:
    """Ask colleagues, and tell coordinators, in the transaction of what it is about."""
    if planned is None:
        return NONE
    told = NONE
    for search in planned.searches:
        told += _ask(search, planned.agent, tx, services)
    return told + _tell_of_gaps(planned, tx, services) if planned.gaps else told


def ask(id: AgentId, slot: SlotId, day: date, services: Services) -> StandIn | None:
    """Look for somebody for one occurrence of theirs: the request as it stands; None when there is
    nothing to ask for.
    """
    planned = plan_ask(id, slot, day, services)
    if planned is None:
        return None
    with services.store.writing() as tx:
        told = begin(planned, tx, services)
        standing = tx.stand_ins.open_for(slot, day)
    stand_in_notices.prompt(told, services)
    return standing


def withdraw(id: AgentId, slot: SlotId, day: date, services: Services) -> bool:
    """They will be there after all; False when nobody was looked for, or somebody was found."""
    with services.store.writing() as tx:
        wanted = tx.stand_ins.open_for(slot, day)
        if wanted is None or wanted.agent != id:
            return False
        return tx.stand_ins.close(wanted.id, State.WITHDRAWN, at=services.now())


def expire(services: Services) -> None:
    """What begins and nobody took is closed, and coordinators told; what is moot, in silence."""
    at = services.now()
    with services.store.reading() as tx:
        begun = tx.stand_ins.begun(at=at)
    for wanted in begun:
        told = NONE
        with services.store.writing() as tx:
            told = _expire(wanted, tx, services, at=at)
        stand_in_notices.prompt(told, services)


def _expire(wanted: StandIn, tx: Transaction, services: Services, *, at: datetime) -> Letters:
    asker = next(iter(tx.agents.roster(agents.calendar(services), only=[wanted.agent])), None)
    moot = wanted.is_moot(asker)
    closed = tx.stand_ins.close(wanted.id, State.WITHDRAWN if moot else State.EXPIRED, at=at)
    if moot or not closed or asker is None:
        return NONE
    return _tell_nobody(wanted, asker, tx, services)


def _tell_nobody(wanted: StandIn, asker: Agent, tx: Transaction, services: Services) -> Letters:
    return stand_in_notices.tell_coordinators(
        MailKind.STAND_IN_NOBODY, wanted.id, [wanted.occurrence], asker, tx, services
    )


def _ask(search: Search, agent: Agent, tx: Transaction, services: Services) -> Letters:
    """Keep a request and tell colleagues, unless there is one for this occurrence."""
    wanted = search.wanted
    if not tx.stand_ins.ask(wanted):
        return NONE
    if wanted.released:
        return stand_in_notices.propose(wanted, agent, search.colleagues, tx, services)
    tx.timetables.unconfirm(wanted.slot, wanted.day)
    if not search.colleagues:
        return _tell_nobody(wanted, agent, tx, services)
    return stand_in_notices.propose(wanted, agent, search.colleagues, tx, services)


def _tell_of_gaps(planned: Plan, tx: Transaction, services: Services) -> Letters:
    agent, first = planned.agent, planned.gaps[0]
    about = f"{agent.id}.{first.start.timestamp():.0f}.{token_hex(4)}"
    found = [each.wanted.occurrence for each in planned.searches] or [_as_occurrence(first, agent)]
    count = len({id for each in planned.searches for id in each.colleagues})
    return stand_in_notices.tell_coordinators(
        MailKind.STAND_IN_GAP, about, found, agent, tx, services, count=count
    )


def _searches(
    found: Outlook, open: Sequence[Occurrence], services: Services, *, released: bool
) -> tuple[Search, ...]:
    agent, at, atlas = found.agent, services.now(), services.atlas
    rows, searches = own_rows(agent, atlas), []
    for each in open:
        id = StandInId(token_hex(8))
        wanted = StandIn.of(id, agent.id, each, released=released, at=at)
        may = colleagues(wanted, agent, found.roster, rows, atlas)
        searches.append(Search(wanted, may))
    return tuple(searches)


def _occurrence(id: AgentId, slot: SlotId, day: date, services: Services) -> Outlook | None:
    """One occurrence of theirs that is to come, and who serves where they do, as they are now."""
    with services.store.reading() as tx:
        roster = tuple(coverage.near(id, tx, services))
    agent = next((each for each in roster if each.id == id), None)
    its = agent.slots.slot(slot) if agent is not None else None
    if agent is None or its is None:
        return None
    change = next((each for each in its.changes if each.day == day), Change(day))
    on = change.to.day if change.to is not None else day
    for each in agent.slots.occurrences(on, on):
        if (each.slot, each.day) == (slot, day) and each.start > services.now():
            return Outlook(agent, (), (each,), roster)
    return None


def _as_occurrence(gap: Gap, agent: Agent) -> Occurrence:
    """What is left of a slot under way, in the hours of its agent's clock."""
    there = local(gap.start, agent.timezone)
    start = there.hour * 60 + there.minute
    span = Span(start, start + (gap.end - gap.start) // timedelta(minutes=1))
    return Occurrence(SlotId(""), there.date(), there.date(), span, agent.timezone)
