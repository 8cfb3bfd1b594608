"""All that is held about one number, wherever it stands, and its erasure.

A number is found by its hashes under every secret still known. One keyed for a callback is sealed
only: those of all calls are opened and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, OfferId, RegularId
from dispatcher.domain.inquiries import matter
from dispatcher.domain.mails import OVER, Kind, MailId
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.recaps import Recap
from dispatcher.store.cases import cases
from dispatcher.store.inquiries import inquiries
from dispatcher.store.mails import mails
from dispatcher.store.regulars import regulars
from dispatcher.store.retention import BLANK_CALL, NO_NUMBER, TEXT_IS_OVER
from dispatcher.store.schema import (
    agents,
    callbacks,
    calls,
    known_callers,
    offers,
    structures,
    texts,
)
from dispatcher.store.stops import stops
from dispatcher.store.vault import Vault

_AT_ONCE: Final = 500
_AGENT: Final = (
    *("id", "name", "email", "structure", "skills", "zones", "status", "languages"),
    *("automatic", "on_until", "paused_until", "pause", "aside_at", "aside"),
)


@dataclass(frozen=True, slots=True)
class HeldText:
    """A text or a mail to somebody."""

    kind: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    body: str


class Person:
    """What one transaction knows of a number, or erases of it."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def calls(self, number: PhoneNumber) -> list[CallSid]:
        """The calls that came from it, oldest first."""
        query = sa.select(calls.c.sid).where(calls.c.number_key.in_(self._vault.keys(number)))
        found = self._connection.scalars(query.order_by(calls.c.started_at, calls.c.sid))
        return [CallSid(sid) for sid in found]

    def keyed_on(self, number: PhoneNumber) -> list[CallSid]:
        """The calls on which somebody keyed it. Raises Unreadable."""
        query = sa.select(calls.c.sid, calls.c.keyed_number).where(
            calls.c.keyed_number.is_not(None)
        )
        rows = self._connection.execute(
            query.order_by(calls.c.started_at, calls.c.sid),
            execution_options={"yield_per": _AT_ONCE},
        )
        return [CallSid(row.sid) for row in rows if self._vault.open(row.keyed_number) == number]

    def callbacks(self, number: PhoneNumber) -> list[CallbackId]:
        """The callbacks to it, oldest first."""
        query = sa.select(callbacks.c.id).where(self._rings(number))
        return [
            CallbackId(id) for id in self._connection.scalars(query.order_by(callbacks.c.asked_at))
        ]

    def regulars(self, number: PhoneNumber) -> list[RegularId]:
        """Who on the list of regulars is rung on it."""
        its = regulars.c.number_key.in_(self._vault.keys(number))
        query = sa.select(regulars.c.id).where(its).order_by(regulars.c.consented_at)
        return [RegularId(id) for id in self._connection.scalars(query)]

    def erase_regulars(self, number: PhoneNumber) -> int:
        """Take it off the list of regulars; how many entries that was."""
        its = regulars.c.number_key.in_(self._vault.keys(number))
        return self._change(sa.delete(regulars).where(its))

    def known(self, number: PhoneNumber) -> tuple[str, datetime] | None:
        """The commune remembered of it, and until when."""
        query = sa.select(known_callers.c.commune, known_callers.c.until).where(
            known_callers.c.key.in_(self._vault.caller_keys(number))
        )
        row = self._connection.execute(query).first()
        return None if row is None else (row.commune, row.until)

    def agent(self, number: PhoneNumber) -> dict[str, Any] | None:
        """What the directory says of the agent who is rung on it; neither number nor PIN."""
        query = sa.select(*(agents.c[name] for name in _AGENT)).where(self._answers(number))
        row = self._connection.execute(query).mappings().first()
        return None if row is None else dict(row)

    def rung(self, agent: AgentId) -> list[tuple[datetime, str | None]]:
        """When an agent was rung, and how each ring ended."""
        query = sa.select(offers.c.opened_at, offers.c.end).where(offers.c.agent == agent)
        rows = self._connection.execute(query.order_by(offers.c.opened_at))
        return [(row.opened_at, row.end) for row in rows]

    def structures(self, number: PhoneNumber) -> list[str]:
        """The names of the houses whose usual number this is."""
        query = sa.select(structures.c.name).where(
            structures.c.telephone_key.in_(self._vault.keys(number))
        )
        return list(self._connection.scalars(query.order_by(structures.c.name)))

    def texts(self, number: PhoneNumber) -> list[HeldText]:
        """The texts to it, oldest first."""
        query = sa.select(texts).where(texts.c.number_key.in_(self._vault.keys(number)))
        rows = self._connection.execute(query.order_by(texts.c.created_at))
        return [
            HeldText(
                row.kind, row.state, row.created_at, row.sent_at, self._vault.open_words(row.body)
            )
            for row in rows
        ]

    def mails(self, callback: CallbackId) -> list[HeldText]:
        """The mails to whoever asked this in writing, oldest first; not those to its agents."""
        return self._letters(self._mailed(callback))

    def recaps(self, offer: OfferId) -> list[HeldText]:
        """What was mailed to them after this conversation."""
        return self._letters(_recapped([offer]))

    def erase_recaps(self, offers: Sequence[OfferId]) -> list[MailId]:
        """Erase what was mailed after these conversations and is not to be sent any more."""
        return self._burnt(_recapped(offers))

    def erase_questions(self, number: PhoneNumber) -> tuple[int, list[MailId]]:
        """Erase what was written for its callbacks that are closed: how many questions, and which
        mails to whoever wrote them.
        """
        gone: list[MailId] = []
        for id in self.callbacks(number):
            gone += self._burnt(self._mailed(id))
        closed = sa.select(callbacks.c.id).where(
            self._rings(number), callbacks.c.closed_at.is_not(None)
        )
        its = inquiries.c.callback.in_(closed)
        return self._change(sa.delete(inquiries).where(its)), gone

    def stopped(self, number: PhoneNumber) -> datetime | None:
        """Since when it wants no texts."""
        query = sa.select(stops.c.since).where(stops.c.number_key.in_(self._vault.keys(number)))
        return self._connection.scalar(query)

    def erase_texts(self, number: PhoneNumber) -> int:
        """Erase the texts to it that are not to be sent any more; how many."""
        its = texts.c.number_key.in_(self._vault.keys(number))
        return self._change(sa.delete(texts).where(its, texts.c.state.in_(TEXT_IS_OVER)))

    def erase_calls(self, number: PhoneNumber, keyed_on: Iterable[CallSid]) -> int:
        """Blank the numbers of its calls that have ended, and it alone where somebody else keyed
        it; how many calls.
        """
        ended = calls.c.ended_at.is_not(None)
        its = calls.c.number_key.in_(self._vault.keys(number))
        count = self._change(sa.update(calls).where(its, ended).values(**BLANK_CALL))
        for some in _in_pieces(list(keyed_on)):
            keyed = sa.and_(calls.c.sid.in_(some), calls.c.keyed_number.is_not(None))
            count += self._change(sa.update(calls).where(keyed, ended).values(keyed_number=None))
        return count

    def erase_callbacks(self, number: PhoneNumber) -> int:
        """Blank it on its callbacks that are closed; how many."""
        closed = callbacks.c.closed_at.is_not(None)
        return self._change(
            sa.update(callbacks).where(self._rings(number), closed).values(**NO_NUMBER)
        )

    def erase_cases(self, number: PhoneNumber, keyed_on: Sequence[CallSid]) -> int:
        """Forget the codes of its callbacks that are closed and of its calls; how many. To be done
        before these are blanked.
        """
        its = sa.select(callbacks.c.id).where(
            self._rings(number), callbacks.c.closed_at.is_not(None)
        )
        count = self._change(sa.delete(cases).where(cases.c.callback.in_(its)))
        came = sa.select(calls.c.sid).where(calls.c.number_key.in_(self._vault.keys(number)))
        count += self._change(sa.delete(cases).where(cases.c.call.in_(came)))
        for some in _in_pieces(keyed_on):
            count += self._change(sa.delete(cases).where(cases.c.call.in_(some)))
        return count

    def erase_known(self, number: PhoneNumber) -> int:
        """Remember nothing of it; how many rows that was."""
        keys = self._vault.caller_keys(number)
        return self._change(sa.delete(known_callers).where(known_callers.c.key.in_(keys)))

    def erase_agent(self, number: PhoneNumber, *, name: str) -> int:
        """Blank who is rung on it, unless they are being rung; 1, or 0. ``name`` stands in place of
        theirs.
        """
        busy = sa.exists().where(offers.c.agent == agents.c.id, offers.c.closed_at.is_(None))
        gone = {"telephone": None, "telephone_key": None, "pin_hash": None, "email": None}
        return self._change(
            sa.update(agents).where(self._answers(number), ~busy).values(name=name, **gone)
        )

    def _mailed(self, callback: CallbackId) -> sa.ColumnElement[bool]:
        turns = sa.select(inquiries.c.turns).where(inquiries.c.callback == callback)
        last = self._connection.scalar(turns) or 0
        about = [callback, *(matter(callback, each) for each in range(1, last + 1))]
        return sa.and_(
            mails.c.kind.in_([Kind.INQUIRY_KEPT, Kind.INQUIRY_ANSWER]), mails.c.about.in_(about)
        )

    def _letters(self, which: sa.ColumnElement[bool]) -> list[HeldText]:
        query = sa.select(mails).where(which).order_by(mails.c.created_at)
        return [
            HeldText(
                row.kind, row.state, row.created_at, row.sent_at, self._vault.open_words(row.body)
            )
            for row in self._connection.execute(query)
        ]

    def _burnt(self, which: sa.ColumnElement[bool]) -> list[MailId]:
        its = sa.and_(which, mails.c.state.in_(OVER))
        gone = [MailId(each) for each in self._connection.scalars(sa.select(mails.c.id).where(its))]
        self._change(sa.delete(mails).where(its))
        return gone

    def _rings(self, number: PhoneNumber) -> sa.ColumnElement[bool]:
        return callbacks.c.number_key.in_(self._vault.keys(number))

    def _answers(self, number: PhoneNumber) -> sa.ColumnElement[bool]:
        return agents.c.telephone_key.in_(self._vault.keys(number))

    def _change(self, statement: sa.Update | sa.Delete) -> int:
        return self._connection.execute(statement).rowcount


def _recapped(offers: Sequence[OfferId]) -> sa.ColumnElement[bool]:
    return sa.and_(mails.c.kind.in_(list(Recap)), mails.c.about.in_(list(offers)))


def _in_pieces(sids: Sequence[CallSid]) -> Iterable[Sequence[CallSid]]:
    return (sids[start : start + _AT_ONCE] for start in range(0, len(sids), _AT_ONCE))
