"""Cases: which code leads to which callback, and who helped last."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, LineId
from dispatcher.domain.cases import Case
from dispatcher.store import statements
from dispatcher.store.schema import Moment, callbacks, calls, metadata

cases: Final = sa.Table(
    "cases",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("call", sa.ForeignKey("calls.sid"), unique=True),
    sa.Column("callback", sa.ForeignKey("callbacks.id"), unique=True),
    sa.Column("agent", sa.ForeignKey("agents.id")),
    sa.Column("last_at", Moment, nullable=False, index=True),
    sa.CheckConstraint("(call IS NULL) <> (callback IS NULL)", name="one_subject"),
)
_INSERT: Final = {name: statements.insert_or_ignore(name, cases) for name in statements.DIALECTS}
_ABOUT: Final = cases.outerjoin(callbacks, cases.c.callback == callbacks.c.id).outerjoin(
    calls, cases.c.call == calls.c.sid
)
OWED: Final = sa.and_(callbacks.c.id.is_not(None), callbacks.c.closed_at.is_(None))
_NUMBERED: Final = sa.or_(
    callbacks.c.number_key != "", calls.c.number.is_not(None), calls.c.keyed_number.is_not(None)
)
"""Whose number was erased has no case any more."""


class Cases:
    """The cases of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(
        self,
        code: str,
        *,
        call: CallSid | None = None,
        callback: CallbackId | None = None,
        agent: AgentId | None,
        at: datetime,
    ) -> bool:
        """Give this code to a call or a callback; False when it is another's, or that one has a
        code already.
        """
        row = {"code": code, "call": call, "callback": callback, "agent": agent, "last_at": at}
        return self._connection.execute(_INSERT[self._connection.dialect.name], row).rowcount == 1

    def code(self, callback: CallbackId) -> str | None:
        """The code of a callback."""
        return self._connection.scalar(sa.select(cases.c.code).where(cases.c.callback == callback))

    def callback(self, code: str) -> CallbackId | None:
        """The callback that a code was told for."""
        id = self._connection.scalar(sa.select(cases.c.callback).where(cases.c.code == code))
        return None if id is None else CallbackId(id)

    def code_of_call(self, call: CallSid) -> str | None:
        """The code told on this call."""
        told = sa.or_(cases.c.call == call, callbacks.c.call == call)
        query = sa.select(cases.c.code).select_from(_ABOUT).where(told)
        return self._connection.scalar(query.order_by(cases.c.last_at).limit(1))

    def find(self, code: str, line: LineId, *, since: datetime) -> Case | None:
        """What a code of this line leads to, if its callback is owed or something was done for it
        since then.
        """
        lives = sa.or_(OWED, cases.c.last_at > since)
        of_line = sa.func.coalesce(callbacks.c.line, calls.c.line) == line
        query = sa.select(
            sa.func.coalesce(callbacks.c.commune, calls.c.commune).label("commune"),
            sa.func.coalesce(callbacks.c.need, calls.c.need).label("need"),
            sa.func.coalesce(callbacks.c.house, calls.c.house).label("house"),
            *(cases.c.agent, cases.c.callback, OWED.label("owed")),
        ).select_from(_ABOUT)
        found = query.where(cases.c.code == code, of_line, lives, _NUMBERED)
        row = self._connection.execute(found).first()
        if row is None:
            return None
        return Case(
            code,
            row.commune,
            None if row.need is None else Need(row.need),
            row.house,
            None if row.agent is None else AgentId(row.agent),
            None if row.callback is None else CallbackId(row.callback),
            bool(row.owed),
        )

    def helped(
        self,
        agent: AgentId,
        *,
        at: datetime,
        code: str | None = None,
        callback: CallbackId | None = None,
    ) -> None:
        """This agent helped with a case: the next time they come first, and its code lives on."""
        its = cases.c.code == code if callback is None else cases.c.callback == callback
        self._connection.execute(sa.update(cases).where(its).values(agent=agent, last_at=at))

    def on_the_line(self, callback: CallbackId) -> bool:
        """Whether somebody is on the line with the code of this callback."""
        with_it = sa.select(calls.c.sid).where(
            calls.c.ended_at.is_(None),
            calls.c.case_code == self._code(callback),
        )
        return self._connection.scalar(with_it.limit(1)) is not None

    def _code(self, callback: CallbackId) -> sa.ScalarSelect[str]:
        return sa.select(cases.c.code).where(cases.c.callback == callback).scalar_subquery()
