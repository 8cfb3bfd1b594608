"""Requests for consent: kept before anything is sent, answered once and in time by one UPDATE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.consents import (
    CODE_TRIES,
    SENDINGS,
    Answer,
    Channel,
    Consent,
    ConsentId,
    Identity,
)
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.vault import Vault

mandate_consents: Final = sa.Table(
    "mandate_consents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("mandate", sa.ForeignKey("mandates.id"), nullable=False, index=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("identity", sa.Text, nullable=False),
    sa.Column("text_hash", sa.Text, nullable=False),
    sa.Column("template", sa.Text, nullable=False),
    sa.Column("text", sa.LargeBinary),
    sa.Column("word", sa.Text, nullable=False),
    sa.Column("code_hash", sa.Text),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("again", sa.Integer, nullable=False),
    sa.Column("sendings", sa.Integer, nullable=False),
    sa.Column("questioned_at", Moment),
    sa.Column("answer", sa.Text),
    sa.Column("answered_at", Moment),
)
_PLAIN: Final = tuple(field.name for field in fields(Consent))


class Consents:
    """The requests of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def ask(self, consent: Consent, text: str) -> None:
        """Keep a request, with what is said in it to the letter; whatever was asked of the same
        mandate before is answered by nobody any more.
        """
        self.close(consent.mandate, at=consent.asked_at)
        row = {name: getattr(consent, name) for name in _PLAIN}
        row |= {"text": self._vault.seal_words(text)}
        self._connection.execute(sa.insert(mandate_consents), row)

    def close(self, mandate: str, *, at: datetime) -> None:
        """Nobody answers what was asked of this mandate any more."""
        its = mandate_consents.c.mandate == mandate
        open = (its, mandate_consents.c.answer.is_(None), self._open(at))
        self._connection.execute(sa.update(mandate_consents).where(*open).values(until=at))

    def lapse(self, id: ConsentId, *, at: datetime) -> bool:
        """Nobody answers this any more; False when somebody did, or it was over."""
        return self._change(id, {"until": at}, at=at)

    def give_code(self, id: ConsentId, code: str) -> None:
        """Keep by what code it is answered, from now on by this one."""
        its = sa.update(mandate_consents).where(mandate_consents.c.id == id)
        self._connection.execute(its.values(code_hash=self._vault.hash_pin(code)))

    def send_again(self, id: ConsentId, *, at: datetime) -> bool:
        """It is sent once more; False when it was as often as may be, or is over."""
        few = mandate_consents.c.sendings < SENDINGS
        return self._change(id, {"sendings": mandate_consents.c.sendings + 1}, few, at=at)

    def question(self, id: ConsentId, *, at: datetime) -> bool:
        """The recap is over and the question put; False when that was so, or it is too late."""
        once = mandate_consents.c.questioned_at.is_(None)
        return self._change(id, {"questioned_at": at}, once, at=at)

    def ask_again(self, id: ConsentId, *, most: int, at: datetime) -> bool:
        """What came was no answer: the question is put again; False when it was so often before."""
        few = mandate_consents.c.again < most
        return self._change(id, {"again": mandate_consents.c.again + 1}, few, at=at)

    def try_code(self, id: ConsentId, code: str, *, at: datetime) -> bool:
        """Spend one of the tries, and say whether it is the code; False when none is left."""
        few = mandate_consents.c.tries < CODE_TRIES
        if not self._change(id, {"tries": mandate_consents.c.tries + 1}, few, at=at):
            return False
        query = sa.select(mandate_consents.c.code_hash).where(mandate_consents.c.id == id)
        kept = self._connection.scalar(query)
        return kept is not None and self._vault.is_pin(code, kept)

    def answer(self, id: ConsentId, answer: Answer, channel: Channel, *, at: datetime) -> bool:
        """Count an answer: once, in time, by the way it was asked, after the question; else
        False.
        """
        put = mandate_consents.c.questioned_at.is_not(None)
        same = mandate_consents.c.channel == channel
        return self._change(id, {"answer": answer, "answered_at": at}, put, same, at=at)

    def find(self, id: ConsentId) -> Consent | None:
        """The request of this id."""
        query = sa.select(mandate_consents).where(mandate_consents.c.id == id)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _consent(row)

    def text(self, id: ConsentId) -> str:
        """What was said in it, to the letter; empty once erased."""
        query = sa.select(mandate_consents.c.text).where(mandate_consents.c.id == id)
        sealed = self._connection.scalar(query)
        return self._vault.open_words(sealed) if sealed else ""

    def of(self, mandates: Sequence[str]) -> dict[str, list[Consent]]:
        """The requests of these mandates, oldest first."""
        found: dict[str, list[Consent]] = {}
        query = sa.select(mandate_consents).where(mandate_consents.c.mandate.in_(list(mandates)))
        order = (mandate_consents.c.asked_at, mandate_consents.c.id)
        for row in self._connection.execute(query.order_by(*order)).mappings():
            found.setdefault(row["mandate"], []).append(_consent(row))
        return found

    def forget(self, mandates: Sequence[str]) -> None:
        """Erase what was said in these, which names somebody."""
        its = mandate_consents.c.mandate.in_(list(mandates))
        self._connection.execute(sa.update(mandate_consents).where(its).values(text=None))

    def _open(self, at: datetime) -> sa.ColumnElement[bool]:
        return mandate_consents.c.until > at

    def _change(
        self, id: ConsentId, facts: dict[str, Any], *where: sa.ColumnElement[bool], at: datetime
    ) -> bool:
        open = (mandate_consents.c.id == id, mandate_consents.c.answer.is_(None), self._open(at))
        change = sa.update(mandate_consents).where(*open, *where).values(**facts)
        return self._connection.execute(change).rowcount == 1


def _consent(row: sa.RowMapping) -> Consent:
    facts = {name: row[name] for name in _PLAIN}
    answer = None if row["answer"] is None else Answer(row["answer"])
    facts |= {"channel": Channel(row["channel"]), "identity": Identity(row["identity"])}
    return Consent(**facts | {"answer": answer})
