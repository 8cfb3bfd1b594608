"""Dispositions: what agents wrote of their conversations. One UPDATE knows whether it is newest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.dispositions import Disposition, Edition, Outcome, Tally, Writing
from dispatcher.domain.matters import Matter
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.vault import Vault

dispositions: Final = sa.Table(
    "dispositions",
    metadata,
    sa.Column("offer", sa.Text, primary_key=True),  # which is forgotten before what is counted
    sa.Column("agent", sa.ForeignKey("agents.id")),
    sa.Column("call", sa.ForeignKey("calls.sid"), index=True),
    sa.Column("callback", sa.ForeignKey("callbacks.id"), index=True),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False, index=True),
    sa.Column("commune", sa.Text),
    sa.Column("need", sa.Text),
    sa.Column("matter", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Column("service", sa.LargeBinary),
    sa.Column("note", sa.LargeBinary),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("tab", sa.Text),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("followed_up_at", Moment),
    sa.Column("recapped_at", Moment),
)

_NEXT: Final = dispositions.c.version + 1
BLANK: Final = {"note": None, "service": None, "tab": None, "version": _NEXT}
"""What a disposition has instead of words that were erased; whatever page still shows them writes
over an older version.
"""
WORDED: Final = sa.or_(dispositions.c.note.is_not(None), dispositions.c.service.is_not(None))
_SAME: Final = (
    *("offer", "agent", "call", "callback", "line", "day", "commune", "saved_at"),
    *("version", "followed_up_at", "recapped_at"),
)
_AS_THEY_ARE: Final = ("line", "day", "commune", "need", "saved_at")


class Dispositions:
    """The dispositions of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def begin(self, disposition: Disposition) -> bool:
        """Make room for what is written of a conversation; False when there is one."""
        names = (*_AS_THEY_ARE, "offer", "agent", "call", "callback")
        row = {name: getattr(disposition, name) for name in names} | {"version": 0, "turn": 0}
        insert = statements.insert_or_ignore(self._connection.dialect.name, dispositions)
        return self._connection.execute(insert, row).rowcount == 1

    def write(
        self, offer: OfferId, agent: AgentId, writing: Writing, edition: Edition, *, at: datetime
    ) -> bool:
        """Keep this, over the version that it was written over, or over what the same form sent
        before; False when something newer stands.
        """
        its_own = sa.and_(dispositions.c.tab == edition.tab, dispositions.c.turn < edition.turn)
        return self._update(
            {
                "matter": writing.matter,
                "outcome": writing.outcome,
                "service": self._sealed(writing.service),
                "note": self._sealed(writing.note),
                "version": _NEXT,
                "tab": edition.tab or None,
                "turn": edition.turn,
                "saved_at": at,
            },
            dispositions.c.offer == offer,
            dispositions.c.agent == agent,
            sa.or_(dispositions.c.version == edition.over, its_own),
        )

    def is_late(self, offer: OfferId, edition: Edition) -> bool:
        """Whether what stands was sent by the same form, later."""
        its_own = sa.and_(dispositions.c.tab == edition.tab, dispositions.c.turn > edition.turn)
        query = sa.select(dispositions.c.offer).where(dispositions.c.offer == offer, its_own)
        return self._connection.scalar(query) is not None

    def imply(self, offer: OfferId, agent: AgentId, outcome: Outcome, *, at: datetime) -> bool:
        """Note what came of it, of which nothing was said; False when something was."""
        facts = {"outcome": outcome, "version": _NEXT, "saved_at": at}
        unsaid = dispositions.c.outcome.is_(None)
        return self._update(facts, *_theirs(offer, agent), unsaid)

    def follow_up(self, offer: OfferId, agent: AgentId, *, at: datetime) -> bool:
        """Note that another call is booked; False when one was."""
        once = dispositions.c.followed_up_at.is_(None)
        return self._update({"followed_up_at": at}, *_theirs(offer, agent), once)

    def recap(self, offer: OfferId, agent: AgentId, *, at: datetime) -> bool:
        """Note that a recap is sent; False when one was."""
        once = dispositions.c.recapped_at.is_(None)
        return self._update({"recapped_at": at}, *_theirs(offer, agent), once)

    def find(self, offer: OfferId) -> Disposition | None:
        """What was written of this conversation."""
        return next(iter(self._all(dispositions.c.offer == offer)), None)

    def among(self, offers: Sequence[OfferId]) -> dict[OfferId, Disposition]:
        """What was written of these."""
        return {each.offer: each for each in self._all(dispositions.c.offer.in_(list(offers)))}

    def of(self, calls: Sequence[CallSid], callbacks: Sequence[CallbackId]) -> list[Disposition]:
        """What was written of these calls and callbacks, oldest first."""
        return self._all(_about(calls, callbacks))

    def erase(self, calls: Sequence[CallSid], callbacks: Sequence[CallbackId]) -> int:
        """Erase the words written of these; how many had some."""
        change = sa.update(dispositions).where(_about(calls, callbacks), WORDED).values(**BLANK)
        return self._connection.execute(change).rowcount

    def counted(self, first: date, last: date) -> list[Tally]:
        """How many conversations of each day and commune were about what, and came to what; of
        those of which anything of it was said.
        """
        keys = [dispositions.c[name] for name in ("day", "commune", "matter", "outcome")]
        said = sa.or_(dispositions.c.matter.is_not(None), dispositions.c.outcome.is_not(None))
        query = sa.select(*keys, sa.func.count().label("many")).where(
            dispositions.c.day.between(first, last), said
        )
        rows = self._connection.execute(query.group_by(*keys).order_by(*keys))
        return [
            Tally(row.day, row.commune, *_codes(row.matter, row.outcome), row.many) for row in rows
        ]

    def _all(self, where: sa.ColumnElement[bool]) -> list[Disposition]:
        query = sa.select(dispositions).where(where)
        rows = self._connection.execute(query.order_by(dispositions.c.day, dispositions.c.offer))
        return [self._disposition(row) for row in rows.mappings()]

    def _update(self, facts: dict[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        change = sa.update(dispositions).where(*where).values(**facts)
        return self._connection.execute(change).rowcount == 1

    def _sealed(self, words: str) -> bytes | None:
        return self._vault.seal_words(words) if words else None

    def _opened(self, sealed: bytes | None) -> str:
        return self._vault.open_words(sealed) if sealed else ""

    def _disposition(self, row: sa.RowMapping) -> Disposition:
        words = (self._opened(row["service"]), self._opened(row["note"]))
        writing = Writing(*_codes(row["matter"], row["outcome"]), *words)
        need = None if row["need"] is None else Need(row["need"])
        return Disposition(**{name: row[name] for name in _SAME}, need=need, writing=writing)


def _theirs(offer: OfferId, agent: AgentId) -> tuple[sa.ColumnElement[bool], ...]:
    return (dispositions.c.offer == offer, dispositions.c.agent == agent)


def _about(calls: Sequence[CallSid], callbacks: Sequence[CallbackId]) -> sa.ColumnElement[bool]:
    return sa.or_(
        dispositions.c.call.in_(list(calls)), dispositions.c.callback.in_(list(callbacks))
    )


def _codes(matter: str | None, outcome: str | None) -> tuple[Matter | None, Outcome | None]:
    """Codes as they are; of what is no more on the list, that something was said."""
    known = matter if matter in set(Matter) else None
    return Matter(known) if known else None, Outcome(outcome) if outcome else None
