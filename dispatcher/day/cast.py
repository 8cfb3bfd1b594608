"""The houses and agents of a day: from files, written in the day's own, or drawn.

All of them go in through the doors of ``dispatcher import``, as its CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import config
from config.words import words
from dispatcher.day.crowd import SKILLS
from dispatcher.day.plan import PlannedAgent, Rings
from dispatcher.domain.directory import AGENTS, STRUCTURES, StructureRow, read_structures
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.territories import Atlas, Commune

WORDS = words("day")
HOUSES = Path(config.__file__).parent / "data" / "houses" / "france_services_2024-08.csv"
ALL_DAY = "mon-sun 00:00-24:00"
OWN = "jour-"
"""Begins the id of a house that the day's file made up, for an agent of whom it tells the place."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How agents answer unless their own table says otherwise; times in seconds."""

    answers_after: tuple[float, float] = (3.0, 8.0)
    talks_for: tuple[float, float] = (120.0, 420.0)
    misses: float = 0.0
    rings: tuple[Rings, ...] = (Rings.ANSWERS,)

    def at(self, number: PhoneNumber, own: Mapping[str, Any] | None = None) -> PlannedAgent:
        """The way of one agent, with what is their ``own``."""
        own = own or {}
        return PlannedAgent(
            number,
            rings=own.get("rings", self.rings),
            answers_after=own.get("answers_after", self.answers_after),
            talks_for=own.get("talks_for", self.talks_for),
            misses=own.get("misses", self.misses),
        )


@cache
def national(atlas: Atlas) -> tuple[StructureRow, ...]:
    """Every house of the shipped national list."""
    return read_structures(HOUSES.read_bytes(), atlas).rows


def houses_of(departements: Iterable[str], atlas: Atlas) -> list[StructureRow]:
    """The real houses of these départements, in the order of the list."""
    wanted = set(departements)
    found = []
    for house in national(atlas):
        commune = atlas.commune(house.commune)
        if commune is not None and commune.departement in wanted:
            found.append(house)
    return found


def structures_csv(houses: Iterable[StructureRow], own: Iterable[Commune]) -> bytes:
    """These houses, and one in each of these communes."""
    rows = [{"id": each.id, "name": each.name, "commune": each.commune} for each in houses]
    named = {each.code: each for each in own}
    rows += [
        {"id": OWN + c, "name": WORDS["day.told.house"].format(name=each.name), "commune": c}
        for c, each in named.items()
    ]
    return _csv(STRUCTURES.columns, rows)


def agents_csv(tables: Sequence[Mapping[str, str]], numbers: Sequence[PhoneNumber]) -> bytes:
    """These agents, each with a telephone, and all that their tables leave out."""
    rows = [
        {
            "email": f"aidant{n}@exemple.test",
            "name": table.get("name") or f"Aidant {n}",
            "telephone": number,
            "status": "employed",
            "languages": "fr",
            "automatic": "yes",
            "slots": ALL_DAY,
            **{k: v for k, v in table.items() if k in AGENTS.columns and v},
        }
        for n, (table, number) in enumerate(zip(tables, numbers, strict=True), 1)
    ]
    return _csv(AGENTS.columns, rows)


def drawn(
    houses: Sequence[StructureRow], per_departement: int, slots: str, atlas: Atlas, dice: Random
) -> Iterator[dict[str, str]]:
    """The tables of so many agents in each département that has houses."""
    by_departement: dict[str, list[StructureRow]] = {}
    for house in houses:
        commune = atlas.commune(house.commune)
        if commune is not None:
            by_departement.setdefault(commune.departement, []).append(house)
    for _, there in sorted(by_departement.items()):
        for n in range(per_departement):
            house = dice.choice(there)
            yield {"structure": house.id, "skills": SKILLS[n % len(SKILLS)], "slots": slots}


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
