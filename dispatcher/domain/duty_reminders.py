"""What agents are reminded of: a slot of tomorrow, a slot about to begin, a callback of their own.

A reminder is looked for when it is due, not planned ahead: a slot that was since changed, or an
agent who is off by their own word, is told of as they are now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.schedule import local, midnight_after

EVENING: Final = (time(18), time(21, 30))
"""Between these times of their clocks agents are told of tomorrow: never at night."""
SHORTLY: Final = timedelta(minutes=15)
NEWS: Final = timedelta(hours=2)
"""A callback asked for less than this before its time is news to nobody's plans (rules.md C8)."""
_MOMENT: Final = timedelta(milliseconds=1)


class What(StrEnum):
    """What a reminder is of: its sentences in the catalogues of mails and of texts."""

    TOMORROW = "tomorrow"
    SOON = "soon"
    CALLBACK = "callback"


@dataclass(frozen=True, slots=True)
class DutyReminder:
    """Something that begins at ``starts_at``, of one agent; after ``expires_at`` it is too late.

    ``about``: which, so that it is told once. ``timezone``: whose clock the agent looks at.
    """

    agent: AgentId
    what: What
    about: str
    starts_at: datetime
    expires_at: datetime
    timezone: str
    automatic: bool


def due(
    agents: Iterable[Agent], planned: Iterable[Callback], *, at: datetime
) -> Iterator[DutyReminder]:
    """Everything that agents are to be reminded of at ``at``, told before or not.

    ``planned``: callbacks that may soon be due, of which those that name an agent count.
    """
    theirs: dict[AgentId, list[Callback]] = {}
    for callback in planned:
        if callback.helper is not None and _is_near(callback, at):
            theirs.setdefault(callback.helper, []).append(callback)
    for agent in agents:
        if agent.ringable:
            yield from _of_slots(agent, at)
            yield from _of_callbacks(agent, theirs.get(agent.id, ()))


def _of_slots(agent: Agent, at: datetime) -> Iterator[DutyReminder]:
    midnight = midnight_after(at, agent.timezone)
    if EVENING[0] <= local(at, agent.timezone).time() < EVENING[1]:
        first = _start_after(agent, midnight - _MOMENT)
        if first is not None and first < midnight_after(midnight, agent.timezone):
            lasts = datetime.combine(local(at, agent.timezone).date(), EVENING[1])
            told_until = lasts.replace(tzinfo=local(at, agent.timezone).tzinfo)
            yield _reminder(agent, What.TOMORROW, first, told_until)
    coming = _start_after(agent, at)
    if coming is not None and coming - at <= SHORTLY:
        yield _reminder(agent, What.SOON, coming, coming)


def _of_callbacks(agent: Agent, callbacks: Iterable[Callback]) -> Iterator[DutyReminder]:
    for each in callbacks:
        if agent.slots.covers(each.due_at) and not agent.paused(each.due_at):
            yield _reminder(agent, What.CALLBACK, each.due_at, each.due_at)


def _start_after(agent: Agent, at: datetime) -> datetime | None:
    """When their next slot begins; None when they are away by then, by their own word."""
    start = agent.slots.next_start(at)
    return None if start is None or agent.paused(start) else start


def _is_near(callback: Callback, at: datetime) -> bool:
    return (
        callback.state is State.WAITING
        and at < callback.due_at <= at + SHORTLY
        and callback.due_at - callback.asked_at >= NEWS
    )


def _reminder(agent: Agent, what: What, starts_at: datetime, until: datetime) -> DutyReminder:
    about = f"{agent.id}.{starts_at.timestamp():.0f}"
    return DutyReminder(
        agent.id, what, about, starts_at, until, agent.timezone, automatic=agent.automatic
    )
