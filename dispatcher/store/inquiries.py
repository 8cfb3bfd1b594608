"""Inquiries: what somebody wrote, and which agent has it. Each turn is taken by one, and fenced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain import mails as posted
from dispatcher.domain import texts as texted
from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.inquiries import AT_ONCE, LEASE, LOST_WITHIN, Inquiry, TurnId
from dispatcher.domain.mails import Address
from dispatcher.store import statements
from dispatcher.store.mails import mails
from dispatcher.store.schema import Moment, callbacks, metadata, texts
from dispatcher.store.vault import Vault

inquiries: Final = sa.Table(
    "inquiries",
    metadata,
    sa.Column("callback", sa.ForeignKey("callbacks.id"), primary_key=True),
    sa.Column("question", sa.LargeBinary, nullable=False),
    sa.Column("address", sa.LargeBinary),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("turn", sa.Text, unique=True),
    sa.Column("agent", sa.ForeignKey("agents.id")),
    sa.Column("lease_until", Moment),
    sa.Column("answered_at", Moment),
    sa.Column("settled_at", Moment),
    sa.Column("unsent", sa.LargeBinary),
    sa.Index(
        "ix_inquiries_open",
        "lease_until",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    ),
)

_ABOUT: Final = inquiries.c.callback.concat(".").concat(sa.cast(inquiries.c.turns, sa.Text))
_FREE: Final = {"turn": None, "agent": None, "lease_until": None}


class Inquiries:
    """The inquiries of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, inquiry: Inquiry) -> bool:
        """Keep what was asked; False when there is one of this callback."""
        row = {
            "callback": inquiry.callback,
            "question": self._vault.seal_words(inquiry.question),
            "address": self._vault.seal(inquiry.address),
            "turns": 0,
        }
        insert = statements.insert_or_ignore(self._connection.dialect.name, inquiries)
        return self._connection.execute(insert, row).rowcount == 1

    def find(self, callback: CallbackId) -> Inquiry | None:
        """The inquiry of this callback."""
        return self._one(inquiries.c.callback == callback)

    def of_turn(self, turn: TurnId) -> Inquiry | None:
        """The inquiry of which this is the present, or the last, turn."""
        return self._one(inquiries.c.turn == turn)

    def claim(
        self, inquiry: Inquiry, agent: AgentId, turn: TurnId, *, at: datetime
    ) -> Inquiry | None:
        """Give it to an agent for a while; None when somebody has it, or they have enough."""
        held = inquiries.alias("held")
        theirs = sa.select(sa.func.count()).select_from(held)
        theirs = theirs.where(held.c.agent == agent, held.c.answered_at.is_(None))
        taken = self._update(
            {
                "turn": turn,
                "agent": agent,
                "turns": inquiries.c.turns + 1,
                "lease_until": at + LEASE,
                "answered_at": None,
            },
            inquiries.c.callback == inquiry.callback,
            inquiries.c.turns == inquiry.turns,
            inquiries.c.agent.is_(None),
            theirs.scalar_subquery() < AT_ONCE,
        )
        return self.of_turn(turn) if taken else None

    def finish(self, turn: TurnId, said: str, *, at: datetime, sends: bool) -> bool:
        """Its agent has done with it; False when it is not theirs any more, or was done before.

        ``sends``: what was ``said`` goes out, and is kept until it has.
        """
        facts: dict[str, Any] = {"answered_at": at, "settled_at": None if sends else at}
        facts["unsent"] = self._vault.seal_words(said) if sends else None
        return self._update(facts, *self._theirs(turn, at))

    def pass_on(self, turn: TurnId, *, at: datetime) -> bool:
        """Its agent gives it back; False when it is not theirs any more."""
        return self._update(_FREE, *self._theirs(turn, at))

    def lapse(self, turn: TurnId, *, at: datetime) -> bool:
        """Take it from who let it lie; False when they did something meanwhile."""
        return self._update(
            _FREE,
            inquiries.c.turn == turn,
            inquiries.c.answered_at.is_(None),
            inquiries.c.lease_until <= at,
        )

    def lapsed(self, *, at: datetime, limit: int = 50) -> list[Inquiry]:
        """Those that an agent has let lie."""
        query = sa.select(inquiries).where(
            inquiries.c.settled_at.is_(None),
            inquiries.c.answered_at.is_(None),
            inquiries.c.lease_until <= at,
        )
        return self._all(query.limit(limit))

    def waiting(self, *, at: datetime, limit: int = 50) -> list[CallbackId]:
        """Those that nobody has and that may be given, in the order of their places."""
        query = (
            sa.select(callbacks.c.id)
            .join(inquiries, inquiries.c.callback == callbacks.c.id)
            .where(
                callbacks.c.closed_at.is_(None),
                callbacks.c.state == State.WAITING,
                callbacks.c.due_at <= at,
                inquiries.c.agent.is_(None),
            )
            .order_by(callbacks.c.place_since, callbacks.c.asked_at, callbacks.c.id)
            .limit(limit)
        )
        return [CallbackId(id) for id in self._connection.scalars(query)]

    def held(self) -> dict[AgentId, int]:
        """How many each agent has now."""
        query = sa.select(inquiries.c.agent, sa.func.count().label("many"))
        query = query.where(inquiries.c.agent.is_not(None), inquiries.c.answered_at.is_(None))
        rows = self._connection.execute(query.group_by(inquiries.c.agent))
        return {AgentId(row.agent): row.many for row in rows}

    def sent(self, *, at: datetime) -> list[tuple[Inquiry, bool | None]]:
        """Answers of which is known what came of them: True: sent, False: not, None: nobody knows.

        A text counts as sent once its network had time to say otherwise.
        """
        lost = {posted.State.FAILED, posted.State.DROPPED}
        by_mail = _kept(mails, posted.Kind.INQUIRY_ANSWER, posted.OVER)
        arrived = sa.and_(texts.c.state == texted.State.SENT, texts.c.sent_at <= at - LOST_WITHIN)
        over = sa.or_(texts.c.state.in_([texted.State.FAILED, texted.State.DROPPED]), arrived)
        by_text = _kept(texts, texted.Kind.INQUIRY_ANSWER).where(over)
        found = [*self._connection.execute(by_mail), *self._connection.execute(by_text)]
        return [
            (inquiry, None if row.state == posted.State.UNSURE else row.state not in lost)
            for row in found
            if (inquiry := self.find(CallbackId(row.callback))) is not None
        ]

    def settle(self, inquiry: Inquiry, *, at: datetime) -> bool:
        """What it said has gone out: it need not be kept here."""
        return self._update({"settled_at": at, "unsent": None}, *_answered(inquiry))

    def reopen(self, inquiry: Inquiry) -> bool:
        """What it said could not be sent: it goes to somebody else, and shows it."""
        return self._update(_FREE | {"answered_at": None}, *_answered(inquiry))

    def _theirs(self, turn: TurnId, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            inquiries.c.turn == turn,
            inquiries.c.answered_at.is_(None),
            inquiries.c.lease_until > at,
        )

    def _one(self, where: sa.ColumnElement[bool]) -> Inquiry | None:
        return next(iter(self._all(sa.select(inquiries).where(where))), None)

    def _all(self, query: sa.Select[Any]) -> list[Inquiry]:
        return [self._inquiry(row) for row in self._connection.execute(query).mappings()]

    def _update(self, facts: Mapping[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        change = sa.update(inquiries).where(*where).values(**facts)
        return self._connection.execute(change).rowcount == 1

    def _inquiry(self, row: sa.RowMapping) -> Inquiry:
        address = self._vault.read(row["address"])
        return Inquiry(
            callback=CallbackId(row["callback"]),
            question=self._vault.open_words(row["question"]),
            address=Address(address) if address else None,
            turns=row["turns"],
            turn=row["turn"],
            agent=row["agent"],
            lease_until=row["lease_until"],
            answered_at=row["answered_at"],
            unsent=self._vault.open_words(row["unsent"]) if row["unsent"] else "",
        )


def _answered(inquiry: Inquiry) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        inquiries.c.callback == inquiry.callback,
        inquiries.c.turns == inquiry.turns,
        inquiries.c.answered_at.is_not(None),
        inquiries.c.settled_at.is_(None),
    )


def _kept(
    outbox: sa.Table, kind: str, states: tuple[str, ...] = (), limit: int = 50
) -> sa.Select[Any]:
    """Answers not settled yet, and how they stand in this outbox."""
    query = (
        sa.select(inquiries.c.callback, outbox.c.state)
        .join(outbox, sa.and_(outbox.c.kind == kind, outbox.c.about == _ABOUT))
        .where(inquiries.c.settled_at.is_(None), inquiries.c.answered_at.is_not(None))
    )
    return (query.where(outbox.c.state.in_(states)) if states else query).limit(limit)
