"""Inviting agents: said the same after an import and by a command of its own."""

from __future__ import annotations

import click

from config.words import words
from dispatcher.cli.opening import opened
from dispatcher.operations import users

WORDS = words("reports")


def send_invitations(*, dry_run: bool) -> None:
    """Invite every agent who has an e-mail and no account; say how many."""
    with opened() as services:
        new, known = users.invite(services, dry_run=dry_run)
    said = WORDS["user.would_invite" if dry_run else "user.invited"]
    click.echo(said.format(new=new, known=known))
