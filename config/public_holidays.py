"""France's public holidays, by département.

The eleven of the whole country come from the library ``holidays``, the others from the table here:
the library's own list for Guadeloupe, say, has days of custom that no law makes holidays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dispatcher.domain.zone_names import ZONE_OF_COMMUNE, ZONE_OF_DEPARTEMENT

ALSACE_MOSELLE = ("57", "67", "68")
FRENCH_POLYNESIA = "987"
LOCAL = {
    **dict.fromkeys(ALSACE_MOSELLE, ((12, 26),)),
    "971": ((5, 27),),
    "972": ((5, 22),),
    "973": ((6, 10),),
    "974": ((12, 20),),
    "976": ((4, 27),),
    "977": ((10, 9),),
    "978": ((5, 28),),
    "986": ((4, 28), (6, 29), (7, 29)),
    FRENCH_POLYNESIA: ((3, 5), (11, 20)),
    "988": ((9, 24),),
}
"""Month and day of what is a holiday there only. Sources:

- Alsace-Moselle: labour code L3134-13 (for Good Friday it names the communes with a Protestant
  or a shared church; we keep it everywhere there, as nearly all do).
- 971 to 978, the end of slavery: act 83-550, decree 83-1003, labour code L3422-2. For Saint-Martin
  that article has 27 May; since 2018 the State's circulars and its prefecture have kept the 28th,
  "pending the correction of a clerical error".
- 986: the prefect's yearly decree. 987: its labour code, where country law 2025-12 put 20 November
  in the place of 29 June, from 2026. 988: interprofessional agreement, article 74.
"""
GOOD_FRIDAY = frozenset({*ALSACE_MOSELLE, FRENCH_POLYNESIA})

_DEPARTEMENT_OF_ZONE = {zone: code for code, zone in ZONE_OF_DEPARTEMENT.items()} | {
    zone: commune[:3] for commune, zone in ZONE_OF_COMMUNE.items()
}


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The eleven days of the labour code (article L3133-1), and those of one département.

    ``departement`` None, or one that has none of its own, is the eleven alone.
    """

    departement: str | None = None

    @classmethod
    def of_departement(cls, code: str) -> PublicHolidays:
        """Those of a département or overseas collectivity, by its code: ``67``, ``2A``, ``974``."""
        return cls(code)

    @classmethod
    def of_zone(cls, zone: str) -> PublicHolidays:
        """Those of where clocks show this IANA zone; for all that shows Paris time, the eleven."""
        return cls(_DEPARTEMENT_OF_ZONE.get(zone))

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        if (day.month, day.day) in LOCAL.get(self.departement or "", ()):
            return True
        return day in _of(day.year) or (self.departement in GOOD_FRIDAY and _is_good_friday(day))


def _is_good_friday(day: date) -> bool:
    """Whether Easter Monday, the whole country's only holiday in March and April, is next.

    (Ascension falls on 30 April when Easter is on 22 March, and so not before 2285.)
    """
    monday = day + timedelta(days=3)
    return monday.month in (3, 4) and monday in _of(monday.year)


@cache
def _of(year: int) -> frozenset[date]:
    import holidays  # 0.1 s, spared to those who keep their line open on holidays

    return frozenset(holidays.country_holidays("FR", years=year))
