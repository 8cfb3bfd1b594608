"""How long what we hold of people is kept, and what an erasure reports.

Periods are days, counted from the end of what they are about (a call, a callback, an offer), so
that nothing still needed is ever outdated. Whatever is counted (commune, need, outcome, moments)
stays; it says nothing of anybody once the number is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self


class Data(StrEnum):
    """A class of data about people."""

    NUMBERS = "numbers"  # of callers: on their calls and callbacks
    HISTORY = "history"  # how each call went, and which agents were rung for it
    TEXTS = "texts"  # to whom, and what they said
    MAILS = "mails"  # e-mails, to whom and what they said; and those written to files
    MESSAGES = "messages"  # what people said after the beep, from when they said it
    QUESTIONS = "questions"  # what somebody wrote to us, and where they want the answer
    NOTES = "notes"  # what an agent wrote of a conversation, in words
    MANDATES = "mandates"  # whose they were, and in what words, once nothing of them holds
    DRAFTS = "drafts"  # mandates that nobody agreed to
    SPOOL = "spool"  # files of an outage that nobody could read, or that were never finished
    KNOWN_CALLERS = "known_callers"  # each row has its own end: ``remember_days`` of the line
    CASES = "cases"  # codes of cases, and who helped with each
    ALLOWANCES = "allowances"  # from where, and for whom, forms were filled in: an hour, a day
    SIGN_INS = "sign_ins"  # sessions and links to sign in with: each row has its own end
    EVIDENCE = "evidence"  # personal facts beside the journal: each row has its own end


DEFAULTS: Final[Mapping[Data, int]] = MappingProxyType(
    {
        # Call metadata: 6 to 12 months (CNIL, recommendation on logs, 14 October 2021). What leads
        # to somebody goes at the sooner of the two, what only tells how we worked at the later.
        Data.NUMBERS: 180,
        Data.HISTORY: 365,
        Data.TEXTS: 180,  # rules.md M14
        Data.MAILS: 180,  # like texts
        # Recordings: six months at most (CNIL). One is of use until its callback is made, and a
        # callback is tried for 30 days (rules.md C5).
        Data.MESSAGES: 30,
        Data.QUESTIONS: 90,  # an answer may bring another question; rules.md M14 allows 180
        Data.NOTES: 90,  # as long as the codes of cases: for whoever comes back with the same thing
        # As long as they are in use for evidence (rules.md M14); what lies beside the journal is
        # kept aside for three more years.
        Data.MANDATES: 1095,
        Data.DRAFTS: 180,  # rules.md M14
        Data.SPOOL: 30,
        Data.CASES: 90,
    }
)
"""Days. What has an entry here has a period that an operator may set."""

SHORTEST: Final = 2
"""Days: after an outage the calls of a day are gone through again, by their numbers."""
LONGEST: Final = 1095
"""Days: three years, the longest that any class of rules.md M14 is in use."""


class BadPeriods(ValueError):
    """Periods that cannot stand: ``code`` says why, ``value`` is what was written."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(code)
        self.code = code
        self.value = value


@dataclass(frozen=True, slots=True)
class Periods:
    """For how many days each class of data is kept."""

    days: Mapping[Data, int] = field(default_factory=lambda: DEFAULTS)

    @classmethod
    def parse(cls, text: str) -> Self:
        """``numbers:90,history:365``; what is not named keeps its default. Raises BadPeriods."""
        said: dict[Data, int] = {}
        for part in filter(None, text.replace(",", " ").split()):
            name, _, days = part.partition(":")
            if name not in DEFAULTS:
                raise BadPeriods("unknown", part)
            if name in said:
                raise BadPeriods("twice", part)
            said[Data(name)] = _days(days, part)
        return cls(MappingProxyType({**DEFAULTS, **said}))

    def __str__(self) -> str:
        return ",".join(f"{data}:{days}" for data, days in self.days.items())

    def end(self, data: Data, *, at: datetime) -> datetime:
        """What ended at this moment or before is outdated at ``at``."""
        return at - timedelta(days=self.days.get(data, 0))


@dataclass(frozen=True, slots=True)
class Erased:
    """So many rows or files of one class were erased: those that ended up to ``before``."""

    data: Data
    count: int
    before: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did itself, class by class; in a rehearsal, what it would have done."""

    at: datetime
    erased: tuple[Erased, ...]

    @property
    def count(self) -> int:
        """How much in all."""
        return sum(each.count for each in self.erased)

    @classmethod
    def of(cls, at: datetime, erased: Iterable[Erased]) -> Self:
        """A report, in the order of the classes whatever order they were done in."""
        order = list(Data)
        return cls(at, tuple(sorted(erased, key=lambda each: order.index(each.data))))


def _days(text: str, part: str) -> int:
    if not (text.isascii() and text.isdigit() and SHORTEST <= int(text[:9]) <= LONGEST):
        raise BadPeriods("days", part)
    return int(text)
