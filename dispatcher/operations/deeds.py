"""What an agent keyed of their slots and absences, done in the transaction of that key."""

from __future__ import annotations

from secrets import token_hex

from dispatcher.domain.agent_steps import (
    Asks,
    Becomes,
    ComesBack,
    Confirms,
    Deed,
    Drops,
    Ends,
    GoesAway,
    Marks,
    Moves,
)
from dispatcher.domain.agents import Agent
from dispatcher.domain.occurrences import Change, Moved, Occurrence
from dispatcher.operations import timetables
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


def do(deed: Deed, agent: Agent, tx: Transaction, services: Services) -> bool:
    """Do it; False when somebody else was first. The agent is to be shown after it."""
    match deed:
        case Marks(pattern):
            return isinstance(timetables.note(agent.id, pattern, tx, services), timetables.Posted)
        case Confirms(occurrence):
            tx.timetables.confirm(occurrence.slot, occurrence.day, at=services.now())
            return True
        case Asks():  # what is asked of colleagues was planned before
            return True
        case GoesAway(absence):
            tx.timetables.go_away(token_hex(8), agent.id, absence)
            return True
        case ComesBack(absence):
            return tx.timetables.come_back(agent.id, absence)
        case _:
            return _changed(deed, agent, tx, services)


def _changed(
    deed: Drops | Moves | Becomes | Ends, agent: Agent, tx: Transaction, services: Services
) -> bool:
    match deed:
        case Drops(occurrence):
            return _dropped(occurrence, agent, tx, services)
        case Moves(occurrence, to):
            return _moved(occurrence, to, agent, tx, services)
        case Becomes(slot, pattern):
            return tx.timetables.edit(slot, pattern)
        case Ends(slot):
            return timetables.drop(agent.id, slot, tx, services) is None


def _dropped(each: Occurrence, agent: Agent, tx: Transaction, services: Services) -> bool:
    slot = agent.slots.slot(each.slot)
    assert slot is not None
    alone = None if slot.pattern.rule.once else each.day
    return timetables.drop(agent.id, slot, tx, services, day=alone) is None


def _moved(each: Occurrence, to: Moved, agent: Agent, tx: Transaction, services: Services) -> bool:
    slot = agent.slots.slot(each.slot)
    assert slot is not None
    return timetables.change(agent.id, slot, Change(each.day, to), tx, services) is None
