"""What a check of the journal found, in plain French: which row, what it means, how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from config.words import words
from dispatcher.cli import phrases
from dispatcher.cli.opening import Unfit
from dispatcher.domain.journal_checks import OF_HEADS, Fault, Findings, What

WORDS = words("journal")

_SAID: Final = {
    What.MISSING: WORDS["fault.missing"],
    What.ALTERED: WORDS["fault.altered"],
    What.UNCHAINED: WORDS["fault.unchained"],
    What.CUT_OFF: WORDS["fault.cut_off"],
    What.REWRITTEN: WORDS["fault.rewritten"],
    What.FORGED: WORDS["fault.forged"],
    What.UNKNOWN_KEY: WORDS["fault.unknown_key"],
    What.HEAD_MISSING: WORDS["fault.head_missing"],
    What.UNSIGNED: WORDS["fault.unsigned"],
}


def tell(findings: Findings, *, signed: bool, guards: Sequence[str] = ()) -> None:
    """Say that it is whole, and how far it is signed; or raise Unfit with every fault."""
    said = [_sentence(fault) for fault in findings.faults]
    if said:
        said.append(WORDS["checked.broken"])
    if guards:
        said.append(WORDS["checked.guards"].format(names=", ".join(guards)))
    if said:
        raise Unfit("\n".join(said))
    click.echo(WORDS["checked.whole"].format(rows=findings.rows, heads=findings.heads))
    left = findings.rows - findings.signed
    if signed:
        click.echo(WORDS["checked.unsigned"].format(signed=findings.signed, left=left))
    else:
        click.echo(WORDS["checked.no_key"], err=True)


def _sentence(fault: Fault) -> str:
    head = fault.head
    about = {} if head is None else {"head": head.number, "seq": head.seq, "key": head.key}
    if head is not None and fault.what not in OF_HEADS:  # else it may say anything
        about["moment"] = phrases.moment(head.moment)
    return _SAID[fault.what].format(number=fault.number, **about)
