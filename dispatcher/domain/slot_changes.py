"""Changing a slot that was heard, by keypad: one day of it, its pauses, or its end.

Whoever is asked about a slot that is there no more hears so, and goes back to the menu.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from dispatcher.domain import keyed
from dispatcher.domain.agent_steps import KEYED, Becomes, Deed, Ends, Heard, Moves, Told, menu
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.keyed import Wrong
from dispatcher.domain.occurrences import Change, Moved, Occurrence, Slot
from dispatcher.domain.removals import Changed, Ended, Removal
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_drafts import Edit, minute
from dispatcher.domain.slots import DAY, Span

STEPS: Final = frozenset(
    step
    for step in Step
    if step.startswith(("agent_change", "agent_move", "agent_break", "agent_series"))
)
CONFIRMS: Final = frozenset(
    {Step.AGENT_MOVE_CONFIRM, Step.AGENT_BREAK_CONFIRM, Step.AGENT_SERIES_CONFIRM}
)
_BEFORE: Final = {
    Step.AGENT_MOVE_CONFIRM: Step.AGENT_MOVE,
    Step.AGENT_BREAK_CONFIRM: Step.AGENT_BREAK_START,
    Step.AGENT_SERIES_CONFIRM: Step.AGENT_SERIES,
}
"""Where whoever keyed 2, to begin again, is asked first."""
_ASKED: Final[Mapping[tuple[Step, str], Step]] = {
    (Step.AGENT_CHANGE, "1"): Step.AGENT_MOVE,
    (Step.AGENT_CHANGE, "2"): Step.AGENT_BREAKS,
    (Step.AGENT_CHANGE, "3"): Step.AGENT_SERIES,
    (Step.AGENT_MOVE, "1"): Step.AGENT_MOVE_START,
    (Step.AGENT_MOVE, "2"): Step.AGENT_MOVE_DATE,
    (Step.AGENT_BREAKS, "1"): Step.AGENT_BREAK_START,
    (Step.AGENT_BREAKS, "2"): Step.AGENT_BREAK_CONFIRM,
    (Step.AGENT_SERIES, "1"): Step.AGENT_SERIES_CONFIRM,
    (Step.AGENT_SERIES, "2"): Step.AGENT_SERIES_DATE,
}
"""Where one key leads to from each question of one key."""


def begin(call: Call, here: Occurrence) -> Call:
    """They change the slot that was heard."""
    return _to(call, Step.AGENT_CHANGE, Edit(minute(here.start)))


def hear(call: Call, keys: Keys, agent: Agent, here: Occurrence | None, *, at: datetime) -> Heard:
    """What keys do where a slot is changed; ``here`` is the one it is about."""
    slot = None if here is None else agent.slots.slot(here.slot)
    if here is None or slot is None:
        known = keys.digits == "1" or (call.step in KEYED and keys.digits)
        return Heard(menu(call) if known else call.puzzled())
    if call.step in CONFIRMS:
        return _hear_confirm(call, keys.digits, slot, here)
    if call.step not in KEYED:
        return Heard(_chosen(call, keys.digits, slot, here) or call.puzzled())
    if call.step in {Step.AGENT_MOVE_DATE, Step.AGENT_SERIES_DATE}:
        return Heard(_dated(call, keys.digits, agent, slot, at=at))
    return Heard(_timed(call, keys.digits, slot, here, at=at))


def removal(call: Call, slot: Slot, here: Occurrence) -> Removal | None:
    """What would be taken away where they are asked whether to; None where nothing would."""
    match deed(call, slot, here):
        case Moves(occurrence, to):
            return Changed(slot, Change(occurrence.day, to))
        case Ends():
            return Ended(slot)
        case Becomes(_, pattern) if call.step is Step.AGENT_SERIES_CONFIRM:
            return Ended(slot, pattern.rule.until)
        case _:
            return None


def deed(call: Call, slot: Slot, here: Occurrence) -> Deed | None:
    """What was keyed, where it is asked whether to do so."""
    edit = Edit.of(call.page)
    match call.step:
        case Step.AGENT_MOVE_CONFIRM:
            return Moves(here, Moved(edit.day or here.on, edit.span))
        case Step.AGENT_BREAK_CONFIRM:
            kept = slot.pattern.pauses
            pauses = () if edit.start == edit.end else tuple(sorted({*kept, edit.span}))
            return Becomes(slot, slot.pattern.paused(pauses))
        case Step.AGENT_SERIES_CONFIRM if edit.day is None or edit.day < slot.pattern.rule.first:
            return Ends(slot)
        case Step.AGENT_SERIES_CONFIRM:
            rule = replace(slot.pattern.rule, until=edit.day)
            return Becomes(slot, replace(slot.pattern, rule=rule))
        case _:
            return None


def _hear_confirm(call: Call, digits: str, slot: Slot, here: Occurrence) -> Heard:
    if digits == "2":
        return Heard(_to(call, _BEFORE[call.step], Edit(Edit.of(call.page).about)))
    if digits != "1":
        return Heard(call.puzzled())
    return Heard(menu(call, Told.NOTED), deed=deed(call, slot, here))


def _chosen(call: Call, digits: str, slot: Slot, here: Occurrence) -> Call | None:
    """The next question after one of a single key; None when the key is none."""
    edit, step = Edit.of(call.page), _ASKED.get((call.step, digits))
    if step is Step.AGENT_BREAKS and not slot.pattern.pauses:
        step = Step.AGENT_BREAK_START
    if step is Step.AGENT_SERIES and slot.pattern.rule.once:
        return None
    if step is Step.AGENT_MOVE_START and call.step is Step.AGENT_MOVE:
        edit = replace(edit, day=here.on)
    return None if step is None else _to(call, step, edit)


def _dated(call: Call, digits: str, agent: Agent, slot: Slot, *, at: datetime) -> Call:
    edit = Edit.of(call.page)
    found = keyed.read_day(digits, today=local(at, agent.timezone).date())
    if call.step is Step.AGENT_SERIES_DATE and _is_past_end(found, slot):
        found = Wrong.PAST_END
    if isinstance(found, Wrong):
        return _to(call, call.step, replace(edit, wrong=found), tries=call.tries + 1)
    moves = call.step is Step.AGENT_MOVE_DATE
    step = Step.AGENT_MOVE_START if moves else Step.AGENT_SERIES_CONFIRM
    return _to(call, step, replace(edit, day=found, wrong=Wrong.NOTHING))


def _is_past_end(found: date | Wrong, slot: Slot) -> bool:
    until = slot.pattern.rule.until
    return isinstance(found, date) and until is not None and found > until


def _timed(call: Call, digits: str, slot: Slot, here: Occurrence, *, at: datetime) -> Call:
    edit, time = Edit.of(call.page), keyed.read_time(digits)
    moves = call.step in {Step.AGENT_MOVE_START, Step.AGENT_MOVE_END}
    if time is None:
        return call.puzzled()
    if call.step in {Step.AGENT_MOVE_START, Step.AGENT_BREAK_START}:
        step = Step.AGENT_MOVE_END if moves else Step.AGENT_BREAK_END
        return _to(call, step, replace(edit, start=time, wrong=Wrong.NOTHING))
    edit = replace(edit, end=time, wrong=Wrong.NOTHING)
    if edit.start == time:
        return call.puzzled()
    if moves:
        return _moved(call, edit, here, at=at)
    if not _inside(edit.span, slot.pattern.span):
        begun = Edit(edit.about, wrong=Wrong.OUTSIDE)
        return _to(call, Step.AGENT_BREAK_START, begun, tries=call.tries + 1)
    return _to(call, Step.AGENT_BREAK_CONFIRM, edit)


def _moved(call: Call, edit: Edit, here: Occurrence, *, at: datetime) -> Call:
    if keyed.is_backwards(edit.start, edit.end):
        again = replace(edit, end=0, wrong=Wrong.BACKWARDS)
        return _to(call, call.step, again, tries=call.tries + 1)
    over = replace(here, on=edit.day or here.on, span=edit.span).end <= at
    return call.puzzled() if over else _to(call, Step.AGENT_MOVE_CONFIRM, edit)


def _inside(pause: Span, span: Span) -> bool:
    """Whether a pause is in a slot: after midnight it is the next day's."""
    return any(
        span.start <= pause.start + midnight and pause.end + midnight <= span.end
        for midnight in (0, DAY)
    )


def _to(call: Call, step: Step, edit: Edit, **tries: int) -> Call:
    return call.to(step, page=edit.page, **tries)
