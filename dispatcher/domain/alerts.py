"""Alerts: what supervisors are told of by mail, decided from the figures that they are shown.

Nothing here is about one citizen: places, needs and counts, never a number or a name.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, groupby
from typing import Final

from dispatcher.domain import texts
from dispatcher.domain.agents import Agent, Need
from dispatcher.domain.load import Due, Waiters, Waiting, gathered
from dispatcher.domain.mails import Address, Kind
from dispatcher.domain.routing import skillsets_for
from dispatcher.domain.schedule import instant, local
from dispatcher.domain.territories import FRANCE, Atlas
from dispatcher.domain.zones import places, ring

NOBODY_FOR: Final = timedelta(minutes=2)
"""Between two slots nobody may be on for a moment: that alone is told to nobody."""
OWED_AFTER: Final = (5, 2, 1)
"""At how many working days a callback that nobody takes is told of again (rules.md C9)."""
MOST_AT_ONCE: Final = 10
"""More places than this of one kind are told of in one mail, as so many places."""
WANTED_FOR: Final = timedelta(hours=6)
"""An alert that could not be sent by then is of no use any more."""

DepartementOf = Callable[[str | None], str | None]
HolidaysOf = Callable[[str], Container[date]]


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom of us alerts are for, ``after`` how long a wait, and the page that shows the load."""

    to: Sequence[Address] = ()
    after: timedelta = timedelta(minutes=10)
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell. ``about`` names the matter: told once, to each.

    ``departement`` is a code, None when it is not known or said. ``figures`` fill the sentences.
    """

    kind: Kind
    about: str
    departement: str | None = None
    need: Need | None = None
    figures: Mapping[str, int] = field(default_factory=dict)


def waits(waiting: Waiting, watch: Watch, *, at: datetime, day: date) -> list[Alert]:
    """Places and needs where somebody has waited on the line for too long."""
    return [
        Alert(
            Kind.WAITS,
            _matter(day, crowd.departement, crowd.need),
            crowd.departement,
            crowd.need,
            {"count": crowd.count, "minutes": (at - crowd.since) // timedelta(minutes=1)},
        )
        for crowd in waiting.crowds
        if at - crowd.since >= watch.after
    ]


def nobody(unserved: Waiting, *, at: datetime, day: date) -> list[Alert]:
    """Places and needs of people who wait, on the line or for a call, and whom nobody on duty
    serves.
    """
    return [
        Alert(
            Kind.NOBODY,
            _matter(day, crowd.departement, crowd.need),
            crowd.departement,
            crowd.need,
            {"count": crowd.count},
        )
        for crowd in unserved.crowds
        if at - crowd.since >= NOBODY_FOR
    ]


def unserved(
    waiters: Iterable[Waiters],
    due: Iterable[Due],
    on_duty: Sequence[Agent],
    atlas: Atlas,
    departement_of: DepartementOf,
) -> Waiting:
    """Those who wait on the line or for a call that is due, and whom nobody on duty serves."""
    everybody = [each for each in waiters if not each.ringing]
    everybody += [Waiters(each.commune, each.need, False, each.count, each.since) for each in due]
    left = (each for each in everybody if not _served(each, on_duty, atlas))
    return gathered(left, departement_of)


def owed(
    due: Iterable[Due],
    departement_of: DepartementOf,
    holidays: HolidaysOf,
    zone: str,
    *,
    at: datetime,
) -> list[Alert]:
    """Callbacks that nobody has taken for one, two and five working days since they were due.

    Those of a place and need that were due on the same day are told of together, each time once.
    """

    def matter(each: Due) -> tuple[date, str, Need]:
        return local(each.since, zone).date(), departement_of(each.commune) or "", each.need

    found = []
    for (since, departement, need), those in groupby(sorted(due, key=matter), matter):
        rows = list(those)
        days = _days_over(min(each.since for each in rows), holidays(departement), zone, at=at)
        if days is not None:
            about = f"{since.isoformat()}/{departement}/{need}/{days}"
            figures = {"count": sum(each.count for each in rows), "days": days}
            found.append(Alert(Kind.OWED, about, departement or None, need, figures))
    return found


def texted(*, used: int, cap: int, unsure: int, day: date) -> list[Alert]:
    """How much of the day's cap of texts is used, at each mark; and texts « à vérifier »."""
    found = []
    marks = texts.alarms(used, cap) if used else ()
    if marks:
        figures = {"percent": marks[-1], "used": used, "cap": cap}
        found.append(Alert(Kind.CAP, f"{day.isoformat()}/{marks[-1]}", figures=figures))
    if unsure:
        found.append(Alert(Kind.DOUBT, day.isoformat(), figures={"count": unsure}))
    return found


def bounded(alerts: Iterable[Alert], *, day: date) -> list[Alert]:
    """The same, but for a kind that too many places have: then they are one alert of the day."""
    found: list[Alert] = []
    for kind, those in groupby(sorted(alerts, key=lambda each: each.kind), lambda each: each.kind):
        rows = list(those)
        if len(rows) <= MOST_AT_ONCE or kind not in _MANY:
            found += rows
            continue
        count = sum(each.figures["count"] for each in rows)
        figures = {"count": count, "places": len({each.departement for each in rows})}
        found.append(Alert(_MANY[kind], day.isoformat(), figures=figures))
    return found


_MANY: Final = {
    Kind.WAITS: Kind.WAITS_MANY,
    Kind.NOBODY: Kind.NOBODY_MANY,
    Kind.OWED: Kind.OWED_MANY,
}


def _matter(day: date, departement: str | None, need: Need) -> str:
    return f"{day.isoformat()}/{departement or ''}/{need}"


def _served(waiters: Waiters, on_duty: Iterable[Agent], atlas: Atlas) -> bool:
    skillsets = skillsets_for(waiters.need)
    commune = atlas.commune(waiters.commune) if waiters.commune else None
    for agent in on_duty:
        if agent.skillset not in skillsets:
            continue
        if commune is None and FRANCE in places(agent.zones, atlas):
            return True
        if commune is not None and ring(agent.zones, commune, atlas) is not None:
            return True
    return False


def _days_over(
    since: datetime, holidays: Container[date], zone: str, *, at: datetime
) -> int | None:
    over = (
        days for days in OWED_AFTER if since <= working_days_before(at, days, holidays, zone=zone)
    )
    return next(over, None)


def working_days_before(
    at: datetime, days: int, holidays: Container[date], *, zone: str
) -> datetime:
    """The moment since which so many working days have passed: Monday to Friday, no holidays.

    The hours of other days count for nothing: on a Saturday it is as it was when Friday ended.
    """

    def works(day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in holidays

    wall = local(at, zone).replace(tzinfo=None)
    if not works(wall.date()):
        wall = _end_of(next(filter(works, _days_before(wall.date()))))
    for _ in range(days):
        day = next(filter(works, _days_before(wall.date())))
        wall = datetime.combine(day, wall.time())
    return instant(wall, zone)


_SATURDAY: Final = 5


def _days_before(day: date) -> Iterator[date]:
    return (day - timedelta(days=back) for back in count(1))


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time())
