"""Which caller a freed agent serves best: the reference for the live script on a small board."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from dispatcher.domain.routing import (
    FIRST_FOR_WHO_WAITS,
    HEAD_START,
    Candidate,
    Plan,
    needs_served,
    refused,
)
from dispatcher.domain.territories import Level, Territory


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits, on the line or for a callback."""

    id: str
    since: datetime
    plan: Plan


def best_caller(agent: Candidate, waiting: Iterable[Waiting], *, at: datetime) -> Waiting | None:
    """The caller a free agent serves best: nearest first with a bounded head start, then oldest.

    An agent is there for who waits a moment before they are free for everybody.
    """
    found = _most_urgent(agent, waiting, at=at)
    return found[-1] if found else None


def urgency(
    agent: Candidate, waiting: Iterable[Waiting], *, at: datetime
) -> tuple[int, datetime] | None:
    """How urgent a free agent's best caller is, the least first; None when they have none.

    Of agents freed together the one with the most urgent caller looks first: so near ones meet, and
    nobody is passed by more than the head start, however many agents are freed.
    """
    found = _most_urgent(agent, waiting, at=at)
    return found[:2] if found else None


def _most_urgent(
    agent: Candidate, waiting: Iterable[Waiting], *, at: datetime
) -> tuple[int, datetime, datetime, str, Waiting] | None:
    callers = list(waiting)
    if agent.free_at is not None:
        agent = replace(agent, free_at=agent.free_at - FIRST_FOR_WHO_WAITS)
    ranked = [
        (turn, caller.since - HEAD_START[place.level], caller.since, caller.id, caller)
        for turn, needs in enumerate(needs_served(agent.skillset))
        for caller in callers
        if caller.plan.need in needs and refused(agent, caller.plan, at=at) is None
        for place in caller.plan.around
        if agent.stands_in(place) and not _held_from(agent, caller.plan, place, at=at)
    ]
    return min(ranked, key=lambda entry: entry[:4], default=None)


def _held_from(agent: Candidate, plan: Plan, place: Territory, *, at: datetime) -> bool:
    """Whether a caller is still held for somebody nearer than this agent of another département."""
    wide = place.level >= Level.REGION and bool(agent.departements)
    return wide and plan.reserve is not None and at < plan.reserve.until
