"""``dispatcher standing-by``: the document that the carrier keeps for when we do not answer."""

from __future__ import annotations

import click

from config.settings import Settings
from config.words import words
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain.standing_by import DOCUMENT

HELP = words("operator")


@click.command(help=HELP["cli.standing_by.help"])
def standing_by() -> None:
    """Print it. No recorded sentence is in it: those are fetched from us."""
    settings = Settings.from_environment()
    click.echo(Renderer(words("spoken"), settings.public_base_url).render(DOCUMENT))
    click.echo(HELP["cli.standing_by.where"], err=True)
