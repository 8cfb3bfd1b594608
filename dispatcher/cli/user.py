"""``dispatcher user``: who has an account, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from config.words import words
from dispatcher.cli import phrases
from dispatcher.cli.invitations import send_invitations
from dispatcher.cli.opening import Refused, Unfit, opened
from dispatcher.domain.roles import ROLES, Grant, Reach, Role
from dispatcher.domain.users import LINK_HOLDS, Email, LinkKind, User
from dispatcher.domain.users import email as address
from dispatcher.domain.zones import BadZones, Zones
from dispatcher.operations import users
from dispatcher.operations.services import Services

WORDS = words("reports")
HELP = words("operator")


@click.group(help=HELP["cli.user.help"])
def user() -> None:
    """Only holds the commands."""


def _with_a_role(command: Callable[..., None]) -> Callable[..., Any]:
    for option in (
        click.option("--zone", "zones", default="", metavar="ZONES", help=HELP["cli.user.zone"]),
        click.option("--structure", default="", metavar="ID", help=HELP["cli.user.structure"]),
        click.option(
            "--role",
            "named",
            required=True,
            type=click.Choice([each.value for each in Role]),
            help=HELP["cli.user.a_role"],
        ),
    ):
        command = option(command)
    return command


@user.command(help=HELP["cli.user.create"])
@click.option("--email", "typed", required=True, metavar="EMAIL", help=HELP["cli.user.email"])
@_with_a_role
def create(typed: str, named: str, structure: str, zones: str) -> None:
    """Make an account, and print the link to begin with."""
    email = _email(typed)
    with opened() as services:
        link = users.create(email, _grant(named, structure, zones, services), services)
        if link is None:
            raise Unfit(WORDS["user.known"].format(email=email))
        _say_link(WORDS["user.created"], email, link, services)


@user.command("list", help=HELP["cli.user.list"])
@click.option("--json", "as_json", is_flag=True, help=HELP["cli.json"])
def show(*, as_json: bool) -> None:
    """Everybody, and what they may do."""
    with opened() as services:
        found = users.everybody(services)
    if as_json:
        phrases.write_json({"users": [_in_json(each) for each in found]})
        return
    click.echo(WORDS["user.count"].format(count=len(found)))
    for each in found:
        state = WORDS["user.disabled"] if each.disabled_at is not None else ""
        roles = ", ".join(map(_granted, each.grants)) or WORDS["user.no_role"]
        click.echo(WORDS["user.entry"].format(email=each.email, roles=roles, state=state))


@user.command(help=HELP["cli.user.disable"])
@click.argument("email")
@click.option("--undo", is_flag=True, help=HELP["cli.user.undo"])
def disable(email: str, *, undo: bool) -> None:
    """Keep somebody out, or let them in again."""
    with opened() as services:
        _said(users.disable(_email(email), services, undo=undo), email)


@user.command(help=HELP["cli.user.role"])
@click.argument("email")
@_with_a_role
@click.option("--drop", is_flag=True, help=HELP["cli.user.drop"])
def role(email: str, named: str, structure: str, zones: str, *, drop: bool) -> None:
    """Give a role, or take it away."""
    with opened() as services:
        if drop:
            changed = users.drop(_email(email), Role(named), services)
        else:
            given = _grant(named, structure, zones, services)
            changed = users.grant(_email(email), given, services)
        _said(changed, email)


@user.command(help=HELP["cli.user.link"])
@click.argument("email")
@click.option("--without-code", is_flag=True, help=HELP["cli.user.without_code"])
def link(email: str, *, without_code: bool) -> None:
    """Print another link for somebody."""
    with opened() as services:
        made = users.link(_email(email), services, without_code=without_code)
        if made is None:
            raise Unfit(WORDS["user.unknown"].format(email=email))
        _say_link(WORDS["user.link"], email, made, services)


@user.command(help=HELP["cli.user.invite"])
@click.option("--dry-run", is_flag=True, help=HELP["cli.import.dry_run"])
def invite(*, dry_run: bool) -> None:
    """Invite the agents who have no account."""
    send_invitations(dry_run=dry_run)


@user.command(help=HELP["cli.user.erase"])
@click.argument("email")
def erase(email: str) -> None:
    """Forget an account."""
    with opened() as services:
        _said(users.erase(_email(email), services), email)


def _email(typed: str) -> Email:
    read = address(typed)
    if read is None:
        raise Refused(WORDS["user.bad_email"].format(value=typed))
    return read


def _grant(named: str, structure: str, zones: str, services: Services) -> Grant:
    """The role that was typed, with its house or zones. Raises Refused."""
    role = Role(named)
    reach = ROLES[role].reach
    if zones and reach is not Reach.ZONES:
        raise Refused(WORDS["user.misplaced"].format(role=role, option="--zone"))
    if structure and reach not in {Reach.STRUCTURE, Reach.SELF}:
        raise Refused(WORDS["user.misplaced"].format(role=role, option="--structure"))
    if structure and users.place(structure, services) is None:
        raise Refused(WORDS["user.unknown_structure"].format(value=structure))
    if not structure and reach is Reach.STRUCTURE:
        raise Refused(WORDS["user.no_structure"].format(role=role))
    if not zones and reach is Reach.ZONES:
        raise Refused(WORDS["user.no_zones"].format(role=role))
    return Grant(role, structure, _zones(zones, services))


def _zones(typed: str, services: Services) -> Zones:
    try:
        read = Zones.parse(typed)
    except BadZones as wrong:
        raise Refused(WORDS["user.bad_zone"].format(value=wrong.text)) from wrong
    if unknown := read.unknown(services.atlas):
        raise Refused(WORDS["user.bad_zone"].format(value=unknown[0]))
    return read.present(services.atlas)


def _say_link(sentence: str, email: str, link: str, services: Services) -> None:
    until = services.now() + LINK_HOLDS[LinkKind.INVITED]
    click.echo(sentence.format(email=email, until=phrases.moment(until)))
    click.echo(link)


def _said(changed: bool, email: str) -> None:
    if not changed:
        raise Unfit(WORDS["user.nothing"].format(email=email))
    click.echo(WORDS["user.done"].format(email=email))


def _granted(grant: Grant) -> str:
    where = grant.structure or str(grant.zones)
    return f"{grant.role} ({where})" if where else grant.role.value


def _in_json(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "roles": [
            {"role": each.role, "structure": each.structure, "zones": str(each.zones)}
            for each in user.grants
        ],
        "agent": user.agent,
        "has_code": user.has_code,
        "disabled_at": phrases.moment_in_json(user.disabled_at),
    }
