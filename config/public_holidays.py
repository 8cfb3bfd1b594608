"""France's public holidays, by the time zone of a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

ABOLITION_OF_SLAVERY = {
    "Indian/Mayotte": (4, 27),
    "America/Martinique": (5, 22),
    "America/Guadeloupe": (5, 27),
    "America/Cayenne": (6, 10),
    "Indian/Reunion": (12, 20),
}
"""A holiday of the overseas départements only (act 83-550 of 30 June 1983; month and day)."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The eleven days of the labour code (article L3133-1), and the zone's own if it has one.

    Alsace-Moselle's two more have no time zone of their own: a line there names them as exceptions.
    """

    zone: str

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        return (day.month, day.day) == ABOLITION_OF_SLAVERY.get(self.zone) or day in _of(day.year)


@cache
def _of(year: int) -> frozenset[date]:
    import holidays  # 0.1 s, spared to those who keep their line open on holidays

    return frozenset(holidays.country_holidays("FR", years=year))
