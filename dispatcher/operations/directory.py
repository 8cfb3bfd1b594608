"""Importing structures and agents: all of a file, or nothing of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from dispatcher.domain.directory import read_agents, read_structures
from dispatcher.domain.sheets import Problem
from dispatcher.live.board import BoardLost
from dispatcher.operations import agents
from dispatcher.operations.services import Services
from dispatcher.store.store import Withdrawn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: rows new and known, and every problem found."""

    new: int = 0
    known: int = 0
    problems: tuple[Problem, ...] = ()


def import_structures(source: bytes, services: Services, *, dry_run: bool = False) -> Imported:
    """Add or update structures by their id. With any problem, or ``dry_run``, nothing is changed."""
    parsed = read_structures(source, services.atlas, fiction=services.fiction)
    if parsed.problems:
        return Imported(problems=tuple(parsed.problems))
    new = known = 0
    with services.store.writing() as tx:
        new, known = tx.structures.put(parsed.rows)
        if dry_run:
            raise Withdrawn
    if not dry_run:
        show(services)
    return Imported(new, known)


def import_agents(source: bytes, services: Services, *, dry_run: bool = False) -> Imported:
    """Add or update agents by e-mail, or by telephone without one. Works on running processes at once."""
    with services.store.reading() as tx:
        houses = tx.structures.ids()
    parsed = read_agents(source, services.atlas, houses, fiction=services.fiction)
    if parsed.problems:
        return Imported(problems=tuple(parsed.problems))
    new = known = 0
    with services.store.writing() as tx:
        taken = tuple(
            Problem(line, "telephone", "agent.telephone_taken")
            for line in tx.agents.taken(parsed.rows)
        )
        if taken:
            raise Withdrawn
        new, known = tx.agents.put(parsed.rows, at=services.now())
        if dry_run:
            raise Withdrawn
    if taken:
        return Imported(problems=taken)
    if not dry_run:
        show(services)
    return Imported(new, known)


def show(services: Services) -> None:
    """Put the directory as it is now on the board that every process reads."""
    try:
        agents.refresh(services, changed=True)
    except BoardLost:
        log.warning("board lost; its rebuild will show the directory as it is now")
