"""Absences by keypad: hearing those to come, taking one back, saying one from a day to another.

The call's ``page`` is the absence that is heard, or what was keyed of one (``Away``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from dispatcher.domain import keyed
from dispatcher.domain.agent_steps import ComesBack, GoesAway, Heard, Told, menu
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.keyed import Wrong
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_drafts import Away
from dispatcher.domain.timetables import Absence

STEPS: Final = frozenset(step for step in Step if step.startswith("agent_away"))


def hear(call: Call, keys: Keys, agent: Agent, *, at: datetime) -> Heard:
    """What keys do among absences; from elsewhere, they lead there."""
    match call.step:
        case Step.AGENT_AWAY:
            return _hear_absences(call, keys.digits, agent, at=at)
        case Step.AGENT_AWAY_BACK:
            return _hear_back(call, keys.digits, agent, at=at)
        case Step.AGENT_AWAY_FIRST | Step.AGENT_AWAY_LAST:
            return Heard(_dated(call, keys.digits, agent, at=at))
        case Step.AGENT_AWAY_CONFIRM:
            return _hear_confirm(call, keys.digits)
        case _:
            return Heard(_at(call, next(iter(to_come(agent, at=at)), None)))


def to_come(agent: Agent, *, at: datetime) -> list[Absence]:
    """Their absences that are not over, the earliest first."""
    today = local(at, agent.timezone).date()
    found = {each for each in agent.slots.absences if each.last >= today}
    return sorted(found, key=lambda each: (each.first, each.last))


def shown(call: Call, agent: Agent, *, at: datetime) -> Absence | None:
    """The absence that is heard; None when it is over, or was taken back."""
    heard = said(call)
    return heard if heard in to_come(agent, at=at) else None


def following(call: Call, agent: Agent, *, at: datetime) -> Absence | None:
    """The one after it."""
    heard = Away.of(call.page)
    if heard.first is None or heard.last is None:
        return None
    before = (heard.first, heard.last)
    return next((a for a in to_come(agent, at=at) if (a.first, a.last) > before), None)


def said(call: Call) -> Absence | None:
    """What is heard, or was keyed whole."""
    away = Away.of(call.page)
    if away.first is None or away.last is None:
        return None
    return Absence(away.first, away.last)


def _hear_absences(call: Call, digits: str, agent: Agent, *, at: datetime) -> Heard:
    here = shown(call, agent, at=at)
    match digits:
        case "1":
            after = following(call, agent, at=at)
            return Heard(menu(call) if after is None else _at(call, after))
        case "2" if here is not None:
            return Heard(call.to(Step.AGENT_AWAY_BACK))
        case "3":
            return Heard(_at(call, None))
        case _:
            return Heard(call.puzzled())


def _hear_back(call: Call, digits: str, agent: Agent, *, at: datetime) -> Heard:
    here = shown(call, agent, at=at)
    if digits == "1" and here is not None:
        return Heard(menu(call, Told.NOTED), deed=ComesBack(here))
    if digits in {"1", "2"}:
        return Heard(_at(call, here) if here is not None else menu(call))
    return Heard(call.puzzled())


def _hear_confirm(call: Call, digits: str) -> Heard:
    absence = said(call)
    if digits == "1" and absence is not None:
        return Heard(menu(call, Told.NOTED), deed=GoesAway(absence))
    return Heard(_at(call, None) if digits == "2" else call.puzzled())


def _dated(call: Call, digits: str, agent: Agent, *, at: datetime) -> Call:
    away, today = Away.of(call.page), local(at, agent.timezone).date()
    found = (
        keyed.read_day(digits, today=today)
        if away.first is None
        else keyed.read_last(digits, first=away.first, today=today)
    )
    if isinstance(found, Wrong):
        page = replace(away, wrong=found).page
        return call.to(call.step, page=page, tries=call.tries + 1)
    return _keyed(call, away.first, found)


def _keyed(call: Call, first: date | None, found: date) -> Call:
    if first is None:
        return call.to(Step.AGENT_AWAY_LAST, page=Away(found).page)
    return call.to(Step.AGENT_AWAY_CONFIRM, page=Away(first, found).page)


def _at(call: Call, absence: Absence | None) -> Call:
    if absence is None:
        return call.to(Step.AGENT_AWAY_FIRST, page=0)
    return call.to(Step.AGENT_AWAY, page=Away(absence.first, absence.last).page, tries=0)
