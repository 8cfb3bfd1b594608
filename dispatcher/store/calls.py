"""Calls: each move is saved only over the turn it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.calls import (
    UNBEGUN,
    Call,
    CallSid,
    LineId,
    OfferId,
    Outcome,
    Placed,
    Step,
    Why,
)
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store import statements
from dispatcher.store.schema import calls, moves
from dispatcher.store.vault import Vault

_FIELDS: Final = tuple(field.name for field in fields(Call))
_INSERT: Final = {name: statements.insert_or_ignore(name, calls) for name in statements.DIALECTS}
_UPDATE: Final = sa.update(calls).where(
    calls.c.sid == sa.bindparam("of_sid"), calls.c.turn == sa.bindparam("of_turn")
)
_SELECT: Final = sa.select(calls).where(calls.c.sid == sa.bindparam("sid"))
_MOVE: Final = sa.insert(moves)
_COUNT: Final = sa.select(sa.func.count()).select_from(
    sa.select(calls.c.sid)
    .where(
        calls.c.number_key.in_(sa.bindparam("keys", expanding=True)),
        calls.c.started_at >= sa.bindparam("since"),
    )
    .limit(sa.bindparam("at_most"))
    .subquery()
)
"""Made once: what is asked at every ring is not built anew each time."""


class Calls:
    """The calls of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, call: Call) -> bool:
        """Record a new call; False, and nothing written, when its id is known already."""
        insert = _INSERT[self._connection.dialect.name]
        if self._connection.execute(insert, self._row(call)).rowcount != 1:
            return False
        self._note(call, at=call.started_at)
        return True

    def find(self, sid: CallSid) -> Call | None:
        """The call as it stands."""
        row = self._connection.execute(_SELECT, {"sid": sid}).mappings().first()
        return None if row is None else self._call(row)

    def known(self, sids: Iterable[CallSid]) -> set[CallSid]:
        """Of which of these calls SQL knows the beginning."""
        begun = calls.c.turn != UNBEGUN
        query = sa.select(calls.c.sid).where(calls.c.sid.in_(list(sids)), begun)
        return {CallSid(sid) for sid in self._connection.scalars(query)}

    def living(self, sids: Iterable[CallSid]) -> set[CallSid]:
        """Which of these calls have not ended."""
        of_them = calls.c.sid.in_(list(sids))
        query = sa.select(calls.c.sid).where(of_them, calls.c.ended_at.is_(None))
        return {CallSid(sid) for sid in self._connection.scalars(query)}

    def served_since(self, number: PhoneNumber, since: datetime) -> bool:
        """Whether this number, on a call that began since then, reached somebody or a callback."""
        served = sa.or_(
            calls.c.step == Step.TALKING,
            calls.c.outcome.in_([Outcome.ANSWERED, Outcome.CALLBACK]),
        )
        return self._connection.scalar(self._from(number, since, served).limit(1)) is not None

    def answered_since(self, number: PhoneNumber, need: Need, since: datetime) -> bool:
        """Whether this number, on a call for this need that began since then, reached somebody."""
        reached = sa.or_(calls.c.step == Step.TALKING, calls.c.outcome == Outcome.ANSWERED)
        query = self._from(number, since, reached, calls.c.need == need).limit(1)
        return self._connection.scalar(query) is not None

    def count_from(self, number: PhoneNumber, *, since: datetime, at_most: int = 100) -> int:
        """How many calls of this number began since then; counted up to ``at_most``."""
        asked = {"keys": self._vault.keys(number), "since": since, "at_most": at_most}
        return self._connection.scalar(_COUNT, asked) or 0

    def last_commune(self, number: PhoneNumber, *, since: datetime) -> str | None:
        """The commune of the last call of this number, of those that began since then and said
        one.
        """
        said = self._from(number, since, calls.c.commune.is_not(None))
        newest = said.with_only_columns(calls.c.commune).order_by(calls.c.started_at.desc())
        commune: str | None = self._connection.scalar(newest.limit(1))
        return commune

    def save(self, moved: Call, *, over: Call, at: datetime, by_way_of: Call | None = None) -> bool:
        """Save a move over the turn it was made from; False when that turn has passed.

        ``by_way_of``: a step between the two, saved by the same move and noted like any other.
        """
        if moved is over:
            return True
        row = self._row(moved, unchanged_from=over)
        saved = self._connection.execute(_UPDATE, row | {"of_sid": over.sid, "of_turn": over.turn})
        if saved.rowcount != 1:
            return False
        self._note(*_steps(over, by_way_of, moved), at=at)
        return True

    def see(self, sid: CallSid, queue: str | None, *, at: datetime) -> None:
        """Note that the carrier just showed us this caller in this queue."""
        self._connection.execute(
            sa.update(calls)
            .where(calls.c.sid == sid, calls.c.ended_at.is_(None))
            .values(seen_at=at, queue=sa.func.coalesce(queue, calls.c.queue))
        )

    def amend(self, sid: CallSid, outcome: Outcome) -> None:
        """The carrier's last word on what became of a call that has ended."""
        self._connection.execute(
            sa.update(calls)
            .where(calls.c.sid == sid, calls.c.ended_at.is_not(None))
            .values(outcome=outcome)
        )

    def unheard(self, since: datetime, *, at: datetime, limit: int = 100) -> list[CallSid]:
        """Calls not ended, of which nothing was heard since then; each is heard of now, so asked
        about once.
        """
        heard_of = sa.func.coalesce(calls.c.seen_at, calls.c.started_at)
        query = sa.select(calls.c.sid).where(calls.c.ended_at.is_(None), heard_of < since)
        sids = list(self._connection.scalars(query.order_by(calls.c.started_at).limit(limit)))
        if sids:
            self._connection.execute(
                sa.update(calls).where(calls.c.sid.in_(sids)).values(seen_at=at)
            )
        return [CallSid(sid) for sid in sids]

    def at_step(self, step: Step) -> list[Call]:
        """The calls that stand at this step now, oldest first."""
        query = sa.select(calls).where(calls.c.ended_at.is_(None), calls.c.step == step)
        rows = self._connection.execute(query.order_by(calls.c.started_at)).mappings()
        return [self._call(row) for row in rows]

    def moves(self, sid: CallSid) -> list[tuple[int, datetime, Step]]:
        """The way this call went: turn, moment, step."""
        query = sa.select(moves).where(moves.c.call == sid).order_by(moves.c.turn)
        return [(row.turn, row.at, Step(row.step)) for row in self._connection.execute(query)]

    def heard_of(self, call: Call) -> datetime:
        """When we last heard of this call: a move, or the carrier showing us that they wait."""
        query = sa.select(sa.func.max(moves.c.at)).where(moves.c.call == call.sid)
        moved = self._connection.scalar(query) or call.started_at
        waits = call.step is Step.WAITING and call.seen_at is not None
        return max(moved, call.seen_at or moved) if waits else moved

    def was_at(self, sid: CallSid, step: Step) -> bool:
        """Whether this call ever stood at this step."""
        query = sa.select(moves.c.turn).where(moves.c.call == sid, moves.c.step == step)
        return self._connection.scalar(query.limit(1)) is not None

    def _from(
        self, number: PhoneNumber, since: datetime, *only: sa.ColumnElement[bool]
    ) -> sa.Select[tuple[str]]:
        """The calls of a number since then; those kept under an older secret too."""
        of_it = calls.c.number_key.in_(self._vault.keys(number))
        return sa.select(calls.c.sid).where(of_it, calls.c.started_at >= since, *only)

    def _note(self, *steps: Call, at: datetime) -> None:
        noted = [
            {"call": each.sid, "turn": each.turn, "at": at, "step": each.step} for each in steps
        ]
        if noted:
            self._connection.execute(_MOVE, noted)

    def _row(self, call: Call, *, unchanged_from: Call | None = None) -> dict[str, Any]:
        row = {
            name: getattr(call, name)
            for name in _FIELDS
            if unchanged_from is None or getattr(call, name) != getattr(unchanged_from, name)
        }
        if "number" in row:
            row |= {
                "number": self._vault.seal(call.number),
                "number_key": self._vault.key(call.number),
            }
        if "keyed_number" in row:
            row["keyed_number"] = self._vault.seal(call.keyed_number)
        return row

    def _call(self, row: sa.RowMapping) -> Call:
        return Call(
            **{name: row[name] for name in _FIELDS if name not in _TYPED},
            sid=CallSid(row["sid"]),
            line=LineId(row["line"]),
            number=self._vault.open(row["number"]),
            keyed_number=self._vault.open(row["keyed_number"]),
            step=Step(row["step"]),
            need=_or_none(Need, row["need"]),
            why=_or_none(Why, row["why"]),
            outcome=_or_none(Outcome, row["outcome"]),
            offer=_or_none(OfferId, row["offer"]),
            placed=_or_none(Placed, row["placed"]),
            helper=_or_none(AgentId, row["helper"]),
            as_agent=_or_none(AgentId, row["as_agent"]),
        )


_TYPED: Final = frozenset(
    {
        *("sid", "line", "number", "keyed_number", "step", "need", "why", "outcome", "offer"),
        *("placed", "helper", "as_agent"),
    }
)


def _steps(over: Call, *later: Call | None) -> Iterator[Call]:
    """Those of these steps that are a new turn."""
    turn = over.turn
    for each in later:
        if each is not None and each.turn > turn:
            turn = each.turn
            yield each


def _or_none(kind: Any, value: str | int | None) -> Any:
    return None if value is None else kind(value)
