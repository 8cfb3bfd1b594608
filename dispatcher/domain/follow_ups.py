"""A follow-up: an agent who has just helped somebody books another call with the same person.

Neither the number nor the name is shown or said: the agent names whom they helped last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import LineId, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import instant, midnight_after, midnight_before


class Last(StrEnum):
    """What an agent may do for the person whom they helped last."""

    NOBODY = "nobody"  # they helped nobody, or it was too long ago
    CALLED = "called"  # they may be rung again
    RUNG_BACK = "rung_back"  # also, their callback may be said to be another service's
    REGULAR = "regular"  # also, they were asked whether they want to go on being rung

    @property
    def rung_back(self) -> bool:
        """Whether they were rung back for a callback."""
        return self in {Last.RUNG_BACK, Last.REGULAR}


class When(StrEnum):
    """When somebody is rung again."""

    SOON = "soon"
    TOMORROW = "tomorrow"
    IN_A_WEEK = "in_a_week"
    ON_A_DAY = "on_a_day"  # the one that is named with it


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agent books: ``mine``, they mean to ring themselves. ``day``: of ON_A_DAY alone."""

    mine: bool
    when: When
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Helped:
    """The person whom an agent helped last. ``callback``: they were rung back for it."""

    line: LineId
    number: PhoneNumber
    commune: str | None
    need: Need
    house: str | None = None
    first_name: str = ""
    discreet: bool = False
    callback: CallbackId | None = None


def is_in_time(ended_at: datetime, *, days: int, zone: str, at: datetime) -> bool:
    """Whether a follow-up of a conversation may be booked: until the end of the ``days``-th local
    day after it; never with none.
    """
    return days > 0 and at < midnight_after(ended_at + timedelta(days=days), zone)


def from_when(when: When, *, zone: str, at: datetime, day: date | None = None) -> datetime:
    """From when on somebody may be rung again; never a moment that is past."""
    if when is When.ON_A_DAY and day is not None:
        return max(at, instant(datetime.combine(day, time()), zone))
    days = {When.TOMORROW: 1, When.IN_A_WEEK: 7}.get(when, 0)
    return midnight_before(at + timedelta(days=days), zone) if days else at


def booked(
    helped: Helped, wish: Wish, id: CallbackId, agent: AgentId, *, due_at: datetime, at: datetime
) -> Callback:
    """The callback that this agent books. Its place is that of its moment: nobody waited for it."""
    return Callback(
        id=id,
        call=None,
        line=helped.line,
        number=helped.number,
        commune=helped.commune,
        need=helped.need,
        why=Why.FOLLOW_UP,
        asked_at=at,
        place_since=due_at,
        due_at=due_at,
        house=helped.house,
        helper=agent if wish.mine else None,
        first_name=helped.first_name,
        discreet=helped.discreet,
    )
