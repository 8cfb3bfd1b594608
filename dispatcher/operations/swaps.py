"""What a colleague does with a request for a stand-in: looks at it, and takes it; by link, key or
text, first come, first served.

Whoever takes it has a slot of their own, and whoever asked is released, in one transaction. What a
link leads to depends on how everything stands then: a slot that was moved since is asked for no
more, and nobody who could not be rung, or whose account is closed, is shown anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.coverage import own_rows
from dispatcher.domain.occurrences import Change, Slot, SlotId
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_drafts import minute
from dispatcher.domain.slot_menu import CONFIRMED_WITHIN
from dispatcher.domain.stand_ins import StandIn, StandInId, State, may_take, read_link
from dispatcher.domain.texts import Kind
from dispatcher.operations import agents, stand_in_notices
from dispatcher.operations.services import Services
from dispatcher.operations.stand_in_notices import NONE, Letters
from dispatcher.store.store import Transaction, Withdrawn

_TEXTED: Final = (Kind.AGENT_STAND_IN, Kind.AGENT_STAND_IN_YES)
ANSWERED_WITHIN: Final = timedelta(days=14)
"""No request is for later than that."""
_TRIES: Final = 3
"""Somebody may take it, or change that slot, at the very moment; then it is looked at again."""


class Standing(StrEnum):
    """How a request stands for one colleague."""

    OPEN = "open"  # theirs, if they want
    YOURS = "yours"  # they took it
    GONE = "gone"  # somebody else did
    OVER = "over"  # nobody is looked for any more
    BUSY = "busy"  # they are not free then, or do not serve that place


_SAID_FIRST: Final = (Standing.YOURS, Standing.GONE, Standing.BUSY, Standing.OVER)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request, as a colleague finds it."""

    wanted: StandIn
    standing: Standing


def look(id: StandInId, colleague: AgentId, services: Services) -> Seen | None:
    """How it stands for them; None when there is no such request or colleague."""
    with services.store.reading() as tx:
        found = _both(id, colleague, tx, services)
    if found is None:
        return None
    return Seen(found.wanted, _standing(found, services))


def accept(id: StandInId, colleague: AgentId, services: Services) -> Seen | None:
    """They take it, if nobody has; twice is once."""
    tried, seen, told = 0, None, NONE
    while tried < _TRIES:
        tried += 1
        with services.store.writing() as tx:
            seen, told = take(id, colleague, tx, services)
            tried = _TRIES  # not come to when somebody else was first at this very moment
    stand_in_notices.prompt(told, services)
    shown(seen, services)
    return seen


def take(
    id: StandInId, colleague: AgentId, tx: Transaction, services: Services
) -> tuple[Seen | None, Letters]:
    """The same in a transaction; mails and texts are to be rung for after it, and both agents
    shown. Raises Withdrawn when somebody takes it, or changes that slot, at this moment.
    """
    found = _both(id, colleague, tx, services)
    if found is None:
        return None, NONE
    wanted, at = found.wanted, services.now()
    standing = _standing(found, services)
    if standing is Standing.OVER and wanted.state is State.OPEN and wanted.starts_at > at:
        tx.stand_ins.close(id, State.WITHDRAWN, at=at)
    if standing is not Standing.OPEN:
        return Seen(wanted, standing), NONE
    _swap(found, tx, services)
    assert found.asker is not None
    told = stand_in_notices.tell_found(wanted, found.asker, tx, services)
    theirs = replace(wanted, state=State.TAKEN, taken_by=colleague, closed_at=at)
    return Seen(theirs, Standing.YOURS), told


def offered(
    colleague: Agent, tx: Transaction, services: Services, *, begins: int | None = None
) -> StandIn | None:
    """The soonest request that they may take; of those that begin in this minute alone."""
    found = _offered(colleague, tx, services)
    named = (w for w in found if begins is None or minute(w.starts_at) == begins)
    return next(named, None)


