"""Marking a slot by keypad: its day, its hours, how often it comes, until when.

Each key leads to the next question; what was keyed is a ``Draft`` in the call's ``page``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from dispatcher.domain import keyed, slot_drafts
from dispatcher.domain.agent_steps import Heard, Marks, Told, menu
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.keyed import Wrong
from dispatcher.domain.occurrences import Occurrence, Pattern, SlotId
from dispatcher.domain.recurrences import MOST_WEEKS
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_drafts import Draft, minute

STEPS: Final = frozenset(
    step for step in Step if step.startswith("agent_slot_") and step is not Step.AGENT_SLOT_DROP
)
_ASKED: Final[Mapping[tuple[Step, str], tuple[Step, dict[str, Any]]]] = {
    (Step.AGENT_SLOT_RHYTHM, "1"): (Step.AGENT_SLOT_CONFIRM, {"rhythm": slot_drafts.ONCE}),
    (Step.AGENT_SLOT_RHYTHM, "2"): (Step.AGENT_SLOT_HOLIDAYS, {"rhythm": slot_drafts.WEEKLY}),
    (Step.AGENT_SLOT_RHYTHM, "3"): (Step.AGENT_SLOT_WEEKS, {}),
    (Step.AGENT_SLOT_RHYTHM, "4"): (Step.AGENT_SLOT_NTH, {"rhythm": slot_drafts.NTH}),
    (Step.AGENT_SLOT_WEEKS, "1"): (Step.AGENT_SLOT_HOLIDAYS, {"rhythm": slot_drafts.EVEN}),
    (Step.AGENT_SLOT_WEEKS, "2"): (Step.AGENT_SLOT_HOLIDAYS, {"rhythm": slot_drafts.ODD}),
    (Step.AGENT_SLOT_WEEKS, "3"): (Step.AGENT_SLOT_EVERY, {}),
    (Step.AGENT_SLOT_NTH, "1"): (Step.AGENT_SLOT_HOLIDAYS, {"rhythm": slot_drafts.NTH}),
    (Step.AGENT_SLOT_NTH, "2"): (Step.AGENT_SLOT_HOLIDAYS, {"rhythm": slot_drafts.LAST}),
    (Step.AGENT_SLOT_HOLIDAYS, "1"): (Step.AGENT_SLOT_ENDS, {"holidays": True}),
    (Step.AGENT_SLOT_HOLIDAYS, "2"): (Step.AGENT_SLOT_ENDS, {"holidays": False}),
    (Step.AGENT_SLOT_ENDS, "1"): (Step.AGENT_SLOT_CONFIRM, {"until": None}),
    (Step.AGENT_SLOT_ENDS, "2"): (Step.AGENT_SLOT_UNTIL, {}),
}
"""Where one key leads to from each question of one key, and what it says of the slot."""


def begin(call: Call) -> Call:
    """They add a slot."""
    return call.to(Step.AGENT_SLOT_WEEK, page=0)


def hear(call: Call, keys: Keys, agent: Agent, *, at: datetime) -> Heard:
    """What keys do where a slot is marked."""
    digits = keys.digits
    if call.step is Step.AGENT_SLOT_CONFIRM:
        return _hear_confirm(call, digits, agent, at=at)
    match call.step:
        case Step.AGENT_SLOT_WEEK | Step.AGENT_SLOT_DAY | Step.AGENT_SLOT_DATE:
            asked = _day(call, digits, agent, at=at)
        case Step.AGENT_SLOT_THERE:
            asked = _there(call, digits, agent, at=at)
        case Step.AGENT_SLOT_START | Step.AGENT_SLOT_END:
            asked = _hours(call, digits, agent, at=at)
        case Step.AGENT_SLOT_EVERY:
            asked = _every(call, digits)
        case Step.AGENT_SLOT_UNTIL:
            asked = _until(call, digits, agent, at=at)
        case _:
            asked = _chosen(call, digits)
    return Heard(asked or call.puzzled())


def marked(call: Call, agent: Agent, *, at: datetime) -> Pattern | None:
    """The slot that was keyed; None when it is over meanwhile."""
    draft = Draft.of(call.page)
    return draft.pattern(agent.timezone) if _is_to_come(draft, agent, at=at) else None


def on_day(day: date, agent: Agent, *, at: datetime) -> Occurrence | None:
    """The first slot of theirs on a day, unless it is over."""
    found = agent.slots.occurrences(day, day)
    return next((each for each in found if each.end > at), None)


def _hear_confirm(call: Call, digits: str, agent: Agent, *, at: datetime) -> Heard:
    pattern = marked(call, agent, at=at)
    if digits == "2" or (digits == "1" and pattern is None):
        return Heard(begin(call))
    if digits == "1" and pattern is not None:
        return Heard(menu(call, Told.NOTED), deed=Marks(pattern))
    return Heard(call.puzzled())


def _day(call: Call, digits: str, agent: Agent, *, at: datetime) -> Call | None:
    """On which day it stands, the first time; None when the answer is none."""
    today = local(at, agent.timezone).date()
    if call.step is Step.AGENT_SLOT_WEEK:
        if digits == "3":
            return call.to(Step.AGENT_SLOT_DATE, page=0)
        return call.to(Step.AGENT_SLOT_DAY, page=int(digits)) if digits in {"1", "2"} else None
    if call.step is Step.AGENT_SLOT_DAY:
        day = _of_week(call.page, digits, today)
        return None if day is None else _to(call, Step.AGENT_SLOT_START, Draft(day))
    found = keyed.read_day(digits, today=today)
    if isinstance(found, Wrong):
        return call.to(call.step, page=int(found), tries=call.tries + 1)
    there = on_day(found, agent, at=at) is not None
    step = Step.AGENT_SLOT_THERE if there else Step.AGENT_SLOT_START
    return _to(call, step, Draft(found))


def _there(call: Call, digits: str, agent: Agent, *, at: datetime) -> Call | None:
    """They keyed a day of a slot of theirs: it is heard like any other, or another is added."""
    draft = Draft.of(call.page)
    here = on_day(draft.day, agent, at=at)
    if digits == "1" and here is not None:
        return call.to(Step.AGENT_SLOTS, page=minute(here.start))
    return _to(call, Step.AGENT_SLOT_START, draft) if digits in {"1", "2"} else None


def _hours(call: Call, digits: str, agent: Agent, *, at: datetime) -> Call | None:
    draft, time = Draft.of(call.page), keyed.read_time(digits)
    if time is None:
        return None
    if call.step is Step.AGENT_SLOT_START:
        return _to(call, Step.AGENT_SLOT_END, replace(draft, start=time))
    if time == draft.start:
        return None
    if keyed.is_backwards(draft.start, time):
        page = replace(draft, wrong=Wrong.BACKWARDS)
        return _to(call, call.step, page, tries=call.tries + 1)
    ended = replace(draft, end=time, wrong=Wrong.NOTHING)
    return _to(call, Step.AGENT_SLOT_RHYTHM, ended) if _is_to_come(ended, agent, at=at) else None


def _chosen(call: Call, digits: str) -> Call | None:
    """The next question after one of a single key. Of a day that is not the last of its weekdays
    in its month, it is clear which it is.
    """
    draft, found = Draft.of(call.page), _ASKED.get((call.step, digits))
    if found is None:
        return None
    step, said = found
    if step is Step.AGENT_SLOT_NTH and not draft.is_last:
        step = Step.AGENT_SLOT_HOLIDAYS
    return _to(call, step, replace(draft, **said))


def _every(call: Call, digits: str) -> Call | None:
    count, draft = keyed.read_count(digits, MOST_WEEKS), Draft.of(call.page)
    if count is None:
        return None
    draft = replace(draft, rhythm=slot_drafts.EVERY + count)
    return _to(call, Step.AGENT_SLOT_HOLIDAYS, draft)


def _until(call: Call, digits: str, agent: Agent, *, at: datetime) -> Call:
    draft, today = Draft.of(call.page), local(at, agent.timezone).date()
    found = keyed.read_last(digits, first=draft.rule.first, today=today)
    if isinstance(found, Wrong):
        return _to(call, call.step, replace(draft, wrong=found), tries=call.tries + 1)
    return _to(call, Step.AGENT_SLOT_CONFIRM, replace(draft, until=found, wrong=Wrong.NOTHING))


def _to(call: Call, step: Step, draft: Draft, **tries: int) -> Call:
    return call.to(step, page=draft.page, **tries)


def _is_to_come(draft: Draft, agent: Agent, *, at: datetime) -> bool:
    pattern = draft.pattern(agent.timezone)
    day = pattern.rule.first
    return Occurrence(SlotId(""), day, day, pattern.span, agent.timezone).end > at


def _of_week(week: int, digits: str, today: date) -> date | None:
    """A weekday of this week or the next, unless it is over."""
    if digits not in set("1234567"):
        return None
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(weeks=week - 1, days=int(digits) - 1)
    return day if day >= today else None
