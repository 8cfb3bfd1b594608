"""How it sounds where a slot that was heard is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dispatcher.domain import slot_changes
from dispatcher.domain.agent_steps import KEYED, Becomes, Moves
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.keyed import Wrong
from dispatcher.domain.occurrences import Occurrence, Slot
from dispatcher.domain.rule_prompts import WRONG, Alone, dated, pauses, spoken, stands, warned
from dispatcher.domain.script import Say
from dispatcher.domain.slot_drafts import Edit

_ASKED: Final = {
    Step.AGENT_MOVE: Say("agent.change.day"),
    Step.AGENT_MOVE_DATE: Say("agent.change.date"),
    Step.AGENT_MOVE_START: Say("agent.slots.start"),
    Step.AGENT_MOVE_END: Say("agent.slots.end"),
    Step.AGENT_BREAKS: Say("agent.change.breaks"),
    Step.AGENT_BREAK_START: Say("agent.change.break_start"),
    Step.AGENT_BREAK_END: Say("agent.change.break_end"),
    Step.AGENT_SERIES: Say("agent.change.series_ends"),
    Step.AGENT_SERIES_DATE: Say("agent.change.series_date"),
}
_GONE: Final = (Say("agent.slots.gone"), Say("agent.slots.menu"), Say("agent.menu.person"))


def say(
    call: Call, agent: Agent, here: Occurrence | None, alone: Sequence[Alone]
) -> tuple[Say, ...]:
    """What is asked of a change; of a slot that is there no more, only to go back."""
    slot = None if here is None else agent.slots.slot(here.slot)
    if here is None or slot is None:
        return (_GONE[0], _ASKED[call.step]) if call.step in KEYED else _GONE
    if call.step in slot_changes.CONFIRMS:
        done = _done(call, slot, here)
        return (*done, *warned(alone), Say("agent.change.note"))
    if call.step is Step.AGENT_CHANGE:
        series = () if slot.pattern.rule.once else (Say("agent.change.series"),)
        return (Say("agent.change.choose"), *series, Say("agent.menu.person"))
    wrong = Edit.of(call.page).wrong
    return (*(() if wrong is Wrong.NOTHING else (WRONG[wrong],)), _ASKED[call.step])


def _done(call: Call, slot: Slot, here: Occurrence) -> tuple[Say, ...]:
    """What would be, as it is read back."""
    match slot_changes.deed(call, slot, here):
        case Moves(_, to):
            return (Say("agent.change.moved", {"date": dated(here.on)}), stands(to.day, to.span))
        case Becomes(_, pattern) if call.step is Step.AGENT_BREAK_CONFIRM:
            kept = tuple(pauses(pattern)) or (Say("agent.change.no_pause"),)
            comes = () if pattern.rule.once else (Say("agent.change.each_time"),)
            return (spoken(here.on, here.span), *kept, *comes)
        case Becomes(_, pattern) if pattern.rule.until is not None:
            return (Say("agent.change.until", {"date": dated(pattern.rule.until)}),)
        case _:
            return (spoken(here.on, here.span), Say("agent.change.over"))
