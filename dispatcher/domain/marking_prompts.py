"""How it sounds where a slot is marked."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from dispatcher.domain import slot_marking
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.keyed import Wrong
from dispatcher.domain.rule_prompts import WRONG, rule, spoken, stands, which
from dispatcher.domain.schedule import local
from dispatcher.domain.script import Say
from dispatcher.domain.slot_drafts import Draft
from dispatcher.domain.timetables import overlaps

_ASKED: Final = {
    Step.AGENT_SLOT_WEEK: Say("agent.slots.week"),
    Step.AGENT_SLOT_DAY: Say("agent.slots.day"),
    Step.AGENT_SLOT_DATE: Say("agent.mark.date"),
    Step.AGENT_SLOT_START: Say("agent.slots.start"),
    Step.AGENT_SLOT_END: Say("agent.slots.end"),
    Step.AGENT_SLOT_WEEKS: Say("agent.mark.weeks"),
    Step.AGENT_SLOT_EVERY: Say("agent.mark.every"),
    Step.AGENT_SLOT_HOLIDAYS: Say("agent.mark.holidays"),
    Step.AGENT_SLOT_ENDS: Say("agent.mark.ends"),
    Step.AGENT_SLOT_UNTIL: Say("agent.mark.until"),
}


def say(call: Call, agent: Agent, *, at: datetime) -> tuple[Say, ...]:
    """What is asked of a slot that is being marked."""
    match call.step:
        case Step.AGENT_SLOT_CONFIRM:
            return _confirm(call, agent, at=at)
        case Step.AGENT_SLOT_THERE:
            here = slot_marking.on_day(Draft.of(call.page).day, agent, at=at)
            slot = Say("agent.slots.gone") if here is None else stands(here.on, here.span)
            return (slot, Say("agent.mark.there"))
        case Step.AGENT_SLOT_RHYTHM:
            return (Say("agent.mark.rhythm"), _monthly(call), Say("agent.menu.person"))
        case Step.AGENT_SLOT_NTH:
            return (*_nth(call), Say("agent.menu.person"))
        case _:
            return (*_wrong(call), _ASKED[call.step])


def _wrong(call: Call) -> tuple[Say, ...]:
    match call.step:
        case Step.AGENT_SLOT_DATE:
            wrong = Wrong(call.page)
        case Step.AGENT_SLOT_END | Step.AGENT_SLOT_UNTIL:
            wrong = Draft.of(call.page).wrong
        case _:
            return ()
    return () if wrong is Wrong.NOTHING else (WRONG[wrong],)


def _monthly(call: Call) -> Say:
    draft = Draft.of(call.page)
    weekday = Say(f"weekday.{draft.day.weekday()}")
    return Say("agent.mark.monthly", {"which": which(draft.nth), "weekday": weekday})


def _nth(call: Call) -> tuple[Say, Say]:
    draft = Draft.of(call.page)
    weekday = Say(f"weekday.{draft.day.weekday()}")
    return (
        Say("agent.mark.nth", {"which": which(draft.nth), "weekday": weekday}),
        Say("agent.mark.last", {"which": which(-1), "weekday": weekday}),
    )


def _confirm(call: Call, agent: Agent, *, at: datetime) -> tuple[Say, ...]:
    pattern = slot_marking.marked(call, agent, at=at)
    if pattern is None:
        return (Say("agent.slots.gone"), Say("agent.slots.mark"))
    day, once = pattern.rule.first, pattern.rule.once
    runs_into = overlaps(pattern, agent.slots, since=day, days=1 if once else 92)
    warning = Say("agent.slots.overlap" if once else "agent.mark.overlap")
    soon = once and day.year == local(at, agent.timezone).year
    said = (spoken(day, pattern.span),) if soon else rule(pattern)
    return (*said, *((warning,) if runs_into else ()), Say("agent.slots.mark"))
