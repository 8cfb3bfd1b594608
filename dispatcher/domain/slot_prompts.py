"""How slots sound on the telephone, one at a time, and what to press."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from dispatcher.domain import doors, slot_menu
from dispatcher.domain.agent_steps import SLOT_STEPS
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.script import Ask, Say, Script
from dispatcher.domain.slot_menu import Confirmed
from dispatcher.domain.slots import DAY, Span
from dispatcher.domain.timetables import overlaps

TIME_WAIT: Final = 10
"""Seconds for whoever looks for the next of four keys."""
_KEYED: Final = frozenset({Step.AGENT_SLOT_START, Step.AGENT_SLOT_END})
"""Where four keys say a time; one of them alone is heard after the silence."""
_MARKING: Final = {
    Step.AGENT_SLOT_WEEK: Say("agent.slots.week"),
    Step.AGENT_SLOT_DAY: Say("agent.slots.day"),
    Step.AGENT_SLOT_START: Say("agent.slots.start"),
    Step.AGENT_SLOT_END: Say("agent.slots.end"),
}


def say(
    call: Call, agent: Agent, *, at: datetime, confirmed: Confirmed = (), alone: bool = False
) -> Script:
    """The question at one of the steps about slots; ``alone``: nobody else is there when the one
    that may be cancelled is.
    """
    assert call.step in SLOT_STEPS
    prompts = _prompts(call, agent, confirmed, at=at)
    if call.step is Step.AGENT_SLOT_DROP and alone:
        prompts = (*prompts[:-1], Say("agent.slots.alone"), prompts[-1])
    if call.step in _KEYED:
        return (Ask(prompts, 4, doors.answer(call.turn), wait=TIME_WAIT),)
    return (Ask(prompts, 1, doors.answer(call.turn)),)


def spoken(day: date, span: Span) -> Say:
    """A day, and hours of it."""
    facts = {"weekday": Say(f"weekday.{day.weekday()}"), "month": Say(f"month.{day.month}")}
    return Say(
        "agent.slots.slot",
        {
            "weekday": facts["weekday"],
            "day": day.day,
            "month": facts["month"],
            "start": clock(span.start),
            "end": clock(span.end),
        },
    )


def clock(minutes: int) -> Say:
    """A time of day, from minutes after a midnight."""
    hour, minute = divmod(minutes % DAY, 60)
    if hour == minute == 0:
        return Say("agent.midnight")
    return Say("time.full" if minute else "time.hour", {"hour": hour, "minute": minute})


def _prompts(call: Call, agent: Agent, confirmed: Confirmed, *, at: datetime) -> tuple[Say, ...]:
    match call.step:
        case Step.AGENT_SLOTS:
            return _slots(call, agent, confirmed, at=at)
        case Step.AGENT_SLOT_DROP:
            here = slot_menu.shown(call, agent, at=at)
            gone = (Say("agent.slots.gone"),) if here is None else (spoken(here.on, here.span),)
            return (*gone, Say("agent.slots.drop"))
        case Step.AGENT_SLOT_CONFIRM:
            return _confirm(call, agent, at=at)
        case _:
            return (_MARKING[call.step],)


def _slots(call: Call, agent: Agent, confirmed: Confirmed, *, at: datetime) -> tuple[Say, ...]:
    here = slot_menu.shown(call, agent, at=at)
    after = slot_menu.following(call, agent, at=at)
    onward = Say("agent.slots.next" if after is not None else "agent.slots.menu")
    last = (Say("agent.slots.add"), Say("agent.menu.person"))
    if here is None:
        told = Say("agent.slots.gone" if call.page else "agent.slots.none")
        return (told, onward, *last)
    choices = [spoken(here.on, here.span)]
    if (here.slot, here.day) in confirmed:
        choices.append(Say("agent.slots.confirmed"))
    choices += [onward, Say("agent.slots.cancel")]
    if slot_menu.confirmable(here, confirmed, agent, at=at):
        choices.append(Say("agent.slots.confirm"))
    return (*choices, *last)


def _confirm(call: Call, agent: Agent, *, at: datetime) -> tuple[Say, ...]:
    said = slot_menu.marked(call, agent, at=at)
    if said is None:
        return (Say("agent.slots.gone"), Say("agent.slots.mark"))
    day, span = said
    runs_into = overlaps(slot_menu.pattern(day, span, agent), agent.slots, since=day, days=1)
    warning = (Say("agent.slots.overlap"),) if runs_into else ()
    return (spoken(day, span), *warning, Say("agent.slots.mark"))
