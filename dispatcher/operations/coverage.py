"""Who serves what, when; and what a removal would leave open: told before it is done, and never a
reason to forbid it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from dispatcher.domain import removals
from dispatcher.domain.agents import Agent, AgentId, Need
from dispatcher.domain.coverage import (
    SERVED_BY,
    Gap,
    Posted,
    alone,
    covered,
    gaps,
    opened,
    own_rows,
    rows_of,
    serves,
    share,
)
from dispatcher.domain.covers import joined
from dispatcher.domain.occurrences import Occurrence
from dispatcher.domain.removals import Removal
from dispatcher.domain.schedule import Cover
from dispatcher.domain.slots import Span
from dispatcher.domain.territories import Territory
from dispatcher.operations import agents
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

AHEAD: Final = timedelta(days=14)
"""How far ahead it is looked at who else is there."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a removal would leave open: the ``gaps``, and which of the agent's occurrences fall away
    and leave one (``open``). ``roster``: whoever serves where they do, as they were then.
    """

    agent: Agent
    gaps: tuple[Gap, ...]
    open: tuple[Occurrence, ...]
    roster: tuple[Agent, ...]


def look(id: AgentId, removal: Removal, services: Services) -> Outlook | None:
    """Look ahead over opening hours; None when there is no such agent."""
    with services.store.reading() as tx:
        roster = tuple(near(id, tx, services))
    agent = next((each for each in roster if each.id == id), None)
    if agent is None:
        return None
    at = services.now()
    then = replace(agent, slots=removals.after(agent.slots, removal))
    left = _left_open(agent, then, roster, services, at=at)
    lost = removals.lost(agent.slots, then.slots, since=at, until=at + AHEAD)
    missed = tuple(each for each in lost if any(_touches(each, gap) for gap in left))
    return Outlook(agent, left, missed, roster)


def near(id: AgentId, tx: Transaction, services: Services) -> list[Agent]:
    """The agent, and whoever serves a territory and need of theirs: nobody else's slots are read.

    Of somebody who cannot be rung, themselves alone.
    """
    atlas, served = services.atlas, tx.zones.served()
    own = served.get(id)
    rows = () if own is None else rows_of(*own, atlas)
    counted = {each for each, by in served.items() if serves(rows, *by, atlas)}
    return tx.agents.roster(agents.calendar(services), only={id, *counted})


def left_open(id: AgentId, removal: Removal, services: Services) -> tuple[Gap, ...]:
    """The same, the gaps alone: what a page, a command or the telephone shows first."""
    found = look(id, removal, services)
    return () if found is None else found.gaps


@dataclass(frozen=True, slots=True)
class Row:
    """How one territory and need are served in the days to come: which part of the opening hours
    has somebody, and on which local days, from when to when, nobody is there.
    """

    territory: Territory
    need: Need
    share: float
    alone: Mapping[date, Sequence[Span]]


def ahead(services: Services, sees: Callable[[Territory], bool]) -> list[Row]:
    """Slots posted against opening hours, for every département and EPCI that is some agent's own
    and that whoever asks ``sees``.

    One reading of the directory, whatever the number of territories.
    """
    at, atlas, zone = services.now(), services.atlas, services.lines[0].hours.zone
    until = at + AHEAD
    with services.store.reading() as tx:
        roster = tx.agents.roster(agents.calendar(services))
    posted = [p for each in roster if (p := Posted.of(each, atlas, since=at, until=until))]
    own = {territory for each in roster for territory, _ in own_rows(each, atlas)}
    rows = [(territory, need) for territory in sorted(own) if sees(territory) for need in SERVED_BY]
    found = covered(rows, posted, _opening(services, at, until))
    return [Row(*row, share(those), alone(those, zone)) for row, those in found.items()]


def _opening(services: Services, since: datetime, until: datetime) -> list[Cover]:
    hours = [each for line in services.lines for each in line.hours.open_between(since, until)]
    return list(joined(hours))


def _left_open(
    agent: Agent, then: Agent, roster: Iterable[Agent], services: Services, *, at: datetime
) -> tuple[Gap, ...]:
    """Where nobody is any more of whoever is there now, for their own territories and needs."""
    until, atlas = at + AHEAD, services.atlas
    rows = own_rows(agent, atlas)
    opening = _opening(services, at, until)
    others = [
        posted
        for each in roster
        if each.id != agent.id
        and (posted := Posted.of(each, atlas, since=at, until=until)) is not None
        and any(map(posted.counts_for, rows))
    ]
    before, after = (Posted.of(each, atlas, since=at, until=until) for each in (agent, then))
    if before is None or after is None:
        return ()
    was = gaps(covered(rows, [*others, before], opening))
    return tuple(opened(was, gaps(covered(rows, [*others, after], opening))))


def _touches(each: Occurrence, gap: Gap) -> bool:
    return each.start < gap.end and gap.start < each.end
