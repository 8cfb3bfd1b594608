"""``dispatcher regulars``: who asked to be rung from time to time; stopping, and going on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

import click

from config.words import words
from dispatcher.cli import phrases
from dispatcher.cli.opening import Refused, Unfit, opened
from dispatcher.domain.calls import RegularId
from dispatcher.domain.regulars import LONGEST, Consent, Regular
from dispatcher.domain.schedule import instant, local
from dispatcher.operations import regulars as lists
from dispatcher.operations.services import Services

WORDS = words("reports")
HELP = words("operator")
_EXAMPLE: Final = timedelta(days=180)


@click.group(help=HELP["cli.regulars.help"])
def regulars() -> None:
    """Only holds the commands."""


@regulars.command("list", help=HELP["cli.regulars.list"])
@click.option("--json", "as_json", is_flag=True, help=HELP["cli.json"])
def show(*, as_json: bool) -> None:
    """Everybody on the list; no telephone number."""
    with opened() as services:
        found, at = lists.listed(services), services.now()
        if as_json:
            phrases.write_json({"regulars": [_in_json(*each) for each in found]})
            return
        click.echo(WORDS["regulars.count"].format(count=len(found)))
        for regular, agent in found:
            click.echo(_entry(regular, agent, services, at=at))


@regulars.command(help=HELP["cli.regulars.stop"])
@click.argument("id", metavar="ID")
def stop(id: str) -> None:
    """End somebody's calls for good."""
    stopped = False
    with opened() as services, services.store.writing() as tx:
        stopped = lists.stop(RegularId(id), tx, at=services.now())
    if not stopped:
        raise Unfit(WORDS["regulars.unknown"].format(id=id))
    click.echo(WORDS["regulars.stop"].format(id=id))


@regulars.command(help=HELP["cli.regulars.prolong"])
@click.argument("id", metavar="ID")
@click.option("--until", required=True, metavar="DATE", help=HELP["cli.regulars.until"])
@click.option(
    "--consent",
    required=True,
    type=click.Choice([each.value for each in Consent]),
    help=HELP["cli.regulars.consent"],
)
def prolong(id: str, *, until: str, consent: str) -> None:
    """Note that somebody who was asked goes on."""
    with opened() as services:
        end = _end(until, services)
        if not lists.prolong(RegularId(id), Consent(consent), end, services):
            raise Unfit(WORDS["regulars.unknown"].format(id=id))
    click.echo(WORDS["regulars.prolong"].format(id=id, until=until))


def _end(typed: str, services: Services) -> datetime:
    """The end of the day that was typed. Raises Refused."""
    at = services.now()
    today = local(at, phrases.PARIS).date()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = today - timedelta(days=1)
    if not today <= day <= today + LONGEST:
        example = str(today + _EXAMPLE)
        raise Refused(WORDS["regulars.bad_day"].format(value=typed, example=example))
    return instant(datetime.combine(day + timedelta(days=1), time()), phrases.PARIS)


def _entry(regular: Regular, agent: str, services: Services, *, at: datetime) -> str:
    return WORDS["regulars.entry"].format(
        id=regular.id,
        first_name=regular.first_name,
        commune=phrases.commune(services.atlas.commune(regular.commune)),
        purpose=phrases.PURPOSES[regular.purpose],
        days=regular.every_days,
        agent=agent or WORDS["regulars.anybody"],
        state=_state(regular, at),
    )


def _state(regular: Regular, at: datetime) -> str:
    if regular.stopped_at is not None:
        return WORDS["regulars.stopped"].format(at=phrases.moment(regular.stopped_at))
    until = phrases.moment(regular.until)
    if not regular.goes_on(at):
        return WORDS["regulars.ended"].format(until=until)
    said = WORDS["regulars.asked" if regular.asked_again_at is not None else "regulars.next"]
    return said.format(next=phrases.moment(regular.next_at), until=until)


def _in_json(regular: Regular, agent: str) -> dict[str, Any]:
    return {
        "id": regular.id,
        "first_name": regular.first_name,
        "commune": regular.commune,
        "need": regular.need,
        "purpose": regular.purpose,
        "agent": agent or None,
        "every_days": regular.every_days,
        "next_at": phrases.moment_in_json(regular.next_at),
        "until": phrases.moment_in_json(regular.until),
        "consented_at": phrases.moment_in_json(regular.consented_at),
        "consent": regular.consent,
        "asked_again_at": phrases.moment_in_json(regular.asked_again_at),
        "stopped_at": phrases.moment_in_json(regular.stopped_at),
    }
