"""Erasing what is outdated: found in a transaction that reads, erased in small ones that write.

Each statement names its condition again, so that of two who erase at once one counts a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.mails import OVER
from dispatcher.domain.messages import State as MessageState
from dispatcher.domain.retention import Data, Erased, Report
from dispatcher.domain.texts import State
from dispatcher.store.alterations import alterations
from dispatcher.store.attempts import provider_attempts
from dispatcher.store.cases import cases
from dispatcher.store.dispositions import BLANK, WORDED, dispositions
from dispatcher.store.inquiries import inquiries
from dispatcher.store.journal import journal_secrets
from dispatcher.store.mails import mails
from dispatcher.store.mandate_deeds import WORDS, mandate_readings
from dispatcher.store.mandates import BLANK as UNNAMED
from dispatcher.store.mandates import mandates
from dispatcher.store.messages import messages
from dispatcher.store.regulars import regulars
from dispatcher.store.schema import (
    allowances,
    callback_moves,
    callbacks,
    calls,
    decisions,
    erasures,
    known_callers,
    moves,
    offers,
    texts,
)
from dispatcher.store.seats import seats
from dispatcher.store.sessions import sessions
from dispatcher.store.sign_in_links import link_requests, sign_in_links
from dispatcher.store.stand_ins import stand_ins
from dispatcher.store.timetables import absences, slot_changes, slot_confirmations, slots
from dispatcher.store.transfers import transfers
from dispatcher.store.wrap_ups import wrap_ups

TEXT_IS_OVER: Final = [State.SENT, State.FAILED, State.DROPPED]
IS_OVER: Final = MessageState.OVER
BATCH: Final = 500
"""Rows of one transaction: on SQLite every other writer waits as long as one lasts."""
NO_NUMBER: Final[Mapping[str, Any]] = {
    "number": b"",
    "number_key": "",
    "person": "",
    "first_name": None,
    "regular": None,
    "redirected_to": None,
}
"""What a callback has instead of a number that was erased, and of the name of who shares it: its
columns are never NULL. Nor does it lead to a regular any more.
"""

_BEFORE: Final = sa.bindparam("before", type_=calls.c.started_at.type)


class DayOf(sa.types.TypeDecorator[date]):
    """The day of a moment, for columns that keep days."""

    impl = sa.Date
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> date | None:
        """The day in UTC: a day sooner or later is nothing to a period of weeks."""
        del dialect
        return value.date() if isinstance(value, datetime) else value


_DAY_BEFORE: Final = sa.bindparam("before", type_=DayOf())
_SLOT_ENDS: Final = sa.func.coalesce(
    slots.c.until_day, sa.case((slots.c.days == "", slots.c.first_day))
)
_OWED: Final = sa.exists().where(callbacks.c.call == calls.c.sid, callbacks.c.closed_at.is_(None))
ENDED: Final = sa.and_(calls.c.ended_at.is_not(None), ~_OWED)
"""A call that nothing is done for any more."""
NUMBERED: Final = sa.or_(calls.c.number.is_not(None), calls.c.keyed_number.is_not(None))
BLANK_CALL: Final = {"number": None, "number_key": None, "keyed_number": None, "case_code": None}


@dataclass(frozen=True, slots=True)
class Rows:
    """The outdated rows of a table: ``blank`` replaces some of their columns; None: all of them
    goes.
    """

    table: sa.Table
    outdated: sa.ColumnElement[bool]
    blank: Mapping[str, Any] | None = None

    @property
    def key(self) -> list[sa.Column[Any]]:
        """The columns that name a row."""
        return list(self.table.primary_key.columns)


def _over(call: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.exists().where(calls.c.sid == call, calls.c.ended_at.is_not(None))


def _closed(callback: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.exists().where(callbacks.c.id == callback, callbacks.c.closed_at.is_not(None))


_OWED_CASE: Final = sa.exists().where(
    callbacks.c.id == cases.c.callback, callbacks.c.closed_at.is_(None)
)
_AGENT_OF_CALL: Final = sa.or_(calls.c.helper.is_not(None), calls.c.as_agent.is_not(None))
_NOBODYS: Final = sa.and_(mandates.c.consented_at.is_(None), mandates.c.over_at <= _BEFORE)
_ANYBODYS: Final = sa.and_(mandates.c.consented_at.is_not(None), mandates.c.over_at <= _BEFORE)


def _of_mandates(old: sa.ColumnElement[bool]) -> tuple[Rows, ...]:
    """Whose these were, and every word of theirs; codes and moments stay."""
    its = {of.name: sa.exists().where(mandates.c.id == of.c.mandate, old) for of, _ in WORDS}
    worded = (
        Rows(of, sa.and_(of.c[words].is_not(None), its[of.name]), {words: None})
        for of, words in WORDS
    )
    looked = sa.exists().where(mandates.c.id == mandate_readings.c.mandate, old)
    whose = sa.and_(mandates.c.number.is_not(None), old)
    return (*worded, Rows(mandate_readings, looked), Rows(mandates, whose, UNNAMED))


SWEPT: Final[Mapping[Data, tuple[Rows, ...]]] = {
    Data.NUMBERS: (
        Rows(calls, sa.and_(NUMBERED, ENDED, calls.c.ended_at <= _BEFORE), BLANK_CALL),
        Rows(
            callbacks,
            sa.and_(callbacks.c.number_key != "", callbacks.c.closed_at <= _BEFORE),
            NO_NUMBER,
        ),
        Rows(regulars, sa.or_(regulars.c.stopped_at <= _BEFORE, regulars.c.until <= _BEFORE)),
    ),
    Data.HISTORY: (
        Rows(moves, sa.and_(moves.c.at <= _BEFORE, _over(moves.c.call))),
        Rows(
            callback_moves,
            sa.and_(callback_moves.c.at <= _BEFORE, _closed(callback_moves.c.callback)),
        ),
        Rows(
            decisions,
            sa.and_(
                decisions.c.at <= _BEFORE,
                sa.or_(_over(decisions.c.call), _closed(decisions.c.callback)),
            ),
        ),
        Rows(offers, offers.c.closed_at <= _BEFORE),
        Rows(transfers, transfers.c.closed_at <= _BEFORE),
        Rows(seats, seats.c.at <= _BEFORE),
        Rows(
            calls,
            sa.and_(_AGENT_OF_CALL, ENDED, calls.c.ended_at <= _BEFORE),
            {"helper": None, "as_agent": None},
        ),
        Rows(
            callbacks,
            sa.and_(callbacks.c.helper.is_not(None), callbacks.c.closed_at <= _BEFORE),
            {"helper": None},
        ),
        Rows(
            dispositions,
            sa.and_(dispositions.c.agent.is_not(None), dispositions.c.saved_at <= _BEFORE),
            {"agent": None},
        ),
        Rows(erasures, erasures.c.at <= _BEFORE),
        Rows(
            slot_changes,
            sa.and_(
                slot_changes.c.day < _DAY_BEFORE,
                sa.func.coalesce(slot_changes.c.to_day, slot_changes.c.day) < _DAY_BEFORE,
            ),
        ),
        Rows(slot_confirmations, slot_confirmations.c.day < _DAY_BEFORE),
        Rows(
            slots,
            sa.and_(
                _SLOT_ENDS < _DAY_BEFORE,
                *(
                    ~sa.exists().where(of.c.slot == slots.c.id)
                    for of in (slot_changes, slot_confirmations)
                ),
            ),
        ),
        Rows(absences, absences.c.last_day < _DAY_BEFORE),
        Rows(stand_ins, stand_ins.c.ends_at <= _BEFORE),
        Rows(alterations, alterations.c.at <= _BEFORE),
        Rows(wrap_ups, wrap_ups.c.until <= _BEFORE),
    ),
    Data.QUESTIONS: (
        Rows(
            inquiries,
            sa.exists().where(
                callbacks.c.id == inquiries.c.callback, callbacks.c.closed_at <= _BEFORE
            ),
        ),
    ),
    Data.NOTES: (Rows(dispositions, sa.and_(WORDED, dispositions.c.saved_at <= _BEFORE), BLANK),),
    Data.MANDATES: _of_mandates(_ANYBODYS),
    Data.DRAFTS: _of_mandates(_NOBODYS),
    Data.TEXTS: (
        Rows(texts, sa.and_(texts.c.state.in_(TEXT_IS_OVER), texts.c.created_at <= _BEFORE)),
    ),
    Data.MAILS: (Rows(mails, sa.and_(mails.c.state.in_(OVER), mails.c.created_at <= _BEFORE)),),
    Data.MESSAGES: (
        Rows(
            messages,
            sa.and_(messages.c.sound.is_not(None), messages.c.created_at <= _BEFORE),
            {"sound": None},
        ),
        Rows(messages, sa.and_(messages.c.state == IS_OVER, messages.c.created_at <= _BEFORE)),
    ),
    Data.KNOWN_CALLERS: (Rows(known_callers, known_callers.c.until <= _BEFORE),),
    Data.CASES: (Rows(cases, sa.and_(cases.c.last_at <= _BEFORE, ~_OWED_CASE)),),
    Data.ALLOWANCES: (Rows(allowances, allowances.c.until <= _BEFORE),),
    Data.SIGN_INS: (
        Rows(sessions, sessions.c.until <= _BEFORE),
        Rows(sign_in_links, sign_in_links.c.until <= _BEFORE),
        Rows(provider_attempts, provider_attempts.c.until <= _BEFORE),
        Rows(link_requests, link_requests.c.asked_at <= _BEFORE),
    ),
    Data.EVIDENCE: (Rows(journal_secrets, journal_secrets.c.until <= _BEFORE),),
}
"""Every class of data in SQL, and where it stands. A new table with somebody's data goes here."""


