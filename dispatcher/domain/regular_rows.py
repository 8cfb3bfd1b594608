"""The file of regulars: who asked to be rung, for what, how often and until when.

Reading never raises and never stops at a wrong row, like that of the directory's files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from dispatcher.domain import cells
from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.cells import BadCell
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.readings import Parsed, Readers, Reading
from dispatcher.domain.regulars import LONGEST, RHYTHMS, Consent, Purpose
from dispatcher.domain.requests import same_name
from dispatcher.domain.sheets import Layout, Problem, Sheet, shown
from dispatcher.domain.territories import Atlas

REGULARS = Layout(
    columns=(
        *("telephone", "first_name", "commune", "need", "purpose", "agent", "every_days"),
        *("until", "consent", "consented_on", "line"),
    ),
    required=(
        *("telephone", "first_name", "commune", "need", "purpose", "every_days"),
        *("until", "consent", "consented_on"),
    ),
)
Code = TypeVar("Code", Need, Purpose, Consent)


@dataclass(frozen=True, slots=True)
class RegularRow:
    """One person and purpose, as the file says. ``until``: the last day on which they are rung.

    ``of_line`` None: the first line.
    """

    line: int
    telephone: PhoneNumber
    first_name: str
    commune: str
    need: Need
    purpose: Purpose
    agent: AgentId | None
    every_days: int
    until: date
    consent: Consent
    consented_on: date
    of_line: str | None


def read_regulars(
    source: str | bytes,
    atlas: Atlas,
    agents: Mapping[str, AgentId],
    lines: Collection[str],
    *,
    today: date,
    fiction: bool = False,
) -> Parsed[RegularRow]:
    """Read the file; ``agents`` are those of the directory by e-mail, ``lines`` the lines' ids."""
    readers: Readers = {
        "telephone": partial(_telephone, fiction=fiction),
        "first_name": partial(cells.text, longest=40),
        "commune": partial(cells.commune, atlas=atlas),
        "need": partial(_code, of=Need, code="needs.unknown"),
        "purpose": partial(_code, of=Purpose, code="purpose.unknown"),
        "agent": partial(_agent, agents=agents),
        "every_days": _rhythm,
        "until": _day,
        "consent": partial(_code, of=Consent, code="consent.unknown"),
        "consented_on": _day,
        "of_line": partial(_line, lines=lines),
    }
    reading = Reading(RegularRow, REGULARS, readers, keys=(), called={"of_line": "line"})
    parsed = reading.of(Sheet(source))
    problems = [*parsed.problems, *_unfit(parsed.rows, today), *_repeated(parsed.rows)]
    problems.sort(key=lambda problem: problem.line)
    return Parsed(parsed.rows, tuple(problems), parsed.columns)


def came_to_an_end(row: RegularRow) -> Problem:
    """The problem of a row whose person stopped the calls since they consented."""
    return Problem(row.line, "consented_on", "regular.stopped", str(row.consented_on))


def too_old(row: RegularRow) -> Problem:
    """The problem of a row that is new, and whose consent is not."""
    return Problem(row.line, "consented_on", "consent.old", str(row.consented_on))


def _unfit(rows: Collection[RegularRow], today: date) -> Iterator[Problem]:
    for row in rows:
        if row.consented_on > today:
            yield Problem(row.line, "consented_on", "consent.future", str(row.consented_on))
        if row.until < today:
            yield Problem(row.line, "until", "until.past", str(row.until))
        elif row.until - row.consented_on > LONGEST:
            latest = str(row.consented_on + LONGEST)
            yield Problem(row.line, "until", "until.too_far", str(row.until), latest)


def _repeated(rows: Collection[RegularRow]) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        whose = (row.telephone, same_name(row.first_name), row.purpose)
        if (first := seen.setdefault(whose, row.line)) != row.line:
            yield Problem(row.line, "telephone", "row.repeated", shown(row.telephone), str(first))


def _telephone(cell: str, *, fiction: bool) -> PhoneNumber:
    number = cells.telephone(cell, fiction=fiction)
    if number is None:
        raise BadCell("cell.empty")
    return number


def _code(cell: str, *, of: type[Code], code: str) -> Code:
    known: dict[str, Code] = {each.value: each for each in of}
    if cell.lower() not in known:
        raise BadCell(code if cell else "cell.empty", cell, ", ".join(known))
    return known[cell.lower()]


def _agent(cell: str, *, agents: Mapping[str, AgentId]) -> AgentId | None:
    email = cells.email(cell)
    if email is not None and email not in agents:
        raise BadCell("agent.unknown", email)
    return None if email is None else agents[email]


def _line(cell: str, *, lines: Collection[str]) -> str | None:
    if cell and cell not in lines:
        raise BadCell("line.unknown", cell, ", ".join(lines))
    return cell or None


def _rhythm(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", cell) or int(cell) not in RHYTHMS:
        expected = f"{RHYTHMS.start}-{RHYTHMS.stop - 1}"
        raise BadCell("rhythm.invalid" if cell else "cell.empty", cell, expected)
    return int(cell)


def _day(cell: str) -> date:
    if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", cell):
        raise BadCell("date.invalid" if cell else "cell.empty", cell)
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise BadCell("date.invalid", cell) from None
