"""Messages: expected once for a call, fetched by one, heard by whoever makes their callback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid
from dispatcher.domain.messages import LEASE, RUNG_EVERY, Message, MessageId, State
from dispatcher.store import statements
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.vault import Vault

messages: Final = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call", sa.ForeignKey("calls.sid"), nullable=False, unique=True),
    sa.Column("callback", sa.ForeignKey("callbacks.id"), index=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("kept_at", Moment),
    sa.Column("sound", sa.LargeBinary),
    sa.Column("lease_until", Moment),
    sa.Column("rung_until", Moment),
    sa.Index(
        "ix_messages_open",
        "due_at",
        sqlite_where=sa.text("state IN ('expected', 'kept')"),
        postgresql_where=sa.text("state IN ('expected', 'kept')"),
    ),
)

_FIELDS: Final = tuple(field.name for field in fields(Message))
_KNOWN: Final = [messages.c[name] for name in _FIELDS]
"""All but the sound, which is large."""


class Messages:
    """The messages of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def expect(self, message: Message) -> bool:
        """Note that somebody is about to leave one; False when this call did already."""
        row = {name: getattr(message, name) for name in _FIELDS}
        insert = statements.insert_or_ignore(self._connection.dialect.name, messages)
        return self._connection.execute(insert, row).rowcount == 1

    def heard_of(self, call: CallSid, *, at: datetime) -> MessageId | None:
        """The carrier told something of a call's message: it is looked at now, also when it seemed
        over. None when this call was to leave none.
        """
        again = sa.case(
            (messages.c.kept_at.is_(None), State.EXPECTED.value), else_=State.KEPT.value
        )
        change = sa.update(messages).where(messages.c.call == call)
        told = change.values(due_at=at, state=again, rung_until=at + RUNG_EVERY)
        found = self._connection.scalar(told.returning(messages.c.id))
        return None if found is None else MessageId(found)

    def claim(self, id: MessageId, *, at: datetime) -> Message | None:
        """Take a message to fetch it; None: not now, or not by you.

        The count of tries is the fence: what an earlier try does or learns later changes nothing.
        """
        free = sa.or_(messages.c.lease_until.is_(None), messages.c.lease_until <= at)
        taken = self._update(
            {"tries": messages.c.tries + 1, "lease_until": at + LEASE},
            messages.c.id == id,
            messages.c.state != State.OVER,
            messages.c.due_at <= at,
            free,
        )
        return self.find(id) if taken else None

    def keep(self, message: Message, sound: bytes | None, *, at: datetime) -> bool:
        """Keep what was said, sealed, or (None) note that it is not to be kept; False when somebody
        else was first, or it was erased meanwhile.
        """
        sealed = None if sound is None else self._vault.seal_sound(sound)
        facts = {"state": State.KEPT, "sound": sealed, "kept_at": at}
        return self._update(facts, *_held(message), messages.c.state == State.EXPECTED)

    def settle(self, message: Message, to: State, *, due_at: datetime | None = None) -> bool:
        """What came of this try. ``due_at``: when it is looked at again, unless the carrier told
        something meanwhile.
        """
        facts: dict[str, Any] = {"lease_until": None, "rung_until": None}
        told = messages.c.due_at != message.due_at
        if due_at is None:
            return self._update(facts | {"state": to}, *_held(message), ~told) or self._update(
                facts, *_held(message), told
            )
        facts["due_at"] = sa.case((told, messages.c.due_at), else_=sa.literal(due_at, Moment))
        return self._update(facts, *_held(message))

    def take_due(self, *, at: datetime, limit: int = 50) -> list[MessageId]:
        """Messages to be fetched or erased of which no worker was reminded lately."""
        due = (messages.c.due_at <= at, sa.text("state IN ('expected', 'kept')"))
        free = sa.or_(messages.c.lease_until.is_(None), messages.c.lease_until <= at)
        unreminded = sa.or_(messages.c.rung_until.is_(None), messages.c.rung_until <= at)
        chosen = sa.select(messages.c.id).where(*due, free, unreminded)
        chosen = chosen.order_by(messages.c.due_at).limit(limit)
        taken = (
            sa.update(messages)
            .where(messages.c.id.in_(chosen.scalar_subquery()), *due, free, unreminded)
            .values(rung_until=at + RUNG_EVERY)
            .returning(messages.c.id)
        )
        return [MessageId(id) for id in self._connection.scalars(taken)]

    def find(self, id: MessageId) -> Message | None:
        """The message as it stands."""
        return next(iter(self._all(messages.c.id == id)), None)

    def left_for(self, callback: CallbackId) -> list[MessageId]:
        """Those that can be heard before this callback is made, oldest first."""
        there = sa.and_(messages.c.callback == callback, messages.c.sound.is_not(None))
        return [each.id for each in self._all(there)]

    def sound(self, id: MessageId) -> bytes | None:
        """What was said, as it was recorded; None when it is not here. Raises Unreadable."""
        sealed = self._connection.scalar(sa.select(messages.c.sound).where(messages.c.id == id))
        return None if sealed is None else self._vault.open_sound(sealed)

    def of(self, calls: Sequence[CallSid], callbacks: Sequence[CallbackId]) -> list[Message]:
        """Those left on these calls, or for these callbacks, oldest first."""
        return self._all(_theirs(calls, callbacks))

    def erase(
        self, calls: Sequence[CallSid], callbacks: Sequence[CallbackId], *, at: datetime
    ) -> int:
        """Erase what was said, and keep nothing that is still at the carrier; how many."""
        erased = {
            "sound": None,
            "kept_at": sa.func.coalesce(messages.c.kept_at, sa.literal(at, Moment)),
        }
        expected = messages.c.state == State.EXPECTED
        some = sa.and_(_theirs(calls, callbacks), sa.or_(messages.c.sound.is_not(None), expected))
        state = sa.case((expected, State.KEPT.value), else_=messages.c.state)
        change = sa.update(messages).where(some).values(**erased, state=state)
        return self._connection.execute(change).rowcount

    def _all(self, where: sa.ColumnElement[bool]) -> list[Message]:
        query = sa.select(*_KNOWN).where(where).order_by(messages.c.created_at, messages.c.id)
        return [_message(row) for row in self._connection.execute(query).mappings()]

    def _update(self, facts: dict[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        change = sa.update(messages).where(*where).values(**facts)
        return self._connection.execute(change).rowcount == 1


def _held(message: Message) -> tuple[sa.ColumnElement[bool], ...]:
    return (messages.c.id == message.id, messages.c.tries == message.tries)


def _theirs(calls: Sequence[CallSid], callbacks: Sequence[CallbackId]) -> sa.ColumnElement[bool]:
    return sa.or_(messages.c.call.in_(list(calls)), messages.c.callback.in_(list(callbacks)))


def _message(row: sa.RowMapping) -> Message:
    return Message(**{name: row[name] for name in _FIELDS} | {"state": State(row["state"])})
