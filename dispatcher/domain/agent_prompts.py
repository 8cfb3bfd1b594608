"""How the line sounds to an agent who has nothing but a telephone: short, and what to press.

Keys alone answer: a PIN said aloud is no secret.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain import doors
from dispatcher.domain.agent_menu import PIN_DIGITS, TRIES, Told
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.follow_ups import Last
from dispatcher.domain.schedule import local
from dispatcher.domain.script import Ask, Goto, HangUp, Say, Script
from dispatcher.domain.slots import DAY, Span

PIN_WAIT: Final = 5
"""Seconds that whoever forgets the ``#`` after their PIN waits."""


def ask_pin(call: Call) -> Script:
    """The question for the PIN, or that it is locked and then the first question."""
    door = doors.answer(call.turn)
    if call.tries >= TRIES:
        return (Say("agent.locked"), Goto(door))
    asked = Say("agent.wrong_pin" if call.tries else "agent.pin")
    return (Ask((asked,), PIN_DIGITS[-1], door, wait=PIN_WAIT, ends="#"),)


def say(call: Call, agent: Agent, *, at: datetime, last: Last = Last.NOBODY) -> Script:
    """The menu, or what is behind it; but goodbye after silences, or when a call may come."""
    if call.step is Step.AGENT_MENU and call.page == Told.NEXT_CALL:
        return (Say("agent.next_call"), HangUp())
    if call.tries >= TRIES:
        return (Say("end.goodbye"), HangUp())
    prompts: tuple[Say, ...] = (Say("agent.pause"),)
    if call.step is Step.AGENT_MENU:
        told = _told(call, agent, at=at)
        prompts = (*told, state(agent, at=at), *_choices(agent, last, at=at))
    elif call.step is Step.AGENT_AFTER:
        redirect = (Say("agent.after.redirect"),) if last is Last.RUNG_BACK else ()
        prompts = (Say("agent.after.book"), *redirect, Say("agent.menu.person"))
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


def todays_slots(agent: Agent, *, at: datetime) -> tuple[Say, ...]:
    """Their slots of the local day, also the rest of one that began the day before."""
    there = local(at, agent.timezone)
    today = there.weekday()
    now = DAY + there.hour * 60 + there.minute
    running = [span for span in agent.slots.days[today - 1] if span.end > now]
    spans = [*running, *agent.slots.days[today]]
    if not spans:
        return (Say("agent.slots.none"),)
    return (Say("agent.slots.today"), *map(_spoken_slot, spans))


def _told(call: Call, agent: Agent, *, at: datetime) -> tuple[Say, ...]:
    match call.page:
        case Told.SLOTS:
            return todays_slots(agent, at=at)
        case Told.BOOKED:
            return (Say("agent.told.booked"),)
        case Told.JOINED:
            return (Say("agent.told.joined"),)
        case Told.REDIRECTED:
            return (Say("agent.told.redirected"),)
        case Told.TOO_LATE:
            return (Say("agent.told.too_late"),)
        case _:
            return ()


def _choices(agent: Agent, last: Last, *, at: datetime) -> tuple[Say, ...]:
    after = () if last is Last.NOBODY else (Say("agent.menu.after"),)
    if not agent.ringable:
        return (Say("agent.menu.slots"), *after, Say("agent.menu.person"))
    on = agent.on_until(at) is not None
    first = Say("agent.menu.pause" if on else "agent.menu.come_on")
    others = (Say("agent.menu.slots"), Say("agent.menu.next_call"), *after)
    return (first, *others, Say("agent.menu.person"))


def _spoken_slot(span: Span) -> Say:
    return Say("agent.slots.slot", {"start": _clock(span.start), "end": _clock(span.end)})


def _clock_at(moment: datetime, zone: str) -> Say:
    there = local(moment, zone)
    return _clock(there.hour * 60 + there.minute)


def _clock(minutes: int) -> Say:
    """A time of day, from minutes after a midnight."""
    hour, minute = divmod(minutes % DAY, 60)
    if hour == minute == 0:
        return Say("agent.midnight")
    return Say("time.full" if minute else "time.hour", {"hour": hour, "minute": minute})
