"""Callbacks: promises, and who holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.attempts import Miss
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import CallSid, Why
from dispatcher.domain.inquiries import Note
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.replies import Reply
from dispatcher.domain.requests import same_name
from dispatcher.domain.wishes import Part
from dispatcher.store import statements
from dispatcher.store.schema import callback_moves, callbacks
from dispatcher.store.seats import Seats
from dispatcher.store.vault import Vault

_FIELDS: Final = tuple(field.name for field in fields(Callback))
_INSERT: Final = {
    name: statements.insert_or_ignore(name, callbacks) for name in statements.DIALECTS
}
_PLANNED: Final = ("part", "not_before", "due_at", "booked_at")
_NOTE: Final = sa.insert(callback_moves)
_IN_ORDER: Final = (callbacks.c.place_since, callbacks.c.asked_at, callbacks.c.id)
"""All who rang while closed have the place of the opening: among them, who asked first."""


class Callbacks:
    """The callbacks of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._seats = Seats(connection)

    def keep(self, callback: Callback) -> bool:
        """Keep a callback; False when the call has one already, or its person for that need."""
        row = {name: getattr(callback, name) for name in _FIELDS} | self._sealed(callback.number)
        row |= self._named(callback)
        insert = _INSERT[self._connection.dialect.name]
        if self._connection.execute(insert, row).rowcount != 1:
            return False
        self._note(callback.id, callback.state, at=callback.asked_at)
        return True

    def awaiting(self, number: PhoneNumber, need: Need, first_name: str = "") -> Callback | None:
        """The callback that this person is still owed for this need."""
        theirs = self._theirs(number, need, first_name)
        return self._one(sa.and_(theirs, callbacks.c.closed_at.is_(None)))

    def joined(self, callback: Callback) -> Callback | None:
        """The callback of the same person and need that this one joined: the newest one kept."""
        theirs = self._theirs(callback.number, callback.need, callback.first_name)
        asked_before = callbacks.c.asked_at <= callback.asked_at
        return self._one(
            sa.and_(theirs, asked_before, callbacks.c.state != State.JOINED),
            callbacks.c.asked_at.desc(),
        )

    def renumber(self, call: CallSid, number: PhoneNumber) -> bool:
        """Ring another number for this call's callback, as long as nobody is ringing it."""
        return self._update(
            self._sealed(number),
            callbacks.c.call == call,
            callbacks.c.state.in_([State.WAITING, State.OFFERED]),
        )

    def withdraw(self, call: CallSid, *, at: datetime) -> None:
        """Give up this call's callback, if nobody is rung for it: its person is owed another."""
        found = self._one(sa.and_(callbacks.c.call == call, callbacks.c.state == State.WAITING))
        if found is not None:
            self.move(found.id, of=State.WAITING, to=State.CANCELLED, at=at)

    def move(
        self,
        id: CallbackId,
        *,
        of: State,
        to: State,
        at: datetime,
        due_at: datetime | None = None,
        after: Miss | None = None,
    ) -> bool:
        """Move a callback from one state to another; False when it was not in the first.

        ``after``: they were rung in vain, and why. ``due_at``: when they may be rung from now on.
        What ends it gives back the half-hour they chose.
        """
        facts: dict[str, Any] = {"state": to, "closed_at": at if to.over else None}
        if due_at is not None:
            facts["due_at"] = due_at
        if after is not None:
            facts |= {"attempts": callbacks.c.attempts + 1, "tried_at": at}
        if not self._update(facts, callbacks.c.id == id, callbacks.c.state == of):
            return False
        if to.over:
            self._seats.give_back(id)
        for noted in (after, to):
            if noted is not None:
                self._note(id, noted, at=at)
        return True

    def reopen(self, id: CallbackId, *, at: datetime) -> bool:
        """What ended waits again: the answer could not be sent. False when it is not at its end."""
        facts = {"state": State.WAITING, "closed_at": None}
        over = callbacks.c.state.in_([State.ANSWERED, State.REDIRECTED])
        if not self._update(facts, callbacks.c.id == id, over):
            return False
        self._note(id, State.WAITING, at=at)
        return True

    def note(self, id: CallbackId, what: Note, *, at: datetime) -> None:
        """Note in its way what befell an inquiry."""
        self._note(id, what, at=at)

    def redirect(
        self, id: CallbackId, *, of: State, at: datetime, service: str | None = None
    ) -> bool:
        """Another service sees to it, named or not; False when it was not in this state."""
        if not self.move(id, of=of, to=State.REDIRECTED, at=at):
            return False
        return self._update({"redirected_to": self._vault.seal(service)}, callbacks.c.id == id)

    def redirected_to(self, id: CallbackId) -> str | None:
        """The service that sees to it, as it was named."""
        query = sa.select(callbacks.c.redirected_to).where(callbacks.c.id == id)
        return self._vault.read(self._connection.scalar(query))

    def put_off(self, id: CallbackId, *, until: datetime) -> None:
        """Do not ring this person before then, if nobody is ringing them."""
        self._update(
            {"due_at": until},
            callbacks.c.id == id,
            callbacks.c.state == State.WAITING,
            callbacks.c.due_at < until,
        )

    def replan(self, wished: Callback, *, of: State, at: datetime) -> bool:
        """Its person wishes to be rung at another time; False when it was not in this state. Of
        seats nothing is changed: a new one is taken before the old one is given back.
        """
        id, to = wished.id, State.WAITING if of is State.OFFERED else of
        facts = {name: getattr(wished, name) for name in _PLANNED} | {"state": to}
        if not self._update(facts, callbacks.c.id == id, callbacks.c.state == of):
            return False
        self._note(id, to, at=at)
        return True

    def moves(self, id: CallbackId) -> list[tuple[datetime, str]]:
        """The way of a callback: moment, and where it stood or why they were not reached."""
        query = sa.select(callback_moves).where(callback_moves.c.callback == id)
        rows = self._connection.execute(query.order_by(callback_moves.c.id))
        return [(row.at, row.state) for row in rows]

    def find(self, id: CallbackId) -> Callback | None:
        """The callback as it stands."""
        return self._one(callbacks.c.id == id)

    def of(self, call: CallSid) -> Callback | None:
        """The callback that keeps this call's place, if any."""
        return self._one(callbacks.c.call == call)

    def due(self, *, at: datetime, limit: int = 500) -> list[Callback]:
        """Callbacks that wait for an agent and may be placed, in the order of their places; no
        inquiry, which nobody rings.
        """
        query = (
            sa.select(callbacks)
            .where(
                callbacks.c.closed_at.is_(None),
                callbacks.c.state == State.WAITING,
                callbacks.c.due_at <= at,
                callbacks.c.reply == Reply.TELEPHONE,
            )
            .order_by(*_IN_ORDER)
            .limit(limit)
        )
        return [self._callback(row) for row in self._connection.execute(query).mappings()]

    def planned(self, *, after: datetime, until: datetime) -> list[Callback]:
        """Callbacks that wait and are due after one moment and up to another."""
        query = sa.select(callbacks).where(
            callbacks.c.closed_at.is_(None),
            callbacks.c.state == State.WAITING,
            callbacks.c.due_at > after,
            callbacks.c.due_at <= until,
        )
        return [self._callback(row) for row in self._connection.execute(query).mappings()]

    def booked(self, *, after: datetime) -> list[Callback]:
        """Callbacks that wait for the half-hour that was chosen, which begins after a moment."""
        query = sa.select(callbacks).where(
            callbacks.c.closed_at.is_(None),
            callbacks.c.state == State.WAITING,
            callbacks.c.due_at > after,
            callbacks.c.booked_at == callbacks.c.due_at,
        )
        rows = self._connection.execute(query.order_by(*_IN_ORDER)).mappings()
        return [self._callback(row) for row in rows]

    def hold(self, id: CallbackId, *, due_at: datetime) -> bool:
        """Have nobody else change it until the end of this transaction; False when it does not wait
        for this moment any more.
        """
        waits = (callbacks.c.state == State.WAITING, callbacks.c.due_at == due_at)
        return self._update({"due_at": due_at}, callbacks.c.id == id, *waits)

    def owed(self) -> list[Callback]:
        """Every callback still owed, due or not, in the order of their places."""
        query = sa.select(callbacks).where(callbacks.c.closed_at.is_(None))
        rows = self._connection.execute(query.order_by(*_IN_ORDER)).mappings()
        return [self._callback(row) for row in rows]

    def still_owed(self, ids: Iterable[CallbackId]) -> set[CallbackId]:
        """Which of these callbacks are still owed."""
        of_them = callbacks.c.id.in_(list(ids))
        query = sa.select(callbacks.c.id).where(of_them, callbacks.c.closed_at.is_(None))
        return {CallbackId(id) for id in self._connection.scalars(query)}

    def open(self) -> int:
        """How many callbacks are still owed."""
        query = (
            sa.select(sa.func.count()).select_from(callbacks).where(callbacks.c.closed_at.is_(None))
        )
        return self._connection.scalar(query) or 0

    def _note(self, id: CallbackId, state: State | Miss | Note, *, at: datetime) -> None:
        self._connection.execute(_NOTE, {"callback": id, "at": at, "state": state})

    def _theirs(self, number: PhoneNumber, need: Need, first_name: str) -> sa.ColumnElement[bool]:
        persons = self._vault.persons(number, same_name(first_name))
        return sa.and_(
            callbacks.c.number_key.in_(self._vault.keys(number)),
            callbacks.c.need == need,
            callbacks.c.person.in_(persons),
        )

    def _one(self, where: sa.ColumnElement[bool], *order: sa.ColumnElement[Any]) -> Callback | None:
        query = sa.select(callbacks).where(where).order_by(*order).limit(1)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else self._callback(row)

    def _update(self, facts: Mapping[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        return (
            self._connection.execute(sa.update(callbacks).where(*where).values(**facts)).rowcount
            == 1
        )

    def _sealed(self, number: PhoneNumber) -> dict[str, Any]:
        return {"number": self._vault.seal(number), "number_key": self._vault.key(number)}

    def _named(self, callback: Callback) -> dict[str, Any]:
        name = callback.first_name
        # Every question is a request of its own: none joins another, and so gets lost.
        alone = "" if callback.reply is Reply.TELEPHONE else f":{callback.id}"
        return {
            "person": self._vault.persons(callback.number, same_name(name) + alone)[0],
            "first_name": self._vault.seal(name or None),
        }

    def _callback(self, row: sa.RowMapping) -> Callback:
        facts = {name: row[name] for name in _FIELDS}
        number = self._vault.open(row["number"] or None) or PhoneNumber("")  # empty: erased
        facts |= {
            "number": number,
            "need": Need(row["need"]),
            "why": Why(row["why"]),
            "state": State(row["state"]),
            "first_name": self._vault.read(row["first_name"]) or "",
            "part": Part(row["part"]),
            "reply": Reply(row["reply"]),
        }
        return Callback(**facts)
