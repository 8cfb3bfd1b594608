"""``dispatcher simulate-day FILE``: a day of calls, and what became of every one."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from config import logs
from config.settings import clock_speed
from config.words import words
from dispatcher.assembly import TERRITORIES
from dispatcher.cli import phrases
from dispatcher.cli.opening import Refused
from dispatcher.day import telling
from dispatcher.day.fates import Fate
from dispatcher.day.reading import read_day
from dispatcher.day.rehearsal import Rehearsal, Stopped, rehearse
from dispatcher.day.tables import DayError
from dispatcher.domain.territories import load_atlas

WORDS = words("day")
HELP = words("operator")
STOPPED = 130
"""What a shell says of a program that Ctrl-C has ended."""


@click.command("simulate-day", help=HELP["cli.day.help"])
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**31), help=HELP["cli.day.seed"])
@click.option("--log", type=click.Path(path_type=Path), help=HELP["cli.day.log"])
@click.option("--json", "as_json", is_flag=True, help=HELP["cli.json"])
def simulate_day(file: Path, seed: int | None, log: Path | None, *, as_json: bool) -> None:
    """Rehearse a day; exit 1 when a call's fate is not known for sure, 2 for a bad file."""
    with _refusing():
        plan = read_day(file, load_atlas(TERRITORIES), seed=seed, speed=clock_speed())
    with _refusing(), _logged_to(log), _stoppable():
        day = rehearse(plan, _progress if sys.stderr.isatty() else lambda _: None)
    if as_json:
        phrases.write_json(telling.in_json(day))
    else:
        click.echo("\n".join(telling.in_french(day)))
    sys.exit(0 if sure(day) else 1)


def sure(day: Rehearsal) -> bool:
    """Whether every call's fate is known, and SQL and the network agree on it."""
    return all(each.fate is not Fate.LOST and each.odd is None for each in day.told)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what is wrong with a day, and that nothing was run."""
    try:
        yield
    except DayError as wrong:
        count = len(str(wrong).splitlines())
        nothing = WORDS["day.file.nothing"].format(count=count)
        raise Refused(f"{wrong}\n{nothing}") from wrong


@contextmanager
def _logged_to(path: Path | None) -> Iterator[None]:
    """Keep the service's own records in a file, or nowhere: none of them is for this command."""
    root = logging.getLogger()
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        handler = logging.FileHandler(path, encoding="utf-8")
        handler.setFormatter(logs.OneLine("day"))
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end the day as Ctrl-C does: what was started is stopped, and nothing is left."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except (KeyboardInterrupt, Stopped):
        click.echo(WORDS["day.told.stopped"], err=True)
        sys.exit(STOPPED)
    finally:
        signal.signal(signal.SIGTERM, before)


def _progress(part: float) -> None:
    """Keep one line of the terminal up to date, and leave it empty at the end."""
    click.echo(WORDS["day.told.progress"].format(percent=round(100 * part)), nl=False, err=True)