def by_text(colleague: AgentId, services: Services) -> Seen | Standing | None:
    """They answer OUI: to the one request they were texted of. None when to none; OPEN alone when
    to several that they may take.
    """
    with services.store.reading() as tx:
        told = tx.texts.told(_TEXTED, since=services.now() - ANSWERED_WITHIN)
        named = {read_link(about) for _, about in told}
        asked = [id for id, to in named if to == colleague]
        found = [both for id in asked if (both := _both(id, colleague, tx, services)) is not None]
    seen = [Seen(each.wanted, _standing(each, services)) for each in found]
    open = [each.wanted for each in seen if each.standing is Standing.OPEN]
    if len(open) == 1:
        return accept(open[0].id, colleague, services)
    if open:
        return Standing.OPEN
    seen.sort(key=lambda each: _SAID_FIRST.index(each.standing))
    return next(iter(seen), None)


def shown(taken: Seen | None, services: Services) -> None:
    """Bring both agents to how they stand now, after the transaction."""
    if taken is not None and taken.standing is Standing.YOURS:
        for agent in (taken.wanted.agent, taken.wanted.taken_by):
            if agent is not None:
                agents.show(agent, services)


@dataclass(frozen=True, slots=True)
class _Both:
    wanted: StandIn
    asker: Agent | None
    colleague: Agent


def _both(id: StandInId, colleague: AgentId, tx: Transaction, services: Services) -> _Both | None:
    wanted = tx.stand_ins.find(id)
    if wanted is None:
        return None
    named = tx.agents.roster(agents.calendar(services), only=[wanted.agent, colleague])
    people = {each.id: each for each in named}
    found, account = people.get(colleague), tx.users.of_agent(colleague)
    shut = account is not None and account.disabled_at is not None
    if found is None or shut or not found.ringable:
        return None
    return _Both(wanted, people.get(wanted.agent), found)


def _standing(found: _Both, services: Services) -> Standing:
    wanted, asker = found.wanted, found.asker
    if wanted.state is State.TAKEN:
        return Standing.YOURS if wanted.taken_by == found.colleague.id else Standing.GONE
    begun = wanted.starts_at <= services.now()
    if wanted.state is not State.OPEN or begun or asker is None or wanted.is_moot(asker):
        return Standing.OVER
    may = may_take(wanted, found.colleague, own_rows(asker, services.atlas), services.atlas)
    return Standing.OPEN if may else Standing.BUSY


def _swap(found: _Both, tx: Transaction, services: Services) -> None:
    """The colleague has a slot of that one day, and whoever asked is released. Raises Withdrawn
    when somebody else was first.

    Slots are written before requests, as everywhere: else PostgreSQL may see two wait for each
    other.
    """
    wanted, asker, at = found.wanted, found.asker, services.now()
    if not wanted.released:
        slot = asker.slots.slot(wanted.slot) if asker is not None else None
        if slot is None or not tx.timetables.change(slot, Change(wanted.day)):
            raise Withdrawn
    if not tx.stand_ins.take(wanted.id, found.colleague.id, at=at):
        raise Withdrawn
    new = SlotId(wanted.id)
    tx.timetables.post(found.colleague.id, Slot(new, wanted.pattern))
    if wanted.on - local(at, wanted.zone).date() <= CONFIRMED_WITHIN:
        tx.timetables.confirm(new, wanted.on, at=at)


def _offered(colleague: Agent, tx: Transaction, services: Services) -> Iterator[StandIn]:
    open = [w for w in tx.stand_ins.open(after=services.now()) if w.agent != colleague.id]
    if not open:
        return
    named = tx.agents.roster(agents.calendar(services), only={each.agent for each in open})
    askers = {each.id: each for each in named}
    for wanted in open:
        found = _Both(wanted, askers.get(wanted.agent), colleague)
        if _standing(found, services) is Standing.OPEN:
            yield wanted
