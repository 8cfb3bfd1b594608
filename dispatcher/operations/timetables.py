"""Slots: posted, changed, cancelled, on one day or for good; and times of being away.

What somebody changes they name as they read it (a ``Slot``): the version in it is taken over, or
else nothing is and the answer is a conflict. Afterwards the agent is shown on the board as they are
now; whoever is with a caller stays with them, and is off when that ends. What a removal leaves to
nobody, colleagues are asked to take, in the same transaction (``stand_ins.py``). ``by`` is who did
it, noted there too; None: the agent themselves (``alterations.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from secrets import token_hex

from dispatcher.domain import removals
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.alterations import Done, What
from dispatcher.domain.occurrences import Change, Moved, Occurrence, Pattern, Slot, SlotId
from dispatcher.domain.removals import Changed
from dispatcher.domain.schedule import WeeklySlots, local
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence, overlaps, patterns
from dispatcher.domain.users import UserId
from dispatcher.operations import agents, alterations, stand_in_notices, stand_ins
from dispatcher.operations.services import Services
from dispatcher.operations.stand_in_notices import NONE, Letters
from dispatcher.store.store import Transaction


class Refused(StrEnum):
    """Why a timetable was left as it was."""

    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    NOT_THEN = "not_then"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Posted:
    """A slot as it is kept now, and which of one's own it runs into: a warning, no error."""

    slot: Slot
    overlaps: tuple[Occurrence, ...] = ()


def look(agent: AgentId, services: Services) -> Agent | None:
    """An agent with their timetable as it is now."""
    with services.store.reading() as tx:
        return find(agent, tx, services)


def find(agent: AgentId, tx: Transaction, services: Services) -> Agent | None:
    """The same, in a transaction."""
    return next(iter(tx.agents.roster(agents.calendar(services), only=[agent])), None)


def post(
    agent: AgentId,
    pattern: Pattern,
    services: Services,
    *,
    id: SlotId | None = None,
    by: UserId | None = None,
) -> Posted | Refused:
    """Keep a new slot of theirs. With an ``id`` of the asker's, once however often it is asked."""
    with services.store.writing() as tx:
        posted = note(agent, pattern, tx, services, id=id)
        if isinstance(posted, Posted):
            alterations.note(agent, by, Done.of_slot(What.POSTED, pattern), tx, services)
    agents.show(agent, services)
    return posted


def note(
    agent: AgentId,
    pattern: Pattern,
    tx: Transaction,
    services: Services,
    *,
    id: SlotId | None = None,
) -> Posted | Refused:
    """The same in a transaction; the agent is to be shown after it."""
    found = find(agent, tx, services)
    if found is None:
        return Refused.UNKNOWN
    slot = Slot(id or SlotId(token_hex(8)), pattern)
    if not tx.timetables.post(agent, slot):
        return Refused.TAKEN
    day = local(services.now(), pattern.zone).date()
    return Posted(slot, overlaps(pattern, found.slots, since=max(day, pattern.rule.first)))


def edit(
    agent: AgentId, slot: Slot, pattern: Pattern, services: Services, *, by: UserId | None = None
) -> Posted | Refused:
    """Make a slot another one; it is no longer the directory's. What was said of single days stays
    where the new rule has them.
    """
    removal, told = removals.edited(slot, pattern), NONE
    planned = None if removal is None else stand_ins.plan(agent, removal, services)
    with services.store.writing() as tx:
        found = find(agent, tx, services)
        done = found is not None and _theirs(found, slot) and tx.timetables.edit(slot, pattern)
        if done:
            told = stand_ins.begin(planned, tx, services)
            alterations.note(agent, by, Done.of_slot(What.EDITED, pattern), tx, services)
    _tell(agent, told, services)
    if found is None or not done:
        return _refused(found, slot)
    others = [each for each in found.slots.slots if each.id != slot.id]
    kept = Slot(slot.id, pattern, slot.changes, slot.version + 1)
    day = max(local(services.now(), pattern.zone).date(), pattern.rule.first)
    return Posted(kept, overlaps(pattern, found.slots.of(others), since=day))


def pause(agent: AgentId, slot: Slot, span: Span, services: Services) -> Posted | Refused:
    """Keep a pause inside a slot, on each of its days."""
    pauses = tuple(sorted({*slot.pattern.pauses, span}))
    return edit(agent, slot, slot.pattern.paused(pauses), services)


def cancel(
    agent: AgentId,
    slot: Slot,
    services: Services,
    *,
    day: date | None = None,
    by: UserId | None = None,
) -> Refused | None:
    """Take a slot away for good, or on one ``day`` of its rule."""
    planned, told = stand_ins.plan(agent, removals.cancelled(slot, day), services), NONE
    with services.store.writing() as tx:
        refused = drop(agent, slot, tx, services, day=day)
        if refused is None:
            alterations.note(agent, by, _cancelled(slot, day), tx, services)
            told = stand_ins.begin(planned, tx, services)
    _tell(agent, told, services)
    return refused


