"""The form in which an agent writes of a conversation: what its answers say, what is wrong.

What was typed is kept as far as it can be, whole or not (``read``); what is still missing
(``missing``) is only said to whoever presses the button.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from dispatcher.domain.dispositions import (
    LONGEST_NOTE,
    LONGEST_SERVICE,
    Edition,
    Outcome,
    Writing,
)
from dispatcher.domain.follow_ups import When, Wish
from dispatcher.domain.inquiries import Bad, written
from dispatcher.domain.mails import read_address
from dispatcher.domain.matters import Matter
from dispatcher.domain.recaps import LONGEST_PLACE, Asked, By, Paper, Recap
from dispatcher.domain.slot_forms import Problem, read_day

FARTHEST: Final = timedelta(days=92)
"""How far ahead a day for another call may be chosen."""
_BAD: Final = {Bad.LONG: "suivi.wrong.long", Bad.SIGNS: "suivi.wrong.signs"}
_NUMBER: Final = re.compile("[0-9]{1,9}")
_TAB: Final = re.compile("[0-9a-f]{16}")
Choice = TypeVar("Choice", bound=StrEnum)


def read(form: Mapping[str, str]) -> Writing | tuple[Problem, ...]:
    """What somebody wrote so far, whole or not; or what of it cannot be kept."""
    problems: list[Problem] = []
    service = _line(form, "service", LONGEST_SERVICE, problems)
    note = _words(form, "note", LONGEST_NOTE, problems)
    outcome = _chosen(Outcome, form.get("outcome", ""))
    if problems:
        return tuple(problems)
    return Writing(_chosen(Matter, form.get("matter", "")), outcome, service, note)


def missing(writing: Writing) -> tuple[Problem, ...]:
    """What is still to be said, field by field."""
    nobody = writing.outcome is Outcome.SENT_ON and not writing.service
    asked = (
        (writing.matter is None, Problem("matter", "suivi.wrong.matter")),
        (writing.outcome is None, Problem("outcome", "suivi.wrong.outcome")),
        (nobody, Problem("service", "suivi.wrong.service")),
    )
    return tuple(problem for is_missing, problem in asked if is_missing)


def read_edition(form: Mapping[str, str]) -> Edition:
    """Over which version this was written, and where; what is unreadable fits no version."""
    over, turn = (
        int(text) if _NUMBER.fullmatch(text := form.get(name, "")) else -1
        for name in ("version", "turn")
    )
    tab = form.get("tab", "")
    return Edition(over, tab if _TAB.fullmatch(tab) else "", turn)


def read_wish(form: Mapping[str, str], today: date) -> Wish | tuple[Problem, ...]:
    """The call that is booked: who rings, and when."""
    problems: list[Problem] = []
    when, day = _chosen(When, form.get("when", "")), None
    if form.get("mine") not in {"1", "0"}:
        problems.append(Problem("mine", "suivi.wrong.who"))
    if when is None:
        problems.append(Problem("when", "suivi.wrong.when"))
    elif when is When.ON_A_DAY:
        day = _day(form, "day", today, problems)
        if day is not None and day > today + FARTHEST:
            problems.append(Problem("day", "suivi.wrong.far"))
    if problems or when is None:
        return tuple(problems)
    return Wish(form["mine"] == "1", when, day)


def read_recap(
    form: Mapping[str, str], writing: Writing, today: date
) -> Asked | tuple[Problem, ...]:
    """What is sent to the citizen, and by what."""
    problems: list[Problem] = []
    recap, by = _chosen(Recap, form.get("recap", "")), _chosen(By, form.get("by", ""))
    if recap is None:
        problems.append(Problem("recap", "suivi.wrong.recap"))
    if by is None:
        problems.append(Problem("by", "suivi.wrong.by"))
    address = read_address(form.get("address", "")) if by is By.MAIL else None
    if by is By.MAIL and address is None:
        problems.append(Problem("address", "suivi.wrong.address"))
    if recap is Recap.DONE and writing.matter is None:
        problems.append(Problem("matter", "suivi.wrong.matter"))
    place = _line(form, "place", LONGEST_PLACE, problems)
    if recap in {Recap.BRING, Recap.SERVICE} and not place and not _about(problems, "place"):
        problems.append(Problem("place", "suivi.wrong.place"))
    papers, day = _brought(recap, form, today, problems)
    if problems or recap is None or by is None:
        return tuple(problems)
    return Asked(recap, by, address, papers, place, day)


def _brought(
    recap: Recap | None, form: Mapping[str, str], today: date, problems: list[Problem]
) -> tuple[tuple[Paper, ...], date | None]:
    """What is to be brought, and when."""
    if recap is not Recap.BRING:
        return (), None
    papers = tuple(each for each in Paper if form.get(each))
    if not papers:
        problems.append(Problem(Paper.IDENTITY, "suivi.wrong.papers"))
    return papers, _day(form, "date", today, problems)


def _chosen(kind: type[Choice], text: str) -> Choice | None:
    return kind(text) if text in set(kind) else None


def _line(form: Mapping[str, str], field: str, at_most: int, problems: list[Problem]) -> str:
    return " ".join(_words(form, field, at_most, problems).split())


def _words(form: Mapping[str, str], field: str, at_most: int, problems: list[Problem]) -> str:
    found = written(form.get(field, ""), at_most=at_most)
    if not isinstance(found, Bad):
        return found
    if found is not Bad.EMPTY:
        problems.append(Problem(field, _BAD[found]))
    return ""


def _day(form: Mapping[str, str], field: str, today: date, problems: list[Problem]) -> date | None:
    day = read_day(form.get(field, ""))
    if day is None:
        problems.append(Problem(field, "suivi.wrong.day"))
    elif day < today:
        problems.append(Problem(field, "suivi.wrong.past"))
    return day


def _about(problems: list[Problem], field: str) -> bool:
    return any(each.field == field for each in problems)
