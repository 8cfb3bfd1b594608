"""When a closed line opens next, as it is said."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatcher.domain.schedule import local
from dispatcher.domain.script import Say


def spoken(opening: datetime | None, *, at: datetime, zone: str) -> Say:
    """The sentence for a line closed at ``at`` that opens at ``opening``, as clocks of ``zone``
    show it.
    """
    if opening is None:
        return Say("greeting.closed.unknown")
    there, today = local(opening, zone), local(at, zone).date()
    time = Say(
        "time.full" if there.minute else "time.hour", {"hour": there.hour, "minute": there.minute}
    )
    if there.date() == today:
        return Say("greeting.closed.today", {"time": time})
    if there.date() == today + timedelta(days=1):
        return Say("greeting.closed.tomorrow", {"time": time})
    return Say(
        "greeting.closed.day",
        {
            "weekday": Say(f"weekday.{there.weekday()}"),
            "day": there.day,
            "month": Say(f"month.{there.month}"),
            "time": time,
        },
    )