class Retention:
    """What one transaction finds outdated, or erases."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def outdated(self, rows: Rows, *, before: datetime, limit: int) -> list[tuple[Any, ...]]:
        """The keys of at most so many outdated rows."""
        query = sa.select(*rows.key).where(rows.outdated).limit(limit)
        return [tuple(row) for row in self._connection.execute(query, {"before": before})]

    def erase(self, rows: Rows, keys: Sequence[tuple[Any, ...]], *, before: datetime) -> int:
        """Erase those of these rows that are outdated still; how many they were."""
        where = sa.and_(_named(rows.key, keys), rows.outdated)
        if rows.blank is None:
            done = self._connection.execute(sa.delete(rows.table).where(where), {"before": before})
        else:
            change = sa.update(rows.table).where(where).values(**rows.blank)
            done = self._connection.execute(change, {"before": before})
        return done.rowcount

    def keep(self, run: str, report: Report) -> None:
        """Keep the report of a run."""
        lines = [
            {"run": run, "at": report.at, "kind": each.data, "before": each.before}
            | {"count": each.count}
            for each in report.erased
        ]
        self._connection.execute(sa.insert(erasures), lines)

    def last(self) -> Report | None:
        """What the newest run reported; None before the first."""
        newest = sa.select(erasures.c.run).order_by(erasures.c.id.desc()).limit(1)
        query = sa.select(erasures).where(erasures.c.run == newest.scalar_subquery())
        found = list(self._connection.execute(query.order_by(erasures.c.id)).mappings())
        if not found:
            return None
        erased = (Erased(Data(row["kind"]), row["count"], row["before"]) for row in found)
        return Report.of(found[0]["at"], erased)


def _named(
    key: Sequence[sa.Column[Any]], keys: Sequence[tuple[Any, ...]]
) -> sa.ColumnElement[bool]:
    first = key[0].in_({each[0] for each in keys})
    if len(key) == 1:
        return first
    return sa.and_(first, sa.tuple_(*key).in_(keys))  # SQLite walks an index by the first alone


def in_batches(keys: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """As many keys as one transaction takes."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
