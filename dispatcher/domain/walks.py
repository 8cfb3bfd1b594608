"""A caller's walk looked at beforehand: whom it would ring in turn, whom it passes over, and why.

It is ``routing.route`` again and again, each time as if those found before had not taken the call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from dispatcher.domain.agents import AgentId, Skillset
from dispatcher.domain.routing import Candidate, Plan, refused, route
from dispatcher.domain.territories import Territory

NAMED_AT_MOST: Final = 5
WITH_SOMEBODY: Final = "with_somebody"
"""Why somebody on duty is not even looked at: they are with a caller, or being rung for one."""


class Nobody(StrEnum):
    """Why nobody would be rung, and so what the caller would get."""

    CLOSED = "closed"  # a callback, once the line is open
    NOBODY_ON = "nobody_on"  # a callback, at once
    ALL_TAKEN = "all_taken"  # they wait


@dataclass(frozen=True, slots=True)
class PassedOver:
    """How many who stand in a ring, and in none nearer, would be passed over for one cause."""

    ring: Territory
    cause: str
    count: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Whom a walk would ring, in order and by which place, and whom it passed over."""

    rung: tuple[tuple[AgentId, Territory, Skillset], ...]
    passed_over: tuple[PassedOver, ...]
    nobody: Nobody | None


def walked(looked_in: Plan, board: Sequence[Candidate], *, at: datetime) -> Walk:
    """Walk as often as somebody is found, each time as if those before had not taken the call."""
    rung: list[tuple[AgentId, Territory, Skillset]] = []
    last = len(looked_in.baskets)
    trying = looked_in
    while (routed := route(trying, board, at=at)).agent is not None and routed.basket is not None:
        basket = looked_in.baskets[routed.basket]
        rung.append((routed.agent, basket.place, basket.skillset))
        if len(rung) == NAMED_AT_MOST:
            last = routed.basket
            break
        trying = replace(trying, tried=trying.tried | {routed.agent})
    taken = {agent for agent, _, _ in rung}
    others = [each for each in board if each.id not in taken]
    nobody = None if rung else _why_nobody(looked_in, board)
    return Walk(tuple(rung), _passed_over(looked_in, others, last, at), nobody)


def _why_nobody(looked_in: Plan, board: Iterable[Candidate]) -> Nobody:
    on = any(_nearest(each, looked_in) is not None for each in board)
    return Nobody.ALL_TAKEN if on else Nobody.NOBODY_ON


def _passed_over(
    looked_in: Plan, board: Iterable[Candidate], last: int, at: datetime
) -> tuple[PassedOver, ...]:
    """Those of baskets up to the ``last``, each counted once: in the nearest where they stand."""
    counts: Counter[tuple[Territory, str]] = Counter()
    for each in board:
        basket = _nearest(each, looked_in)
        cause = WITH_SOMEBODY if each.free_at is None else refused(each, looked_in, at=at)
        if cause is not None and basket is not None and basket <= last:
            counts[looked_in.baskets[basket].place, cause] += 1
    found = sorted(counts.items(), key=lambda entry: (entry[0][0].level, entry[0][1]))
    return tuple(PassedOver(place, cause, count) for (place, cause), count in found)


def _nearest(candidate: Candidate, looked_in: Plan) -> int | None:
    return next(
        (
            index
            for index, basket in enumerate(looked_in.baskets)
            if basket.skillset is candidate.skillset and candidate.stands_in(basket.place)
        ),
        None,
    )
