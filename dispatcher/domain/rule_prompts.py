"""How days, hours and rules sound on the telephone: one idea a sentence, dates in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dispatcher.domain.coverage import Gap
from dispatcher.domain.keyed import Wrong
from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Weeks
from dispatcher.domain.script import Say
from dispatcher.domain.slots import DAY, Span

ALONE_AT_MOST: Final = 2
"""So many gaps are told one by one."""
WRONG: Final = {
    Wrong.NO_SUCH_DAY: Say("agent.wrong.no_such_day"),
    Wrong.OVER: Say("agent.wrong.over"),
    Wrong.ORDER: Say("agent.wrong.order"),
    Wrong.OUTSIDE: Say("agent.wrong.outside"),
    Wrong.UNREADABLE: Say("agent.wrong.unreadable"),
    Wrong.PAST_END: Say("agent.wrong.past_end"),
    Wrong.BACKWARDS: Say("agent.wrong.backwards"),
}
"""Why what was keyed is asked for again."""


@dataclass(frozen=True, slots=True)
class Alone:
    """Opening hours in which nobody else would be there, and where."""

    day: date
    span: Span
    place: str

    @classmethod
    def of(cls, gap: Gap, zone: str, place: str) -> Alone:
        """What a telephone says of a gap."""
        return cls(*gap.on_clock(zone), place)


def clock(minutes: int) -> Say:
    """A time of day, from minutes after a midnight."""
    hour, minute = divmod(minutes % DAY, 60)
    if hour == minute == 0:
        return Say("agent.midnight")
    return Say("time.full" if minute else "time.hour", {"hour": hour, "minute": minute})


def dated(day: date) -> Say:
    """« mardi 24 novembre 2026 »."""
    return Say(
        "agent.date.full",
        {
            "weekday": Say(f"weekday.{day.weekday()}"),
            "day": Say("agent.date.first") if day.day == 1 else day.day,
            "month": Say(f"month.{day.month}"),
            "year": day.year,
        },
    )


def spoken(day: date, span: Span) -> Say:
    """A day soon, and hours of it."""
    return Say(
        "agent.slots.slot",
        {
            "weekday": Say(f"weekday.{day.weekday()}"),
            "day": Say("agent.date.first") if day.day == 1 else day.day,
            "month": Say(f"month.{day.month}"),
            "start": clock(span.start),
            "end": clock(span.end),
        },
    )


def which(nth: int) -> Say:
    """Which of its weekdays in a month."""
    return Say("agent.which.last") if nth < 0 else Say(f"agent.which.{nth}")


def rule(pattern: Pattern) -> tuple[Say, ...]:
    """A slot of one weekday, or of one day, as it will be."""
    days = pattern.rule
    if days.once:
        return (stands(days.first, pattern.span),)
    until = Say("agent.rule.endless")
    if days.until is not None:
        until = Say("agent.rule.until", {"date": dated(days.until)})
    holidays = Say("agent.rule.holidays" if pattern.holidays else "agent.rule.no_holidays")
    first = Say("agent.rule.first", {"date": dated(days.first)})
    return (_hours(_days(pattern), pattern.span), first, until, holidays)


def stands(day: date, span: Span) -> Say:
    """One day in full, and hours of it."""
    return _hours(Say("agent.rule.once", {"date": dated(day)}), span)


def pauses(pattern: Pattern) -> Iterator[Say]:
    """The pauses of a slot."""
    for start, end in pattern.pauses:
        yield Say("agent.slots.pause", {"start": clock(start), "end": clock(end)})


def warned(alone: Sequence[Alone]) -> Iterator[Say]:
    """Where nobody else would be there: the first of it, and how much more."""
    for each in alone[:ALONE_AT_MOST]:
        yield Say(
            "agent.alone.gap",
            {
                "date": dated(each.day),
                "start": clock(each.span.start),
                "end": clock(each.span.end),
                "place": each.place,
            },
        )
    if (more := len(alone) - ALONE_AT_MOST) > 0:
        yield Say("agent.alone.more" if more > 1 else "agent.alone.one_more", {"count": more})


def _hours(days: Say, span: Span) -> Say:
    return Say(
        "agent.rule.hours", {"days": days, "start": clock(span.start), "end": clock(span.end)}
    )


def _days(pattern: Pattern) -> Say:
    days = pattern.rule
    weekday = Say(f"weekday.{days.days[0]}")
    if days.nth:
        return Say("agent.rule.nth", {"which": which(days.nth[0]), "weekday": weekday})
    if days.every > 1:
        return Say("agent.rule.every", {"weekday": weekday, "count": days.every})
    if days.weeks is not Weeks.ALL:
        is_even = days.weeks is Weeks.EVEN
        return Say("agent.rule.even" if is_even else "agent.rule.odd", {"weekday": weekday})
    return Say("agent.rule.weekly", {"weekday": weekday})
