"""How long somebody who waits will wait: an honest range, from who is before them and who answers.

Agents who serve a place free themselves one after the other, each after about as long as a call
takes. So the wait for the n-th freed agent is close to a gamma law of shape n (Erlang's model of a
busy desk, whose service times are exponential), and its tenth and ninetieth percentiles are told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain.agents import Need, Skillset
from dispatcher.domain.routing import HEAD_START, needs_served, skillsets_for
from dispatcher.domain.territories import Level, Territory

USUAL: Final = timedelta(minutes=12)
"""How long a call takes an agent while none was measured (shared reference performance.md)."""
USUAL_WEIGHS: Final = 5
"""As many calls as the usual length counts for beside those measured."""
_Z: Final = 1.2816
"""The ninetieth percentile of the normal law."""
LONGEST: Final = timedelta(hours=1)
"""What is longer is said to be so, and no figure given."""
EXACT_UP_TO: Final = 10
"""Minutes; above it, a range is told in steps of five."""


@dataclass(frozen=True, slots=True)
class Range:
    """A wait that four times in five lies between these."""

    low: timedelta
    high: timedelta

    @property
    def minutes(self) -> tuple[int, int] | None:
        """Whole minutes, the low rounded down and the high up; None when it may pass an hour."""
        if self.high > LONGEST:
            return None
        step = 1 if self.high <= timedelta(minutes=EXACT_UP_TO) else 5
        low = int(self.low.total_seconds() // (60 * step)) * step
        high = -int(-self.high.total_seconds() // (60 * step)) * step
        return low, max(high, low + step, 2)


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody who waits is told: how many are before them, and how long it may take."""

    ahead: int
    wait: Range | None


def handling(occupied: timedelta, answered: int) -> timedelta:
    """How long one answered call keeps an agent.

    ``occupied`` is all the time that offers held agents, those that nobody took included, and
    wrap-ups; so agents who do not pick up make the wait longer.
    """
    return (USUAL * USUAL_WEIGHS + occupied) / (USUAL_WEIGHS + answered)


def pace(one_call: timedelta, agents: int) -> timedelta | None:
    """How often an agent of a place is freed; None when nobody answers there."""
    return one_call / agents if agents else None


def paces(
    on: Mapping[Skillset, int], one_call: Mapping[Need, timedelta]
) -> dict[Need, timedelta | None]:
    """How often an agent of a place is freed for each need.

    Those who take a need as a last resort only count where there are no others.
    """
    found = {}
    for need in Need:
        first = [skills for skills in Skillset if need in needs_served(skills)[0]]
        agents = sum(on.get(skills, 0) for skills in first)
        last = sum(on.get(skills, 0) for skills in skillsets_for(need))
        found[need] = pace(one_call[need], agents or last)
    return found


def wait_for(ahead: int, pace: timedelta) -> Range:
    """The wait of somebody with so many before them (Wilson and Hilferty's gamma quantiles)."""
    shape = ahead + 1
    spread = (1 / (9 * shape)) ** 0.5
    low, high = (max(0.0, 1 - spread**2 + z * spread) ** 3 * shape for z in (-_Z, _Z))
    return Range(low * pace, high * pace)


@dataclass(frozen=True, slots=True)
class Ring:
    """A place around somebody who waits: how many agents of each skillset are on, and how often one
    is freed.
    """

    place: Territory
    on: Mapping[Skillset, int]
    pace: timedelta | None

    def rivals(self, need: Need) -> tuple[Need, ...]:
        """The needs that its agents who serve this one look at as soon."""
        serving = [skills for skills in skillsets_for(need) if self.on.get(skills)]
        needs = {rival for skills in serving for rival in needs_served(skills)[0]}
        return tuple(rival for rival in Need if rival in needs or rival is need)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who came after the one who is told, and where they live."""

    since: datetime
    around: tuple[Territory, ...]


def overtaken(
    ring: Ring,
    around: Collection[Territory],
    since: datetime,
    newcomers: Iterable[Newcomer],
    on: Mapping[Territory, int],
) -> float:
    """How many who came later this ring's next freed agent takes first, since they live nearer.

    Each counts for the part of the ring's agents who stand in a place of theirs that is near enough
    to make up for coming later. ``on`` is how many agents stand in each place.
    """
    return sum(
        max(
            (
                min(1.0, on.get(near, 0) / max(1, on.get(ring.place, 0)))
                for near in newcomer.around
                if near.level < ring.place.level and near not in around
                if newcomer.since < since + later_by(near.level, ring.place.level)
            ),
            default=0.0,
        )
        for newcomer in newcomers
        if ring.place in newcomer.around
    )


def later_by(ring: Level, level: Level) -> timedelta:
    """How much longer a caller of a wider ``level`` must wait to come before one of ``ring``."""
    return HEAD_START[ring] - HEAD_START[level]


def expected(found: Iterable[tuple[Ring, int]]) -> Expected | None:
    """What to tell, from each ring and how many its agents would take before this caller.

    The ring that is quickest serves them. None when no ring has anybody on.
    """
    timed = [(wait_for(n, ring.pace), n) for ring, n in found if ring.pace is not None]
    if not timed:
        return None
    wait, ahead = min(timed, key=lambda each: each[0].high)
    return Expected(ahead, wait)
