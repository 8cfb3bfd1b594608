"""How slots sound on the telephone, one at a time, and what to press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dispatcher.domain import (
    absence_menu,
    absence_prompts,
    change_prompts,
    doors,
    marking_prompts,
    slot_changes,
    slot_marking,
    slot_menu,
)
from dispatcher.domain.agent_steps import KEYED, SLOT_STEPS
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.rule_prompts import Alone, pauses, spoken
from dispatcher.domain.script import Ask, Say, Script
from dispatcher.domain.slot_menu import Confirmed

TIME_WAIT: Final = 10
"""Seconds for whoever looks for the next of several keys."""


def say(
    call: Call,
    agent: Agent,
    *,
    at: datetime,
    confirmed: Confirmed = (),
    alone: Sequence[Alone] = (),
) -> Script:
    """The question at one of the steps about slots; ``alone``: where nobody else is there once
    what is asked about is done.
    """
    assert call.step in SLOT_STEPS
    prompts = _prompts(call, agent, confirmed, alone, at=at)
    if (digits := KEYED.get(call.step)) is not None:
        return (Ask(prompts, digits, doors.answer(call.turn), wait=TIME_WAIT),)
    return (Ask(prompts, 1, doors.answer(call.turn)),)


def _prompts(
    call: Call, agent: Agent, confirmed: Confirmed, alone: Sequence[Alone], *, at: datetime
) -> tuple[Say, ...]:
    if call.step in absence_menu.STEPS:
        return absence_prompts.say(call, agent, alone, at=at)
    if call.step in slot_marking.STEPS:
        return marking_prompts.say(call, agent, at=at)
    here = slot_menu.shown(call, agent, at=at)
    if call.step in slot_changes.STEPS:
        return change_prompts.say(call, agent, here, alone)
    if call.step is Step.AGENT_SLOTS:
        return _slots(call, agent, confirmed, at=at)
    gone = (Say("agent.slots.gone"),) if here is None else (spoken(here.on, here.span),)
    warning = (Say("agent.slots.alone"),) if alone else ()
    return (*gone, *warning, Say("agent.slots.drop"))


def _slots(call: Call, agent: Agent, confirmed: Confirmed, *, at: datetime) -> tuple[Say, ...]:
    here = slot_menu.shown(call, agent, at=at)
    after = slot_menu.following(call, agent, at=at)
    onward = Say("agent.slots.next" if after is not None else "agent.slots.menu")
    last = (Say("agent.slots.add"), Say("agent.menu.person"))
    if here is None:
        told = Say("agent.slots.gone" if call.page else "agent.slots.none")
        return (told, onward, *last)
    slot = agent.slots.slot(here.slot)
    choices = [spoken(here.on, here.span), *(() if slot is None else pauses(slot.pattern))]
    if (here.slot, here.day) in confirmed:
        choices.append(Say("agent.slots.confirmed"))
    choices += [onward, Say("agent.slots.cancel")]
    if slot_menu.confirmable(here, confirmed, agent, at=at):
        choices.append(Say("agent.slots.confirm"))
    return (*choices, *last)
