"""Importing structures and agents: all of a file, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dispatcher.domain.agents import AgentId
from dispatcher.domain.directory import (
    AgentRow,
    Parsed,
    StructureRow,
    read_agents,
    read_structures,
)
from dispatcher.domain.identities import Person
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.sheets import Problem
from dispatcher.live.board import BoardLost
from dispatcher.operations import agents, timetables
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: rows new and known, and every problem found.

    ``warnings`` stand against nothing: what was imported may be right, and is worth a look.
    ``live``: running processes see it already. Else they will as soon as Redis is back.
    """

    new: int = 0
    known: int = 0
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    live: bool = True


def import_structures(source: bytes, services: Services, *, dry_run: bool = False) -> Imported:
    """Add or update structures by their id; nothing changes with any problem, or ``dry_run``."""
    parsed = read_structures(source, services.atlas, fiction=services.fiction)
    imported = Imported(problems=parsed.problems)
    if not imported.problems:
        with services.store.writing() as tx:
            imported = _put_structures(parsed, tx)
            if imported.problems or dry_run:
                raise Withdrawn
    return imported if dry_run else _shown(imported, services)


def import_agents(source: bytes, services: Services, *, dry_run: bool = False) -> Imported:
    """Add or update agents by e-mail, or by telephone without one.

    Nothing changes with any problem, or ``dry_run``.
    """
    with services.store.reading() as tx:
        houses = tx.structures.ids()
    parsed = read_agents(source, services.atlas, houses, fiction=services.fiction)
    imported = Imported(problems=parsed.problems)
    if not imported.problems:
        with services.store.writing() as tx:
            imported = _put_agents(parsed, tx, services)
            if imported.problems or dry_run:
                raise Withdrawn
    return imported if dry_run else _shown(imported, services)


def _put_structures(parsed: Parsed[StructureRow], tx: Transaction) -> Imported:
    if problems := tx.structures.taken(parsed.rows):
        return Imported(problems=problems)
    return Imported(*tx.structures.put(parsed), warnings=tx.agents.lines_of(parsed.rows))


def _put_agents(parsed: Parsed[AgentRow], tx: Transaction, services: Services) -> Imported:
    recognised = tx.agents.recognise(parsed)
    if recognised.problems:
        return Imported(problems=recognised.problems)
    said = tx.agents.weeks()
    new, known = tx.agents.put(recognised.people, parsed.columns, at=services.now())
    if "slots" in parsed.columns:
        timetables.follow(_weeks(recognised.people, new), said, tx)
    return Imported(len(new), known, warnings=tx.structures.lines_of(parsed.rows))


def _weeks(people: Iterable[Person], new: Iterable[AgentId]) -> dict[AgentId, WeeklySlots]:
    """The hours that the file says, of whom it is about; ``new`` are those nobody knew before."""
    ids = iter(new)
    return {each.known.id if each.known else next(ids): each.row.slots for each in people}


def _shown(imported: Imported, services: Services) -> Imported:
    """Put what was imported on the board that every process reads.

    While the board is away its rebuild, or the next check of a running service, does it.
    """
    if not imported.problems:
        try:
            agents.refresh(services)
        except BoardLost:
            return replace(imported, live=False)
    return imported
