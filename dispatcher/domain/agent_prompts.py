"""How the line sounds to an agent who has nothing but a telephone: short, and what to press.

Keys alone answer: a PIN said aloud is no secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain import doors, slot_prompts
from dispatcher.domain.agent_menu import PIN_DIGITS
from dispatcher.domain.agent_steps import SLOT_STEPS, TRIES, Told
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.follow_ups import Last
from dispatcher.domain.rule_prompts import Alone, clock, spoken
from dispatcher.domain.schedule import local
from dispatcher.domain.script import Ask, Goto, HangUp, Say, Script
from dispatcher.domain.slot_menu import Confirmed
from dispatcher.domain.stand_ins import StandIn

_TOLD: Final[Mapping[int, Say]] = {
    Told.NOTED: Say("agent.noted"),
    Told.BOOKED: Say("agent.told.booked"),
    Told.JOINED: Say("agent.told.joined"),
    Told.REDIRECTED: Say("agent.told.redirected"),
    Told.TOO_LATE: Say("agent.told.too_late"),
    Told.GOES_ON: Say("agent.told.goes_on"),
    Told.STANDS_IN: Say("agent.told.stands_in"),
    Told.TAKEN: Say("agent.told.taken"),
    Told.ASKED: Say("agent.told.asked"),
    Told.BEGUN: Say("agent.told.begun"),
}
PIN_WAIT: Final = 5
"""Seconds that whoever forgets the ``#`` after their PIN waits."""


def ask_pin(call: Call) -> Script:
    """The question for the PIN, or that it is locked and then the first question."""
    door = doors.answer(call.turn)
    if call.tries >= TRIES:
        return (Say("agent.locked"), Goto(door))
    asked = Say("agent.wrong_pin" if call.tries else "agent.pin")
    return (Ask((asked,), PIN_DIGITS[-1], door, wait=PIN_WAIT, ends="#"),)


def say(
    call: Call,
    agent: Agent,
    *,
    at: datetime,
    confirmed: Confirmed = (),
    last: Last = Last.NOBODY,
    alone: Sequence[Alone] = (),
    wanted: StandIn | None = None,
) -> Script:
    """The menu, or what is behind it; only goodbye after silences, or when a call may come."""
    if call.step is Step.AGENT_MENU and call.page == Told.NEXT_CALL:
        return (Say("agent.next_call"), HangUp())
    if call.tries >= TRIES:
        return (Say("end.goodbye"), HangUp())
    if call.step in SLOT_STEPS:
        return slot_prompts.say(call, agent, at=at, confirmed=confirmed, alone=alone)
    prompts: tuple[Say, ...] = (Say("agent.pause"),)
    if call.step is Step.AGENT_MENU:
        told = _TOLD.get(call.page)
        said = () if told is None else (told,)
        prompts = (*said, state(agent, at=at), *_choices(agent, last, at=at))
    elif call.step is Step.AGENT_STAND_IN:
        prompts = _stand_in(wanted)
    elif call.step is Step.AGENT_AFTER:
        redirect = (Say("agent.after.redirect"),) if last.rung_back else ()
        go_on = (Say("agent.after.go_on"),) if last is Last.REGULAR else ()
        prompts = (Say("agent.after.book"), *redirect, *go_on, Say("agent.menu.person"))
    elif call.step is Step.AGENT_WHEN:
        prompts = (Say("agent.when"),)
    return (Ask(prompts, 1, doors.answer(call.turn)),)


def state(agent: Agent, *, at: datetime) -> Say:
    """Whether they may be rung, and until when."""
    if not agent.ringable:
        return Say("agent.state.aside")
    if agent.paused_until is not None and agent.paused(at):
        until = _clock_at(agent.paused_until, agent.timezone)
        return Say("agent.state.paused", {"time": until})
    until_when = agent.on_until(at)
    if until_when is None:
        return Say("agent.state.off")
    if until_when - at > timedelta(days=1):
        return Say("agent.state.always")
    return Say("agent.state.on", {"time": _clock_at(until_when, agent.timezone)})


def _stand_in(wanted: StandIn | None) -> tuple[Say, ...]:
    if wanted is None:
        return (Say("agent.told.taken"), Say("agent.slots.menu"), Say("agent.menu.person"))
    slot = spoken(wanted.on, wanted.span)
    return (Say("agent.stand_in.wanted"), slot, Say("agent.stand_in.choose"))


def _choices(agent: Agent, last: Last, *, at: datetime) -> tuple[Say, ...]:
    after = () if last is Last.NOBODY else (Say("agent.menu.after"),)
    if not agent.ringable:
        return (Say("agent.menu.slots"), *after, Say("agent.menu.person"))
    on = agent.on_until(at) is not None
    first = Say("agent.menu.pause" if on else "agent.menu.come_on")
    others = (Say("agent.menu.slots"), Say("agent.menu.next_call"), *after)
    return (first, *others, Say("agent.menu.person"))


def _clock_at(moment: datetime, zone: str) -> Say:
    there = local(moment, zone)
    return clock(there.hour * 60 + there.minute)
