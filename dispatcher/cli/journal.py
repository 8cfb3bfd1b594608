"""``dispatcher journal``: checked, written out, signed; offline without any setting of ours."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

import click

from config.words import words
from dispatcher.cli.journal_files import FILE, heads, opened_export, public_keys, wrote
from dispatcher.cli.journal_findings import tell
from dispatcher.cli.opening import Refused, opened
from dispatcher.domain.journal_checks import check
from dispatcher.operations import journal as keeping
from dispatcher.operations import mandate_logs
from dispatcher.operations.services import Services
from dispatcher.store.signing import PublicKeys, SigningKey

WORDS = words("journal")
HELP = words("operator")
DAY: Final = click.DateTime(["%Y-%m-%d"])
Files = tuple[Path, ...]


@click.group(help=HELP["cli.journal.help"])
def journal() -> None:
    """Only holds the commands."""


@journal.command(help=HELP["cli.journal.verify"])
@click.option("--export", "exported", type=FILE, help=HELP["cli.journal.exported"])
@click.option("--public-key", "keys", type=FILE, multiple=True, help=HELP["cli.journal.public"])
@click.option("--heads", "kept", type=FILE, multiple=True, help=HELP["cli.journal.heads"])
def verify(exported: Path | None, keys: Files, kept: Files) -> None:
    """Exit 1, and name the row, when it is not whole; 2 when it cannot be read."""
    pems, outside = public_keys(keys), heads(kept)
    if exported is not None:
        if not keys:
            raise Refused(WORDS["file.offline_key"])
        found = opened_export(exported)
        tell(check(found.rows, found.heads, outside, PublicKeys(pems)), signed=True)
        return
    with opened() as services:
        pems += _own_key(services)
        reader = PublicKeys(pems) if pems else None
        guards = keeping.missing_guards(services)
        findings = keeping.verify(outside, reader, services)
    tell(findings, signed=reader is not None, guards=guards)


@journal.command(help=HELP["cli.journal.export"])
@click.argument("file", type=FILE)
def export(file: Path) -> None:
    """Write the whole journal, and its heads, for somebody else to check."""
    with opened() as services:
        wrote(file, keeping.export(services))
    click.echo(WORDS["written.export"].format(file=file))


@journal.command(help=HELP["cli.journal.extract"])
@click.argument("structure")
@click.argument("file", type=FILE)
@click.option("--since", type=DAY, help=HELP["cli.journal.since"])
@click.option("--until", type=DAY, help=HELP["cli.journal.until"])
def extract(structure: str, file: Path, since: datetime | None, until: datetime | None) -> None:
    """Write one structure's mandate log, as CSV."""
    with opened() as services:
        first, last = _day(since), _day(until)
        wrote(file, [mandate_logs.extract(structure, first, last, WORDS, services)])
    click.echo(WORDS["written.export"].format(file=file))


@journal.command(help=HELP["cli.journal.sign"])
def sign() -> None:
    """Sign a head now; it is sent with the next."""
    with opened() as services:
        _own_key(services, needed=True)
        head = keeping.sign(services)
    if head is None:
        click.echo(WORDS["written.nothing"])
    else:
        click.echo(WORDS["written.signed"].format(number=head.number, seq=head.seq))


@journal.command(help=HELP["cli.journal.key"])
def key() -> None:
    """Make a key: its line for .env on stdout, and its public half."""
    made = SigningKey.made()
    click.echo(f"JOURNAL_SIGNING_KEY={made.text}")
    click.echo(WORDS["written.key"], err=True)
    click.echo(made.public, err=True, nl=False)


@journal.command("public-key", help=HELP["cli.journal.public_key"])
def public_key() -> None:
    """Show the public half of our key."""
    with opened() as services:
        [pem] = _own_key(services, needed=True)
    click.echo(pem, nl=False)


def _own_key(services: Services, *, needed: bool = False) -> list[str]:
    signer = services.archive.signer
    if signer is None and needed:
        raise Refused(WORDS["written.no_key"])
    return [] if signer is None else [signer.public]


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()
