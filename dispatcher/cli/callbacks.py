"""``dispatcher callbacks``: what a supervisor does with one request for a call."""

from __future__ import annotations

import click

from config.words import words
from dispatcher.cli.opening import Unfit, opened
from dispatcher.domain.callbacks import CallbackId
from dispatcher.operations import redirections

WORDS = words("reports")
HELP = words("operator")


@click.group(help=HELP["cli.callbacks.help"])
def callbacks() -> None:
    """Only holds the command."""


@callbacks.command(help=HELP["cli.callbacks.redirect"])
@click.argument("id", metavar="ID")
@click.option("--to", "service", metavar="SERVICE", help=HELP["cli.callbacks.to"])
def redirect(id: str, *, service: str | None) -> None:
    """End a callback that another service sees to."""
    with opened() as services:
        ended = redirections.redirect(CallbackId(id), service, services)
    if not ended:
        raise Unfit(WORDS["redirection.refused"].format(id=id))
    click.echo(WORDS["redirection.done"].format(id=id))
