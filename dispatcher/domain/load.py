"""The load of the desk: what the figures of a day mean, and how they are summed up.

Nothing here is about one citizen: what comes in was counted already, by commune and need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome, Step

AT_ONCE: Final = timedelta(seconds=5)
"""Who hangs up sooner than this after their call began did not wait for anybody: counted apart."""
WAITING_AT: Final = (Step.WAITING, Step.OFFERED)
"""Where somebody stands who said what they need and with whom nobody speaks yet."""


@dataclass(frozen=True, slots=True)
class Waiters:
    """So many who wait, of one commune and for one need; ``since``: the first of them.

    ``ringing``: an agent's telephone rings for each of them at this moment.
    """

    commune: str | None
    need: Need
    ringing: bool
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Crowd:
    """Those of one département who wait for one need; ``since``: the first of them.

    ``departement`` is its code, None when their commune is not known. ``ringing``: for how many of
    them an agent's telephone rings.
    """

    departement: str | None
    need: Need
    count: int
    ringing: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everybody who waits: crowds of one département stand together, who waits longest first."""

    crowds: tuple[Crowd, ...] = ()

    @property
    def count(self) -> int:
        """How many people wait."""
        return sum(crowd.count for crowd in self.crowds)

    @property
    def ringing(self) -> int:
        """For how many of them an agent's telephone rings."""
        return sum(crowd.ringing for crowd in self.crowds)

    @property
    def since(self) -> datetime | None:
        """Since when the one waits who has waited longest; None when nobody waits."""
        return min((crowd.since for crowd in self.crowds), default=None)

    @property
    def places(self) -> list[tuple[str | None, Waiting]]:
        """Those of each département, in the same order."""
        return [
            (code, Waiting(tuple(each)))
            for code, each in groupby(self.crowds, lambda crowd: crowd.departement)
        ]


@dataclass(frozen=True, slots=True)
class Kept:
    """The callbacks we owe. ``due``: they wait for an agent; ``later``: for a moment to come;
    ``under_way``: somebody is being rung, or talks. ``since``: when the oldest was asked for.
    ``written``: how many inquiries wait for an answer, apart from them.
    """

    due: int = 0
    later: int = 0
    under_way: int = 0
    since: datetime | None = None
    written: int = 0

    @property
    def count(self) -> int:
        """How many callbacks in all."""
        return self.due + self.later + self.under_way


@dataclass(frozen=True, slots=True)
class Owed:
    """So many callbacks in one state, the oldest asked for at ``since``; ``due`` now, or later."""

    state: State
    due: bool
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """So many callbacks of one commune and for one need that wait for an agent, due since about
    the same moment: ``since``.
    """

    commune: str | None
    need: Need
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Became:
    """So many calls that stand at ``step``, with that outcome; ``at_once``: they ended within
    ``AT_ONCE`` of their beginning.
    """

    step: Step
    outcome: Outcome | None
    at_once: bool
    count: int


@dataclass(frozen=True, slots=True)
class Today:
    """What became of the day's calls."""

    answered: int = 0
    callback: int = 0
    abandoned: int = 0
    abandoned_at_once: int = 0


def gathered(
    waiters: Iterable[Waiters], departement_of: Callable[[str | None], str | None]
) -> Waiting:
    """Those who wait, brought together by département and need."""
    alike: dict[tuple[str | None, Need], list[Waiters]] = {}
    for each in waiters:
        alike.setdefault((departement_of(each.commune), each.need), []).append(each)
    crowds = [_crowd(departement, need, those) for (departement, need), those in alike.items()]
    first: dict[str | None, datetime] = {}
    for crowd in sorted(crowds, key=lambda each: each.since):
        first.setdefault(crowd.departement, crowd.since)
    return Waiting(tuple(sorted(crowds, key=lambda each: _rank(each, first))))


def kept(owed: Iterable[Owed], written: int = 0) -> Kept:
    """The callbacks that are owed, summed up; ``written`` inquiries besides."""
    rows = list(owed)
    waiting = [each for each in rows if each.state is State.WAITING]
    return Kept(
        due=sum(each.count for each in waiting if each.due),
        later=sum(each.count for each in waiting if not each.due),
        under_way=sum(each.count for each in rows if each.state is not State.WAITING),
        since=min((each.since for each in rows), default=None),
        written=written,
    )


def today(became: Iterable[Became]) -> Today:
    """The day's calls, summed up.

    Answered: an agent took the call, whether they still talk or not. Abandoned: the caller hung up
    before anybody spoke with them, and no callback is kept. Calls that were refused, that an agent
    made, or that ended with neither, since the line was closed or no number was given, are neither.
    """
    rows = list(became)
    abandoned = [each for each in rows if each.outcome is Outcome.ABANDONED]
    return Today(
        answered=sum(each.count for each in rows if _answered(each)),
        callback=sum(each.count for each in rows if each.outcome is Outcome.CALLBACK),
        abandoned=sum(each.count for each in abandoned if not each.at_once),
        abandoned_at_once=sum(each.count for each in abandoned if each.at_once),
    )


def _answered(each: Became) -> bool:
    return each.outcome is Outcome.ANSWERED or each.step is Step.TALKING


def _crowd(departement: str | None, need: Need, those: Sequence[Waiters]) -> Crowd:
    return Crowd(
        departement,
        need,
        count=sum(each.count for each in those),
        ringing=sum(each.count for each in those if each.ringing),
        since=min(each.since for each in those),
    )


def _rank(
    crowd: Crowd, first: Mapping[str | None, datetime]
) -> tuple[datetime, str, datetime, str]:
    """Départements by who waits longest in them, and needs likewise inside each."""
    return first[crowd.departement], crowd.departement or "", crowd.since, crowd.need
