"""Forms of mandates: what an agent typed, read as a person, grants, a way of asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from dispatcher.domain.consents import Channel, Identity
from dispatcher.domain.grants import (
    LONGEST_PRECISION,
    PROCEDURES,
    SHORTEST_PRECISION,
    Duration,
    End,
    Wanted,
)
from dispatcher.domain.holders import Declared
from dispatcher.domain.mandates import LONGEST_NAME, LONGEST_RESULT, MOST_GRANTS, Person
from dispatcher.domain.matters import Topic
from dispatcher.domain.numbers import BadNumber, PhoneNumber, parse, refusal
from dispatcher.domain.slot_forms import Problem

Form = Mapping[str, str]
_Choice = TypeVar("_Choice", bound=StrEnum)
_ANSWERS = {"oui": True, "non": False}
BY_AGENT = (End.REVOKED, End.FINISHED, End.RENOUNCED, End.LAPSED)
"""Why an agent may end one: the person says so to them, or it is so."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a mandate is prepared of."""

    person: Person
    wanted: tuple[Wanted, ...]
    declared: Declared


def read_draft(form: Form, *, fiction: bool) -> Draft | tuple[Problem, ...]:
    """A mandate to be prepared; else everything that is to be mended."""
    person, wanted = _person(form, fiction=fiction), _wanted(form)
    declared = Declared(_ANSWERS.get(form.get("majeur", "")), _ANSWERS.get(form.get("protege", "")))
    unasked = [
        Problem(name, "typed.choice")
        for name, said in (("majeur", declared.of_age), ("protege", declared.guardianship))
        if said is None
    ]
    problems = [each for each in (*person, *wanted) if isinstance(each, Problem)] + unasked
    if problems:
        return tuple(problems)
    [whose] = [each for each in person if isinstance(each, Person)]
    return Draft(whose, tuple(each for each in wanted if isinstance(each, Wanted)), declared)


def read_result(form: Form) -> tuple[Topic, str] | Problem:
    """What was done, and of which procedure."""
    procedure, result = _choice(Topic, form.get("demarche")), _text(form, "resultat")
    if procedure is None:
        return Problem("demarche", "typed.choice")
    if not 0 < len(result) <= LONGEST_RESULT:
        return Problem("resultat", "typed.result")
    return procedure, result


def read_asking(form: Form) -> tuple[Channel, Identity] | Problem:
    """How somebody is asked, and how they were known."""
    channel, identity = _choice(Channel, form.get("voie")), _choice(Identity, form.get("identite"))
    if channel is None or channel is Channel.VOICE:
        return Problem("voie", "typed.choice")
    return Problem("identite", "typed.choice") if identity is None else (channel, identity)


def read_identity(form: Form) -> Identity | Problem:
    """How somebody was known who is asked on the call."""
    identity = _choice(Identity, form.get("connue"))
    return Problem("connue", "typed.choice") if identity is None else identity


def read_end(form: Form) -> tuple[End, Topic | None] | Problem:
    """Why it ends, and for which procedure: None for all."""
    end, named = _choice(End, form.get("fin")), form.get("demarche", "")
    procedure = _choice(Topic, named)
    if end not in BY_AGENT or (named and procedure is None):
        return Problem("fin", "typed.choice")
    return end, procedure


def _person(form: Form, *, fiction: bool) -> list[Person | Problem]:
    name, number = _text(form, "nom"), _number(_text(form, "numero"), fiction=fiction)
    problems: list[Person | Problem] = []
    if not 0 < len(name) <= LONGEST_NAME:
        problems.append(Problem("nom", "typed.name"))
    if number is None:
        problems.append(Problem("numero", "typed.number"))
        return problems
    return problems or [Person(number, name)]


def _number(typed: str, *, fiction: bool) -> PhoneNumber | None:
    try:
        number = parse(typed)
    except BadNumber:
        return None
    return None if refusal(number, fiction=fiction) else number


def _wanted(form: Form) -> list[Wanted | Problem]:
    rows = [row for row in range(1, MOST_GRANTS + 1) if form.get(f"demarche{row}")]
    found = [_row(form, row) for row in rows]
    chosen = [each.procedure for each in found if isinstance(each, Wanted)]
    if not rows or len(set(chosen)) < len(chosen):
        return [Problem("demarche1", "typed.procedures")]
    return found


def _row(form: Form, row: int) -> Wanted | Problem:
    procedure = _choice(Topic, form.get(f"demarche{row}"))
    precision = _text(form, f"precision{row}")
    duration = _choice(Duration, form.get(f"duree{row}"))
    if procedure not in PROCEDURES:
        return Problem(f"demarche{row}", "typed.procedures")
    if not SHORTEST_PRECISION <= len(precision) <= LONGEST_PRECISION:
        return Problem(f"precision{row}", "typed.precision")
    if duration is None:
        return Problem(f"duree{row}", "typed.duration")
    return Wanted(procedure, precision, duration)


def _text(form: Form, name: str) -> str:
    return " ".join(form.get(name, "").split())


def _choice(kind: type[_Choice], said: str | None) -> _Choice | None:
    return next((each for each in kind if each == said), None)
