"""What a command works with, and what it says when that cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy.exc import SQLAlchemyError

from config.lines import LinesError
from config.settings import SettingsError
from config.words import words
from dispatcher import assembly
from dispatcher.assembly import Parts
from dispatcher.operations.services import Services
from dispatcher.store.vault import Unreadable

WORDS = words("reports")


class Refused(click.ClickException):
    """A command that cannot do what was typed: its sentence goes to stderr, as it is."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Say it."""
        del file
        click.echo(self.message, err=True)


class Unfit(Refused):
    """What was given can be read, but does not fit: rows to mend, a postal code of nowhere."""

    exit_code = 1


@contextmanager
def opened() -> Iterator[Services]:
    """The services of these settings, whether Redis is there or not. Raises Refused."""
    with opened_whole() as parts:
        yield parts.services


@contextmanager
def opened_whole() -> Iterator[Parts]:
    """The same with the rest of the parts, such as the spool. Raises Refused."""
    try:
        yield _parts()
    except LinesError as wrong:
        raise Refused(str(wrong)) from wrong
    except Unreadable as wrong:
        raise Refused(WORDS["opening.unreadable"]) from wrong
    except SQLAlchemyError as wrong:
        # What the driver says may hold somebody's data: its kind is enough.
        raise Refused(WORDS["opening.database"].format(kind=type(wrong).__name__)) from wrong


def _parts() -> Parts:
    try:
        return assembly.parts()
    except SettingsError:
        chosen = assembly.settings()  # raises it again, unless it is of the Redis alone
    nobody_listens_here = chosen.data_dir / "redis.absent"
    redis = Redis(unix_socket_path=str(nobody_listens_here), retry=Retry(NoBackoff(), 0))
    return assembly.assemble(chosen, redis=redis)
