"""How the commands say moments, places and needs, in French; and how they write JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

import click

from config.words import words
from dispatcher.domain import slot_sentences
from dispatcher.domain.agents import Need
from dispatcher.domain.occurrences import Occurrence, Pattern
from dispatcher.domain.regulars import Consent, Purpose
from dispatcher.domain.schedule import local
from dispatcher.domain.territories import Atlas, Commune, Level, Territory
from dispatcher.domain.timetables import ALWAYS_WAS

WORDS = words("reports")
SPOKEN = words("spoken")
SLOTS = {**SPOKEN, **words("timetables")}
PARIS: Final = "Europe/Paris"
"""The clock of what operators read and type, wherever their callers live."""

NEEDS: Final = {
    Need.PROCEDURES: WORDS["need.procedures"],
    Need.MEDIATION: WORDS["need.mediation"],
    Need.EITHER: WORDS["need.either"],
}
PURPOSES: Final = {each: SPOKEN[f"purpose.{each}"] for each in Purpose}
CONSENTS: Final = {
    Consent.TELEPHONE: WORDS["regulars.consent.telephone"],
    Consent.PAPER: WORDS["regulars.consent.paper"],
}
_LEVELS: Final = {
    Level.COMMUNE: WORDS["territory.commune"],
    Level.EPCI: WORDS["territory.epci"],
    Level.DEPARTEMENT: WORDS["territory.departement"],
    Level.REGION: WORDS["territory.region"],
    Level.NATION: WORDS["territory.nation"],
}


def moment(at: datetime) -> str:
    """A moment, with its day."""
    there = local(at, PARIS)
    return WORDS["moment.full"].format(
        weekday=SPOKEN[f"weekday.{there.weekday()}"],
        day=there.day,
        month=SPOKEN[f"month.{there.month}"],
        year=there.year,
        time=clock(at),
    )


def clock(at: datetime) -> str:
    """What a clock shows."""
    return f"{local(at, PARIS):%H:%M}"


def how_long(since: datetime, at: datetime) -> str:
    """A length of time, in its largest two units."""
    minutes, seconds = divmod(max(0, int((at - since).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return WORDS["moment.hours"].format(hours=hours, minutes=minutes)
    return WORDS["moment.minutes"].format(minutes=minutes, seconds=seconds)


def place(territory: Territory, atlas: Atlas) -> str:
    """A territory, with what kind of one it is."""
    return _LEVELS[territory.level].format(name=atlas.name(territory))


def commune(of: Commune | None) -> str:
    """A commune by its name and code."""
    if of is None:
        return WORDS["territory.unknown"]
    return WORDS["territory.of_caller"].format(name=of.name, code=of.code)


def commune_in_json(of: Commune | None) -> dict[str, str] | None:
    """The same for a program."""
    return None if of is None else {"code": of.code, "name": of.name}


def moment_in_json(at: datetime | None) -> str | None:
    """A moment for a program, as clocks in Paris show it, with its offset."""
    return None if at is None else local(at, PARIS).isoformat(timespec="seconds")


def slot(pattern: Pattern) -> str:
    """A slot, in one sentence."""
    return slot_sentences.write(pattern, SLOTS, since=ALWAYS_WAS)


def occurrence(each: Occurrence) -> str:
    """A slot on one day."""
    return slot_sentences.write_day(each.on, SLOTS) + slot_sentences.write_span(*each.span, SLOTS)


def write_json(value: dict[str, Any]) -> None:
    """Print it."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
