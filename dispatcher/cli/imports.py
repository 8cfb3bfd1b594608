"""``dispatcher import``: structures, agents and regulars from a spreadsheet's CSV."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from config.words import words
from dispatcher.cli.invitations import send_invitations
from dispatcher.cli.opening import Refused, Unfit, opened
from dispatcher.domain.sheets import Problem
from dispatcher.operations import directory, regular_rows
from dispatcher.operations.directory import Imported

WORDS = words("reports")
HELP = words("operator")
STDIN = "-"

Import = Callable[..., Imported]


@click.group("import", help=HELP["cli.import.help"])
def imports() -> None:
    """Only holds the commands."""


def _takes_a_file(command: Callable[..., None]) -> Callable[..., Any]:
    dry_run = click.option("--dry-run", is_flag=True, help=HELP["cli.import.dry_run"])
    return click.argument("file", metavar="FILE")(dry_run(command))


@imports.command(help=HELP["cli.import.structures"])
@_takes_a_file
def structures(file: str, *, dry_run: bool) -> None:
    """Add or update structures by their id."""
    _import(directory.import_structures, file, dry_run=dry_run)


@imports.command(help=HELP["cli.import.agents"])
@click.option("--invite", is_flag=True, help=HELP["cli.import.invite"])
@_takes_a_file
def agents(file: str, *, dry_run: bool, invite: bool) -> None:
    """Add or update agents by e-mail, or by telephone without one."""
    _import(directory.import_agents, file, dry_run=dry_run)
    if invite:
        send_invitations(dry_run=dry_run)


@imports.command(help=HELP["cli.import.regulars"])
@_takes_a_file
def regulars(file: str, *, dry_run: bool) -> None:
    """Add or update people who asked to be rung from time to time."""
    _import(regular_rows.import_regulars, file, dry_run=dry_run)


def _import(import_: Import, file: str, *, dry_run: bool) -> None:
    source = _read(file)
    with opened() as services:
        imported = import_(source, services, dry_run=dry_run)
    if imported.problems:
        raise Unfit(_all_wrong(file, imported.problems))
    for warning in imported.warnings:
        click.echo(_sentence(file, warning), err=True)
    said = WORDS["import.would_be" if dry_run else "import.done"]
    click.echo(said.format(file=file, new=imported.new, known=imported.known))
    if not imported.live:
        click.echo(WORDS["import.not_live"], err=True)


def _read(file: str) -> bytes:
    """The file's bytes, or those of stdin. Raises Refused."""
    try:
        if file == STDIN:
            return sys.stdin.buffer.read()
        return Path(file).read_bytes()
    except FileNotFoundError as wrong:
        raise Refused(WORDS["import.no_file"].format(file=file)) from wrong
    except (OSError, ValueError) as wrong:  # ValueError: a name that no file can have
        raise Refused(WORDS["import.unreadable"].format(file=file)) from wrong


def _all_wrong(file: str, problems: tuple[Problem, ...]) -> str:
    lines = [_sentence(file, problem) for problem in problems]
    return "\n".join([*lines, WORDS["import.nothing"].format(count=len(problems))])


def _sentence(file: str, problem: Problem) -> str:
    what = words("directory")[problem.code].format(value=problem.value, expected=problem.expected)
    return WORDS["import.problem"].format(
        file=file, line=problem.line, column=problem.column, what=what
    )
