"""Slots by keypad: hearing those of this week and the next, cancelling, confirming; and the way to
marking one (``slot_marking.py``), changing one (``slot_changes.py``) and absences.

Only whoever gave their PIN comes here. What was said of a slot is kept in the call's ``page``: of
one that is heard, the minute at which it begins, so that a key is about the slot that was heard
whatever has begun or ended meanwhile; what is keyed of one is a draft (``slot_drafts.py``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from dispatcher.domain import absence_menu, slot_changes, slot_marking
from dispatcher.domain.agent_steps import Asks, Confirms, Drops, Heard, Told, menu
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.occurrences import Occurrence, SlotId
from dispatcher.domain.removals import Removal, cancelled
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_drafts import Edit, minute, moment

Confirmed = Collection[tuple[SlotId, date]]
"""The slots, by the rule's day, for which somebody said that they will be there."""

CONFIRMED_WITHIN: Final = timedelta(days=1)
"""Of today's and tomorrow's slots it is worth saying that one will be there."""


def begin(call: Call, agent: Agent, *, at: datetime) -> Call:
    """They ask for their slots: the first of them."""
    return _at(call, next(iter(agent.slots.to_come(at)), None))


def hear(call: Call, keys: Keys, agent: Agent, *, at: datetime, confirmed: Confirmed = ()) -> Heard:
    """What keys do among slots."""
    if call.step in absence_menu.STEPS or _asks_for_absences(call, keys):
        return absence_menu.hear(call, keys, agent, at=at)
    if call.step in slot_marking.STEPS:
        return slot_marking.hear(call, keys, agent, at=at)
    here = shown(call, agent, at=at)
    if call.step in slot_changes.STEPS:
        return slot_changes.hear(call, keys, agent, here, at=at)
    if call.step is Step.AGENT_SLOT_DROP:
        return _hear_drop(call, keys, agent, here, at=at)
    return _hear_slots(call, keys, agent, confirmed, at=at)


def shown(call: Call, agent: Agent, *, at: datetime) -> Occurrence | None:
    """The slot that is heard; None when it is over, or was taken away."""
    about = Edit.of(call.page).about if call.step in slot_changes.STEPS else call.page
    found = _around(about, agent, at=at)
    return next((each for each in found if minute(each.start) == about), None)


def following(call: Call, agent: Agent, *, at: datetime) -> Occurrence | None:
    """The one after it: of these two weeks, or near the day that they keyed."""
    found = (*agent.slots.to_come(at), *_around(call.page, agent, at=at))
    after = (each for each in found if minute(each.start) > call.page)
    return min(after, key=lambda each: each.start, default=None)


def confirmable(each: Occurrence, confirmed: Confirmed, agent: Agent, *, at: datetime) -> bool:
    """Whether it is worth saying that they will be there, and was not said yet."""
    soon = each.on - local(at, agent.timezone).date() <= CONFIRMED_WITHIN
    return soon and each.start > at and (each.slot, each.day) not in confirmed


def removal(call: Call, agent: Agent, *, at: datetime) -> Removal | None:
    """What would be taken away where they are asked whether to; None where nothing would."""
    if call.step is Step.AGENT_AWAY_CONFIRM:
        return absence_menu.said(call)
    here = shown(call, agent, at=at)
    slot = None if here is None else agent.slots.slot(here.slot)
    if here is None or slot is None:
        return None
    if call.step is Step.AGENT_SLOT_DROP:
        return cancelled(slot, None if slot.pattern.rule.once else here.day)
    return slot_changes.removal(call, slot, here)


def _hear_slots(
    call: Call, keys: Keys, agent: Agent, confirmed: Confirmed, *, at: datetime
) -> Heard:
    here = shown(call, agent, at=at)
    match keys.digits:
        case "1":
            after = following(call, agent, at=at)
            return Heard(menu(call) if after is None else _at(call, after))
        case "2" if here is not None:
            return Heard(call.to(Step.AGENT_SLOT_DROP))
        case "3" if here is not None and confirmable(here, confirmed, agent, at=at):
            return Heard(menu(call, Told.NOTED), deed=Confirms(here))
        case "4":
            return Heard(slot_marking.begin(call))
        case _:
            return Heard(call.puzzled())


def _hear_drop(
    call: Call, keys: Keys, agent: Agent, here: Occurrence | None, *, at: datetime
) -> Heard:
    if keys.digits == "2" or (keys.digits in {"1", "3", "4"} and here is None):
        return Heard(_at(call, here or following(call, agent, at=at)))
    if keys.digits == "1" and here is not None:
        return Heard(menu(call, Told.NOTED), deed=Drops(here))
    if keys.digits == "3" and here is not None:
        begun = here.start <= at
        return Heard(
            menu(call, Told.BEGUN if begun else Told.ASKED), deed=None if begun else Asks(here)
        )
    if keys.digits == "4" and here is not None:
        return Heard(slot_changes.begin(call, here))
    return Heard(call.puzzled())


def _around(begins: int, agent: Agent, *, at: datetime) -> list[Occurrence]:
    """What is not over of the days around that minute, whatever zone a slot is meant in."""
    day, near = local(moment(begins), agent.timezone).date(), timedelta(days=1)
    found = agent.slots.occurrences(day - near, day + near)
    return [each for each in found if each.end > at]


def _asks_for_absences(call: Call, keys: Keys) -> bool:
    return call.step is Step.AGENT_SLOT_WEEK and keys.digits == "4"


def _at(call: Call, each: Occurrence | None) -> Call:
    page = 0 if each is None else minute(each.start)
    return call.to(Step.AGENT_SLOTS, page=page, tries=0)
