"""Where people live: communes, and the larger territories that they are part of.

Territories are keyed by (level, code), since every région's code is also a département's. They form
a DAG, not a tree: an EPCI may straddle départements and even régions, and some communes are in no
EPCI. What a postal code stands for is looked up; nothing is derived from its digits.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import takewhile
from operator import eq
from pathlib import Path
from urllib.parse import quote

from dispatcher.domain.gazetteer import CODE_LENGTH, Gazetteer
from dispatcher.domain.zone_names import PARIS, ZONE_OF_COMMUNE, ZONE_OF_DEPARTEMENT


class Level(IntEnum):
    """How wide a place is, narrowest first.

    Before the territories stand two that are no land: one agent, who helped this caller before, and
    one house, whose usual line the caller rang.
    """

    HELPER = -1
    HOUSE = 0
    COMMUNE = 1
    EPCI = 2
    DEPARTEMENT = 3
    REGION = 4
    NATION = 5


@dataclass(frozen=True, slots=True, order=True)
class Territory:
    """A place by level and official code (INSEE; SIREN for an EPCI), ordered narrowest first."""

    level: Level
    code: str

    def __str__(self) -> str:
        return f"{_PREFIXES[self.level]}{self.code}" if self.level is not Level.NATION else "france"

    @classmethod
    def parse(cls, text: str) -> Territory:
        """Read what ``str()`` writes: ``commune:05061``, ``epci:200068096``, ``france``.

        Whether the code exists is not looked at here. Raises ValueError.
        """
        if text == "france":
            return FRANCE
        name, _, code = text.partition(":")
        level = _LEVELS.get(name)
        if level is Level.HOUSE and code.isascii() and code.isprintable() and " " not in code:
            return cls(level, code)
        if level is None or not (code.isascii() and code.isalnum() and len(code) <= 9):
            raise ValueError(text)
        return cls(level, code.upper())

    @classmethod
    def house(cls, id: str) -> Territory:
        """The place of those who work in this structure, whatever signs its id is made of."""
        return cls(Level.HOUSE, quote(id, safe=""))

    @classmethod
    def helper(cls, agent: int) -> Territory:
        """The place of one agent alone."""
        return cls(Level.HELPER, str(agent))


FRANCE = Territory(Level.NATION, "fr")
_PREFIXES = {level: f"{level.name.lower()}:" for level in Level}
_LEVELS = {level.name.lower(): level for level in Level if level is not Level.NATION}


@dataclass(frozen=True, slots=True)
class Commune:
    """A present commune. ``epci`` is None for four islands and the overseas collectivities."""

    code: str
    name: str
    departement: str
    region: str
    epci: str | None
    postal_codes: tuple[str, ...]
    population: int


class Atlas:
    """Every territory of France, looked up in memory."""

    def __init__(
        self,
        rows: Gazetteer,
        present: Mapping[str, str],
        names: Mapping[Territory, str],
        regions: Mapping[str, str],
    ) -> None:
        """Take the files' content as it is; ``load_atlas`` is the way to get one.

        ``rows`` has each present commune's line, cut when asked for; ``present`` tells the present
        code of an old one; ``names`` has all but communes; ``regions`` each
        département's région.
        """
        self._rows = rows
        self._present = present
        self._names = names
        self._regions = regions
        self._communes: dict[str, Commune] = {}
        self._beyond: dict[
            tuple[Territory, ...], tuple[tuple[Territory, tuple[str, ...]], ...]
        ] = {}

    def commune(self, code: str) -> Commune | None:
        """The present commune of a present, old, delegated, associated or arrondissement code."""
        code = self._present.get(code, code)
        found = self._communes.get(code)
        if found is None and code in self._rows:
            found = self._communes[code] = _commune(self._rows[code])
        return found

    def at_postal_code(self, code: str) -> tuple[Commune, ...]:
        """The communes this postal code delivers to, most populated first; empty when unknown."""
        codes = (row[:CODE_LENGTH] for row in self._rows.at_postal_code(code))
        found = filter(None, map(self.commune, codes))
        return tuple(sorted(found, key=lambda commune: (-commune.population, commune.code)))

    def nearest_postal_codes(self, code: str, *, limit: int = 3) -> tuple[str, ...]:
        """Known postal codes that look most like an unknown one, most alike first.

        A guess to offer a person who may have slipped on a key, never a way to place them silently.
        """
        if not (code.isascii() and code.isdigit() and len(code) <= 5):
            return ()
        ranked = sorted(self._rows.postal_codes(), key=lambda known: _unlikeness(code, known))
        return tuple(ranked[:limit])

    def around(self, commune: Commune) -> tuple[Territory, ...]:
        """The commune and what is around it, narrowest first; an absent level is left out."""
        epci = (Territory(Level.EPCI, commune.epci),) if commune.epci else ()
        return (
            Territory(Level.COMMUNE, commune.code),
            *epci,
            Territory(Level.DEPARTEMENT, commune.departement),
            Territory(Level.REGION, commune.region),
            FRANCE,
        )

    def beyond(
        self, around: tuple[Territory, ...]
    ) -> tuple[tuple[Territory, tuple[str, ...]], ...]:
        """For each wide place around somebody, the codes of its départements farther than theirs.

        Wide is a région, or France; each département is told once, in the narrowest.
        """
        wider = tuple(place for place in around if place.level >= Level.DEPARTEMENT)
        if wider not in self._beyond:
            self._beyond[wider] = tuple(self._farther(wider))
        return self._beyond[wider]

    def _farther(self, wider: tuple[Territory, ...]) -> Iterator[tuple[Territory, tuple[str, ...]]]:
        seen = {place.code for place in wider if place.level is Level.DEPARTEMENT}
        for place in (place for place in wider if place.level > Level.DEPARTEMENT):
            inside = sorted(code for code in self._codes(place) if code not in seen)
            seen.update(inside)
            yield place, tuple(inside)

    def _codes(self, place: Territory) -> Iterator[str]:
        return (
            code
            for code, region in self._regions.items()
            if region == place.code or place == FRANCE
        )

    def above(self, territory: Territory) -> frozenset[Territory]:
        """The territory and all larger ones it shares land with; an unknown one has only France."""
        if territory.level is Level.COMMUNE and (commune := self.commune(territory.code)):
            return frozenset(self.around(commune))
        larger: frozenset[Territory] = frozenset()
        if territory.level is Level.EPCI:
            larger = self._above_epci.get(territory.code, larger)
        elif territory.level is Level.DEPARTEMENT and territory.code in self._regions:
            larger = frozenset({Territory(Level.REGION, self._regions[territory.code])})
        return frozenset({territory, FRANCE}) | larger

    def knows(self, territory: Territory) -> bool:
        """Whether this territory exists, under a present code or an old one."""
        if territory.level is Level.COMMUNE:
            return self.commune(territory.code) is not None
        return territory in self._names

    def present(self, territory: Territory) -> Territory:
        """The same territory under its present code (only communes change theirs)."""
        if territory.level is Level.COMMUNE and territory.code in self._present:
            return Territory(Level.COMMUNE, self._present[territory.code])
        return territory

    def name(self, territory: Territory) -> str:
        """What the territory is called in French; its own text when unknown."""
        if territory.level is Level.COMMUNE and (commune := self.commune(territory.code)):
            return commune.name
        return self._names.get(territory, str(territory))

    def timezone(self, commune: Commune) -> str:
        """The IANA time zone that clocks show there."""
        zone = ZONE_OF_COMMUNE.get(commune.code) or ZONE_OF_DEPARTEMENT.get(commune.departement)
        return zone or PARIS

    def communes(self) -> Iterator[Commune]:
        """All present communes, by code."""
        return filter(None, map(self.commune, self._rows))

    @cached_property
    def _above_epci(self) -> dict[str, frozenset[Territory]]:
        spans = {tuple(row.split(",")[2:5]) for row in self._rows.values()}
        above: dict[str, frozenset[Territory]] = {}
        for departement, region, epci in spans:
            larger = {Territory(Level.DEPARTEMENT, departement), Territory(Level.REGION, region)}
            above[epci] = above.get(epci, frozenset()) | larger
        above.pop("", None)
        return above


def load_atlas(folder: Path) -> Atlas:
    """Read the five files that ``config/territories_build.py`` writes."""
    regions = {code: region for code, _, region in _cells(folder / "departements.csv")}
    names = {FRANCE: "France"}
    for level, file in (
        (Level.REGION, "regions.csv"),
        (Level.DEPARTEMENT, "departements.csv"),
        (Level.EPCI, "epci.csv"),
    ):
        names.update({Territory(level, row[0]): row[1] for row in _cells(folder / file)})
    present = {old: code for old, code, _ in _cells(folder / "aliases.csv")}
    # 35,000 lines are cut at their commas only when asked for, and not by csv: that makes loading
    # quick. The script that writes this file sees to it that no cell holds a comma or a quote.
    communes = Gazetteer((folder / "communes.csv").read_bytes())
    return Atlas(communes, present, names, regions)


def _cells(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def _commune(row: str) -> Commune:
    code, name, departement, region, epci, postal_codes, population = row.split(",")
    codes = tuple(postal_codes.split())
    return Commune(code, name, departement, region, epci or None, codes, int(population or 0))


def _unlikeness(wanted: str, known: str) -> tuple[int, int, str]:
    shared = len(list(takewhile(bool, map(eq, wanted, known))))
    return -shared, abs(int(wanted) - int(known)), known