def drop(
    agent: AgentId, slot: Slot, tx: Transaction, services: Services, *, day: date | None = None
) -> Refused | None:
    """The same in a transaction; the agent is to be shown after it."""
    if day is not None:
        return change(agent, slot, Change(day), tx, services)
    found = find(agent, tx, services)
    if found is not None and _theirs(found, slot) and tx.timetables.remove(slot):
        return None
    return _refused(found, slot)


def change(
    agent: AgentId, slot: Slot, said: Change, tx: Transaction, services: Services
) -> Refused | None:
    """Say what becomes of one day of a slot, in a transaction; the agent is to be shown after."""
    found = find(agent, tx, services)
    if found is None or not _theirs(found, slot):
        return Refused.UNKNOWN
    if not slot.pattern.rule.gives(said.day):
        return Refused.NOT_THEN
    return None if tx.timetables.change(slot, said) else Refused.CONFLICT


def move(
    agent: AgentId,
    slot: Slot,
    day: date,
    to: Moved,
    services: Services,
    *,
    by: UserId | None = None,
) -> Refused | None:
    """One day's occurrence stands elsewhere, however often it is moved: ``day`` is its rule's."""
    said = Change(day, to)
    planned, told = stand_ins.plan(agent, Changed(slot, said), services), NONE
    with services.store.writing() as tx:
        refused = change(agent, slot, said, tx, services)
        if refused is None:
            alterations.note(agent, by, Done.of_day(slot, said), tx, services)
            told = stand_ins.begin(planned, tx, services)
    _tell(agent, told, services)
    return refused


def replace(
    agent: AgentId, slot: Slot, day: date, span: Span, services: Services
) -> Refused | None:
    """One day's occurrence has other hours."""
    return move(agent, slot, day, Moved(day, span), services)


def absent(
    agent: AgentId, absence: Absence, services: Services, *, by: UserId | None = None
) -> tuple[Occurrence, ...]:
    """They are away on these days, said once or twice; what of their slots falls away with it."""
    planned, told = stand_ins.plan(agent, absence, services), NONE
    with services.store.writing() as tx:
        found = find(agent, tx, services)
        if found is not None and absence not in found.slots.absences:
            tx.timetables.go_away(token_hex(8), agent, absence)
            alterations.note(agent, by, Done.of_absence(What.AWAY, absence), tx, services)
            told = stand_ins.begin(planned, tx, services)
    _tell(agent, told, services)
    return found.slots.occurrences(absence.first, absence.last) if found is not None else ()


def back(agent: AgentId, absence: Absence, services: Services, *, by: UserId | None = None) -> bool:
    """They are not away then; False when nobody had said so."""
    known = False
    with services.store.writing() as tx:
        known = tx.timetables.come_back(agent, absence)
        if known:
            alterations.note(agent, by, Done.of_absence(What.BACK, absence), tx, services)
    agents.show(agent, services)
    return known


def follow(
    weeks: Mapping[AgentId, WeeklySlots], said: Mapping[AgentId, str], tx: Transaction
) -> None:
    """Let the directory's slots be those of its file, of everybody of whom it says others than
    it ``said`` last. A slot that it goes on saying keeps its single days.
    """
    news = {id: week for id, week in weeks.items() if said.get(id) != str(week)}
    kept = tx.timetables.of(None) if said.keys() & news.keys() else {}
    new, gone = [], []
    for agent, week in news.items():
        wanted = set(patterns(week, ""))
        for slot in kept[agent].slots if agent in kept else ():
            if slot.by_directory and slot.pattern not in wanted:
                gone.append(slot.id)
            elif slot.by_directory:
                wanted.discard(slot.pattern)
        made = (Slot(SlotId(token_hex(8)), each, by_directory=True) for each in wanted)
        new += [(agent, slot) for slot in made]
    tx.timetables.follow(new, gone)


def _cancelled(slot: Slot, day: date | None) -> Done:
    if day is None:
        return Done.of_slot(What.STOPPED, slot.pattern)
    return Done.of_day(slot, Change(day))


def _tell(agent: AgentId, told: Letters, services: Services) -> None:
    """After a removal: show the agent as they are now, and have those told who are to be."""
    agents.show(agent, services)
    stand_in_notices.prompt(told, services)


def _theirs(agent: Agent, slot: Slot) -> bool:
    return agent.slots.slot(slot.id) is not None


def _refused(agent: Agent | None, slot: Slot) -> Refused:
    known = agent is not None and _theirs(agent, slot)
    return Refused.CONFLICT if known else Refused.UNKNOWN
