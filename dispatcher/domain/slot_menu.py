"""Slots by keypad: hearing those of this week and the next, marking, cancelling, confirming.

Only whoever gave their PIN comes here. What was said of a slot is kept in the call's ``page``: of
one that is heard, the minute at which it begins, so that a key is about the slot that was heard
whatever has begun or ended meanwhile; of one that is being marked, its day, start and end.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Final

from dispatcher.domain.agent_steps import Asks, Confirms, Drops, Heard, Marks, Told, menu
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.occurrences import Occurrence, Pattern, SlotId
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.schedule import local
from dispatcher.domain.slots import DAY, Span

Confirmed = Collection[tuple[SlotId, date]]
"""The slots, by the rule's day, for which somebody said that they will be there."""

CONFIRMED_WITHIN: Final = timedelta(days=1)
"""Of today's and tomorrow's slots it is worth saying that one will be there."""
_SINCE: Final = datetime(2020, 1, 1, tzinfo=UTC)
_DAYS: Final = 28
"""A day of this week or the next is known by its place in four weeks, midnight between or not."""
_LAST_HOUR: Final = 23


def begin(call: Call, agent: Agent, *, at: datetime) -> Call:
    """They ask for their slots: the first of them."""
    return _at(call, next(iter(agent.slots.to_come(at)), None))


def hear(call: Call, keys: Keys, agent: Agent, *, at: datetime, confirmed: Confirmed = ()) -> Heard:
    """What keys do among slots."""
    match call.step:
        case Step.AGENT_SLOTS:
            return _hear_slots(call, keys, agent, confirmed, at=at)
        case Step.AGENT_SLOT_DROP:
            return _hear_drop(call, keys, agent, at=at)
        case Step.AGENT_SLOT_CONFIRM:
            return _hear_confirm(call, keys, agent, at=at)
        case _:
            return Heard(_asked_on(call, keys.digits, agent, at=at) or call.puzzled())


def shown(call: Call, agent: Agent, *, at: datetime) -> Occurrence | None:
    """The slot that is heard; None when it is over, or was taken away."""
    found = agent.slots.to_come(at)
    return next((each for each in found if minute(each.start) == call.page), None)


def following(call: Call, agent: Agent, *, at: datetime) -> Occurrence | None:
    """The one after it."""
    found = agent.slots.to_come(at)
    return next((each for each in found if minute(each.start) > call.page), None)


def minute(at: datetime) -> int:
    """A moment as a call's page keeps it."""
    return (at - _SINCE) // timedelta(minutes=1)


def confirmable(each: Occurrence, confirmed: Confirmed, agent: Agent, *, at: datetime) -> bool:
    """Whether it is worth saying that they will be there, and was not said yet."""
    soon = each.on - local(at, agent.timezone).date() <= CONFIRMED_WITHIN
    return soon and each.start > at and (each.slot, each.day) not in confirmed


def marked(call: Call, agent: Agent, *, at: datetime) -> tuple[date, Span] | None:
    """The day and hours that were keyed; None when that day is of these two weeks no more."""
    rest, end = divmod(call.page, DAY)
    place, start = divmod(rest, DAY)
    day = _day_at(place, agent, at=at)
    return None if day is None else (day, Span(start, end if end > start else end + DAY))


def pattern(day: date, span: Span, agent: Agent) -> Pattern:
    """A slot of one day; whoever names that day means it, a holiday or not."""
    return Pattern(Rule(day), span, agent.timezone, holidays=True)


def _hear_slots(
    call: Call, keys: Keys, agent: Agent, confirmed: Confirmed, *, at: datetime
) -> Heard:
    here = shown(call, agent, at=at)
    match keys.digits:
        case "1":
            after = following(call, agent, at=at)
            return Heard(menu(call) if after is None else _at(call, after))
        case "2" if here is not None:
            return Heard(call.to(Step.AGENT_SLOT_DROP))
        case "3" if here is not None and confirmable(here, confirmed, agent, at=at):
            return Heard(menu(call, Told.NOTED), deed=Confirms(here))
        case "4":
            return Heard(call.to(Step.AGENT_SLOT_WEEK, page=0))
        case _:
            return Heard(call.puzzled())


def _hear_drop(call: Call, keys: Keys, agent: Agent, *, at: datetime) -> Heard:
    here = shown(call, agent, at=at)
    if keys.digits == "2" or (keys.digits in {"1", "3"} and here is None):
        return Heard(_at(call, here or following(call, agent, at=at)))
    if keys.digits == "1" and here is not None:
        return Heard(menu(call, Told.NOTED), deed=Drops(here))
    if keys.digits == "3" and here is not None:
        begun = here.start <= at
        return Heard(
            menu(call, Told.BEGUN if begun else Told.ASKED), deed=None if begun else Asks(here)
        )
    return Heard(call.puzzled())


def _hear_confirm(call: Call, keys: Keys, agent: Agent, *, at: datetime) -> Heard:
    said = marked(call, agent, at=at)
    if keys.digits == "2" or (keys.digits == "1" and said is None):
        return Heard(call.to(Step.AGENT_SLOT_WEEK, page=0))
    if keys.digits == "1" and said is not None:
        return Heard(menu(call, Told.NOTED), deed=Marks(*said))
    return Heard(call.puzzled())


def _asked_on(call: Call, digits: str, agent: Agent, *, at: datetime) -> Call | None:
    """The next question about a slot that is being marked; None when the answer is none."""
    match call.step:
        case Step.AGENT_SLOT_WEEK:
            is_week = digits in {"1", "2"}
            return call.to(Step.AGENT_SLOT_DAY, page=int(digits)) if is_week else None
        case Step.AGENT_SLOT_DAY:
            day = _keyed_day(call.page, digits, agent, at=at)
            place = None if day is None else day.toordinal() % _DAYS
            return None if place is None else call.to(Step.AGENT_SLOT_START, page=place)
        case Step.AGENT_SLOT_START:
            start = _keyed_time(digits)
            page = None if start is None else call.page * DAY + start
            return None if page is None else call.to(Step.AGENT_SLOT_END, page=page)
        case _:
            end = _keyed_time(digits)
            if end is None or end == call.page % DAY:
                return None
            asked = call.to(Step.AGENT_SLOT_CONFIRM, page=call.page * DAY + end)
            return asked if _is_to_come(asked, agent, at=at) else None


def _is_to_come(call: Call, agent: Agent, *, at: datetime) -> bool:
    said = marked(call, agent, at=at)
    return said is None or Occurrence(SlotId(""), said[0], *said, agent.timezone).end > at


def _keyed_day(week: int, digits: str, agent: Agent, *, at: datetime) -> date | None:
    if digits not in set("1234567"):
        return None
    today = local(at, agent.timezone).date()
    day = _monday(today) + timedelta(weeks=week - 1, days=int(digits) - 1)
    return day if day >= today else None


def _keyed_time(digits: str) -> int | None:
    if len(digits) != 4:
        return None
    hour, minute = int(digits[:2]), int(digits[2:])
    return hour * 60 + minute if hour <= _LAST_HOUR and minute < 60 else None


def _day_at(place: int, agent: Agent, *, at: datetime) -> date | None:
    monday = _monday(local(at, agent.timezone).date())
    days = (monday + timedelta(days=ahead) for ahead in range(14))
    return next((day for day in days if day.toordinal() % _DAYS == place), None)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _at(call: Call, each: Occurrence | None) -> Call:
    page = 0 if each is None else minute(each.start)
    return call.to(Step.AGENT_SLOTS, page=page, tries=0)
