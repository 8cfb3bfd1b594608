"""``dispatcher person``: what is held about somebody's number, and its erasure at their request."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

import click

from config.words import words
from dispatcher.cli import phrases
from dispatcher.cli.opening import Refused, Unfit, opened_whole
from dispatcher.cli.person_sheet import sheet
from dispatcher.domain.callbacks import State
from dispatcher.domain.numbers import BadNumber, PhoneNumber, Reason, parse
from dispatcher.operations import person as holdings
from dispatcher.operations.person import Erasure, Held

WORDS = words("reports")
HELP = words("operator")
MASKED: Final = frozenset(
    {"anonymous", "anonyme", "masqué", "masque", "restricted", "private", "privé", "inconnu"}
)
"""What carriers and telephones show in place of a number that they do not show."""
_BAD: Final = {
    Reason.EMPTY: WORDS["person.bad.empty"],
    Reason.SHORT: WORDS["person.bad.short"],
    Reason.EXTENSION: WORDS["person.bad.extension"],
}


@click.group(help=HELP["cli.person.help"])
def person() -> None:
    """Only holds the two commands."""


def _of_a_number(command: Callable[..., None]) -> Callable[..., Any]:
    """A number as an argument stays in the shell's history: asked for, or read from stdin, it does
    not.
    """
    stdin = click.option("--stdin", "piped", is_flag=True, help=HELP["cli.person.stdin"])
    return click.argument("number", metavar="NUMBER", required=False)(stdin(command))


@person.command(help=HELP["cli.person.export"])
@_of_a_number
def export(number: str | None, *, piped: bool) -> None:
    """Print all of it as JSON, for them to read."""
    asked = _number(number, piped=piped)
    with opened_whole() as parts:
        held = holdings.export(asked, parts.spool, parts.services)
    phrases.write_json(sheet(held))


@person.command(help=HELP["cli.person.erase"])
@_of_a_number
@click.option("--with-callbacks", is_flag=True, help=HELP["cli.person.with_callbacks"])
@click.option("--with-agent", is_flag=True, help=HELP["cli.person.with_agent"])
def erase(number: str | None, *, piped: bool, with_callbacks: bool, with_agent: bool) -> None:
    """Erase it, and say how much that was; status 1 when something had to stay."""
    asked = _number(number, piped=piped)
    with opened_whole() as parts:
        done = holdings.erase(
            asked,
            parts.spool,
            parts.services,
            with_callbacks=with_callbacks,
            agent_as=WORDS["person.nobody"] if with_agent else None,
        )
    click.echo(WORDS["person.erased"].format(**_counts(done)))
    if stays := [*_stays(done.left)]:
        raise Unfit("\n".join(stays))


def _number(typed: str | None, *, piped: bool) -> PhoneNumber:
    if typed and piped:
        raise Refused(WORDS["person.both"])
    if piped:
        typed = sys.stdin.readline()
    elif typed is None:
        typed = click.prompt(WORDS["person.ask"], err=True, prompt_suffix=" ", default="")
    if typed.strip().casefold() in MASKED:
        raise Refused(WORDS["person.bad.masked"])
    try:
        return parse(typed)
    except BadNumber as wrong:
        said = _BAD.get(wrong.code, WORDS["person.bad.invalid"])
        raise Refused(said) from None  # its text may be somebody's number


def _counts(done: Erasure) -> dict[str, int]:
    return {
        "calls": done.calls,
        "callbacks": done.callbacks,
        "regulars": done.regulars,
        "known": done.known,
        "spooled": done.spooled,
        "texts": done.texts,
        "cases": done.cases,
        "messages": done.messages,
        "questions": done.questions,
        "notes": done.notes,
        "mails": done.mails,
        "evidence": done.evidence,
        "mandates": done.mandates,
        "agents": done.agents,
    }


def _stays(left: Held) -> Iterator[str]:
    """One sentence for each thing that is held still, with what ends it."""
    owed = [each.callback for each in left.callbacks if not each.callback.state.over]
    promised = sum(each.state is State.WAITING for each in owed) + len(left.spooled)
    for key, count in (
        ("person.left.calls", len(left.calls)),
        ("person.left.promised", promised),
        ("person.left.under_way", len(owed) - sum(each.state is State.WAITING for each in owed)),
        ("person.left.mandates", len(left.mandates)),
        ("person.left.agent", int(left.agent is not None)),
        ("person.left.structures", len(left.structures)),
    ):
        if count:
            yield WORDS[key].format(count=count)
