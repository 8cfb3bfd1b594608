"""Texts: taken in once, taken to be sent by one, and settled by whoever has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.texts import (
    LEASE,
    LOOKING,
    RUNG_AT_ONCE,
    RUNG_EVERY,
    Caps,
    CarrierTextId,
    Kind,
    Reason,
    State,
    Text,
    TextId,
    came_before,
)
from dispatcher.store import statements
from dispatcher.store.schema import texts
from dispatcher.store.stops import stops
from dispatcher.store.vault import Vault

_FIELDS: Final = tuple(field.name for field in fields(Text))
_UNCOUNTED: Final = (State.FAILED, State.DROPPED)
"""Texts that cost nothing: they count for no cap."""
_IN_DOUBT: Final = (State.SENDING, State.UNSURE)


class Texts:
    """The texts of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, text: Text, caps: Caps, *, today: datetime) -> bool:
        """Take in a text, in one step with every check of it: new, not stopped, under both caps.

        On PostgreSQL as many as are taken in at the very same moment may pass a cap together; the
        claim looks at it again.
        """
        row = {name: getattr(text, name) for name in _FIELDS} | self._sealed(text)
        row["rung_until"] = text.created_at + RUNG_AT_ONCE
        values = [sa.literal(row[column.name], column.type) for column in texts.columns]
        allowed = sa.and_(
            sa.not_(self._stopped(text.number)),
            self._counted(today, text.number) < caps.per_number,
            self._counted(today) < caps.per_day,
        )
        kind = statements.insert_or_ignore(self._connection.dialect.name, texts)
        columns = [column.name for column in texts.columns]
        insert = kind.from_select(columns, sa.select(*values).where(allowed))
        return self._connection.execute(insert).rowcount == 1

    def why_not(self, text: Text, caps: Caps, *, today: datetime) -> Reason:
        """What kept this text from being taken in, for the log."""
        if self._connection.scalar(sa.select(self._stopped(text.number))):
            return Reason.STOPPED
        if self.count(today) >= caps.per_day:
            return Reason.DAY_CAP
        if self.count(today, text.number) >= caps.per_number:
            return Reason.NUMBER_CAP
        return Reason.TWICE

    def claim(self, text: Text, caps: Caps, *, today: datetime, at: datetime) -> Text | None:
        """Take a text to send it, checked anew at this moment; None: not now, or not by you.

        The count of tries is the fence: what an earlier try learns later changes nothing.
        """
        taken = self._update(
            {
                "state": State.SENDING,
                "tries": texts.c.tries + 1,
                "tried_at": at,
                "lease_until": at + LEASE,
            },
            texts.c.id == text.id,
            texts.c.state == State.WAITING,
            texts.c.due_at <= at,
            texts.c.expires_at > at,
            sa.not_(self._stopped(text.number)),
            self._tried(today, text) < caps.per_day,
            self._tried(today, text, text.number) < caps.per_number,
        )
        return self.find(text.id) if taken else None

    def drop(self, text: Text, *, at: datetime) -> bool:
        """Drop a text that waits and must not be sent any more; False when it still may."""
        stopped = self._stopped(text.number)
        reason = sa.case((stopped, Reason.STOPPED.value), else_=Reason.EXPIRED.value)
        return self._update(
            {"state": State.DROPPED, "reason": reason, "lease_until": None},
            texts.c.id == text.id,
            texts.c.state == State.WAITING,
            sa.or_(texts.c.expires_at <= at, stopped),
        )

    def drop_moot(self, text: Text) -> bool:
        """Drop a text that waits, about something that is over; False when it is being sent."""
        return self._update(
            {"state": State.DROPPED, "reason": Reason.MOOT, "lease_until": None},
            texts.c.id == text.id,
            texts.c.state == State.WAITING,
        )

    def goes(self, kind: Kind, about: str) -> bool:
        """Whether a text of this kind about this went, or may still go."""
        lost = texts.c.state.in_([State.FAILED, State.DROPPED])
        query = sa.select(texts.c.id).where(texts.c.kind == kind, texts.c.about == about, ~lost)
        return self._connection.scalar(query) is not None

    def drop_expired(self, *, at: datetime) -> int:
        """Drop every text that waited too long; how many."""
        late = sa.update(texts).where(texts.c.state == State.WAITING, texts.c.expires_at <= at)
        dropped = late.values(state=State.DROPPED, reason=Reason.EXPIRED, lease_until=None)
        return self._connection.execute(dropped).rowcount

    def settle(self, text: Text, to: State, facts: Mapping[str, Any]) -> bool:
        """What came of this try of a text; False when a later one, or somebody else, was first."""
        return self._update(
            {"state": to, "lease_until": None, "rung_until": None, **facts},
            texts.c.id == text.id,
            texts.c.tries == text.tries,
            texts.c.state.in_(came_before(to) & set(_IN_DOUBT)),
        )

    def leave_unsure(self, text: Text, *, until: datetime) -> bool:
        """Whether this one was sent nobody can say now; it is looked up again from then on."""
        return self._update(
            {"state": State.UNSURE, "lease_until": until, "rung_until": None},
            texts.c.id == text.id,
            texts.c.tries == text.tries,
            texts.c.state.in_(_IN_DOUBT),
        )

    def claim_look(self, id: TextId, *, at: datetime) -> Text | None:
        """Take a text in doubt to look it up; None: it is in none, or looked up already."""
        taken = self._update(
            {"lease_until": at + LOOKING, "rung_until": None},
            texts.c.id == id,
            texts.c.state.in_(_IN_DOUBT),
            texts.c.lease_until <= at,
        )
        return self.find(id) if taken else None

    def hear(self, id: TextId, sid: CarrierTextId, to: State, facts: Mapping[str, Any]) -> bool:
        """What the carrier says of a text of this name of its own; False: nothing new of it."""
        return self._update(
            {"state": to, "lease_until": None, "rung_until": None, **facts},
            texts.c.id == id,
            texts.c.state.in_(came_before(to)),
            sa.or_(texts.c.sid.is_(None), texts.c.sid == sid),
        )

    def find(self, id: TextId) -> Text | None:
        """The text as it stands."""
        row = self._connection.execute(sa.select(texts).where(texts.c.id == id)).mappings().first()
        return None if row is None else self._text(row)

    def take_due(self, *, at: datetime, limit: int = 100) -> list[TextId]:
        """Texts that are due and of which no worker was reminded lately; it counts as reminded."""
        return self._take(texts.c.state == State.WAITING, texts.c.due_at <= at, at=at, limit=limit)

    def take_doubted(self, *, at: datetime, limit: int = 100) -> list[TextId]:
        """Texts that may have been sent and are to be looked up; likewise."""
        doubted = texts.c.state.in_(_IN_DOUBT)
        return self._take(doubted, texts.c.lease_until <= at, at=at, limit=limit)

    def others(self, text: Text, sids: Iterable[str]) -> set[str]:
        """Which of these names of the carrier's belong to other texts of ours."""
        query = sa.select(texts.c.sid).where(texts.c.sid.in_(list(sids)), texts.c.id != text.id)
        return set(self._connection.scalars(query))

    def count(self, since: datetime, number: PhoneNumber | None = None) -> int:
        """How many texts were taken in since then, those that failed or were dropped apart."""
        found: int = self._connection.execute(self._query(since, number)).scalar_one()
        return found

    def told(self, kinds: Iterable[Kind], *, since: datetime) -> set[tuple[Kind, str]]:
        """Of these kinds, what texts taken in since then are about, with their kind."""
        of_kinds = texts.c.kind.in_(list(kinds))
        query = sa.select(texts.c.kind, texts.c.about).where(of_kinds, texts.c.created_at > since)
        return {(Kind(row.kind), row.about) for row in self._connection.execute(query)}

    def standing(self, since: datetime) -> tuple[int, int, int]:
        """How many texts wait, how many are « à vérifier », and how many were taken in since."""
        waiting, unsure = (
            sa.select(sa.func.count()).select_from(texts).where(texts.c.state == state, _open())
            for state in (State.WAITING, State.UNSURE)
        )
        query = sa.select(waiting.scalar_subquery(), unsure.scalar_subquery(), self._counted(since))
        found = self._connection.execute(query).one()
        return found[0], found[1], found[2]

    def _take(self, *where: sa.ColumnElement[bool], at: datetime, limit: int) -> list[TextId]:
        unreminded = sa.or_(texts.c.rung_until.is_(None), texts.c.rung_until <= at)
        chosen = sa.select(texts.c.id).where(*where, unreminded, _open())
        chosen = chosen.order_by(texts.c.due_at).limit(limit)
        taken = (
            sa.update(texts)
            .where(texts.c.id.in_(chosen.scalar_subquery()), *where, unreminded)
            .values(rung_until=at + RUNG_EVERY)
            .returning(texts.c.id)
        )
        return [TextId(id) for id in self._connection.scalars(taken)]

    def _stopped(self, number: PhoneNumber) -> sa.ColumnElement[bool]:
        keys = stops.c.number_key.in_(self._vault.keys(number))
        return sa.exists(sa.select(stops.c.since).where(keys))

    def _query(
        self,
        since: datetime,
        number: PhoneNumber | None = None,
        *,
        moment: sa.ColumnElement[Any] = texts.c.created_at,
    ) -> sa.Select[int]:
        query = sa.select(sa.func.count()).select_from(texts)
        query = query.where(moment >= since, texts.c.state.not_in(_UNCOUNTED))
        if number is None:
            return query
        return query.where(texts.c.number_key.in_(self._vault.keys(number)))

    def _counted(self, since: datetime, number: PhoneNumber | None = None) -> Any:
        return self._query(since, number).scalar_subquery()

    def _tried(self, since: datetime, text: Text, number: PhoneNumber | None = None) -> Any:
        """How many others were tried since then: of all of them, or to this number."""
        others = self._query(since, number, moment=texts.c.tried_at).where(texts.c.id != text.id)
        return others.correlate(None).scalar_subquery()

    def _update(self, facts: dict[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        update = sa.update(texts).where(*where).values(**facts)
        return self._connection.execute(update).rowcount == 1

    def _sealed(self, text: Text) -> dict[str, Any]:
        return {
            "number": self._vault.seal(text.number),
            "number_key": self._vault.key(text.number),
            "body": self._vault.seal_words(text.body),
        }

    def _text(self, row: sa.RowMapping) -> Text:
        facts = {name: row[name] for name in _FIELDS}
        number = self._vault.open(row["number"])
        assert number is not None
        facts |= {"number": number, "body": self._vault.open_words(row["body"])}
        return Text(**facts | {"kind": Kind(row["kind"]), "state": State(row["state"])})


def _open() -> sa.ColumnElement[bool]:
    """As the partial index has it, so that it is used."""
    return sa.text("state IN ('waiting', 'sending', 'unsure')")  # type: ignore[return-value]
