"""``dispatcher retention``: what is outdated is erased, and how much that was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from config.words import words
from dispatcher.cli import phrases
from dispatcher.cli.opening import opened_whole
from dispatcher.domain.retention import Data, Report
from dispatcher.operations import retention as erasing

WORDS = words("reports")
HELP = words("operator")

_DATA: Final = {
    Data.NUMBERS: WORDS["erasing.data.numbers"],
    Data.HISTORY: WORDS["erasing.data.history"],
    Data.TEXTS: WORDS["erasing.data.texts"],
    Data.MAILS: WORDS["erasing.data.mails"],
    Data.MESSAGES: WORDS["erasing.data.messages"],
    Data.QUESTIONS: WORDS["erasing.data.questions"],
    Data.NOTES: WORDS["erasing.data.notes"],
    Data.MANDATES: WORDS["erasing.data.mandates"],
    Data.DRAFTS: WORDS["erasing.data.drafts"],
    Data.SPOOL: WORDS["erasing.data.spool"],
    Data.KNOWN_CALLERS: WORDS["erasing.data.known_callers"],
    Data.CASES: WORDS["erasing.data.cases"],
    Data.ALLOWANCES: WORDS["erasing.data.allowances"],
    Data.SIGN_INS: WORDS["erasing.data.sign_ins"],
    Data.EVIDENCE: WORDS["erasing.data.evidence"],
}


@click.group(help=HELP["cli.retention.help"])
def retention() -> None:
    """Only holds the commands."""


@retention.command(help=HELP["cli.retention.run"])
@click.option("--dry-run", is_flag=True, help=HELP["cli.retention.dry_run"])
@click.option("--json", "as_json", is_flag=True, help=HELP["cli.json"])
def run(*, dry_run: bool, as_json: bool) -> None:
    """Erase what is outdated now, whatever the clock did today."""
    with opened_whole() as parts:
        report = erasing.run(parts.spool, parts.services, dry=dry_run)
    if as_json:
        phrases.write_json(in_json(report) | {"dry_run": dry_run})
        return
    click.echo(WORDS["erasing.would_be" if dry_run else "erasing.done"])
    click.echo("\n".join(_lines(report)))


def in_french(report: Report | None) -> Iterator[str]:
    """The last report, for whoever looks at the desk."""
    if report is None:
        yield WORDS["erasing.never"]
        return
    yield WORDS["erasing.last"].format(moment=phrases.moment(report.at))
    yield from _lines(report)


def in_json(report: Report) -> dict[str, Any]:
    """The same for a program."""
    return {
        "at": phrases.moment_in_json(report.at),
        "erased": {
            each.data: {"count": each.count, "ended_before": phrases.moment_in_json(each.before)}
            for each in report.erased
        },
    }


def _lines(report: Report) -> Iterator[str]:
    for each in report.erased:
        yield WORDS["erasing.line"].format(
            data=_DATA[each.data], count=each.count, before=phrases.moment(each.before)
        )
