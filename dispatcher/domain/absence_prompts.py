"""How absences sound on the telephone, one at a time, and what to press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dispatcher.domain import absence_menu
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.keyed import Wrong
from dispatcher.domain.rule_prompts import WRONG, Alone, dated, warned
from dispatcher.domain.script import Say
from dispatcher.domain.slot_drafts import Away
from dispatcher.domain.timetables import Absence


def say(call: Call, agent: Agent, alone: Sequence[Alone], *, at: datetime) -> tuple[Say, ...]:
    """What is asked of absences."""
    match call.step:
        case Step.AGENT_AWAY:
            return _absences(call, agent, at=at)
        case Step.AGENT_AWAY_BACK:
            here = absence_menu.shown(call, agent, at=at)
            return (*_said(here), Say("agent.away.back"))
        case Step.AGENT_AWAY_CONFIRM:
            said = _said(absence_menu.said(call))
            return (*said, *warned(alone), Say("agent.away.note"))
        case _:
            is_first = call.step is Step.AGENT_AWAY_FIRST
            asked = Say("agent.away.first_day" if is_first else "agent.away.last_day")
            return (*_wrong(call), asked)


def _absences(call: Call, agent: Agent, *, at: datetime) -> tuple[Say, ...]:
    here = absence_menu.shown(call, agent, at=at)
    after = absence_menu.following(call, agent, at=at)
    onward = Say("agent.slots.next" if after is not None else "agent.slots.menu")
    cancel = () if here is None else (Say("agent.away.cancel"),)
    return (*_said(here), onward, *cancel, Say("agent.away.add"), Say("agent.menu.person"))


def _said(absence: Absence | None) -> tuple[Say, ...]:
    if absence is None:
        return (Say("agent.away.gone"),)
    if absence.first == absence.last:
        return (Say("agent.away.day", {"date": dated(absence.first)}),)
    return (Say("agent.away.days", {"first": dated(absence.first), "last": dated(absence.last)}),)


def _wrong(call: Call) -> tuple[Say, ...]:
    wrong = Away.of(call.page).wrong
    return () if wrong is Wrong.NOTHING else (WRONG[wrong],)
