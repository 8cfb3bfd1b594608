"""What is held about somebody's number: shown to them, and erased when they ask.

What must stay is left, and counted: a call not ended, a callback still owed unless it is given up
too, an agent unless they are meant. Twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dispatcher.domain.agents import AgentId
from dispatcher.domain.alterations import Alteration
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import Call, CallSid, Step
from dispatcher.domain.dispositions import Disposition
from dispatcher.domain.inquiries import Inquiry
from dispatcher.domain.messages import Message
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.occurrences import Slot
from dispatcher.domain.regulars import Regular
from dispatcher.domain.replies import Reply
from dispatcher.domain.stand_ins import StandIn
from dispatcher.domain.timetables import Absence
from dispatcher.domain.users import User
from dispatcher.operations import mandates_held, regulars, users
from dispatcher.operations.mandates_held import HeldMandate
from dispatcher.operations.services import Services
from dispatcher.store.person import HeldText
from dispatcher.store.spool import Spool, Spooled
from dispatcher.store.store import Transaction
from dispatcher.store.timetables import Kept


@dataclass(frozen=True, slots=True)
class HeldCall:
    """A call; ``keyed``: it came from elsewhere, and the number was keyed on it. ``code``: of the
    case told on it.
    """

    call: Call
    moves: tuple[tuple[datetime, Step], ...]
    keyed: bool = False
    code: str | None = None


@dataclass(frozen=True, slots=True)
class HeldCallback:
    """A callback, and its way: moment, and where it stood or why nobody was reached; ``code``: of
    its case; what was written for it, and the mails to whoever wrote it.
    """

    callback: Callback
    moves: tuple[tuple[datetime, str], ...]
    code: str | None = None
    redirected_to: str | None = None
    inquiry: Inquiry | None = None
    mails: tuple[HeldText, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """What was said after the beep; ``sound`` None: it is not here, or not yet."""

    message: Message
    sound: bytes | None


@dataclass(frozen=True, slots=True)
class HeldNote:
    """What an agent wrote of a conversation with them, and what was mailed to them after it."""

    disposition: Disposition
    mails: tuple[HeldText, ...]


@dataclass(frozen=True, slots=True)
class HeldAgent:
    """An agent as the directory has them, when they were rung, and their account."""

    facts: dict[str, Any]
    rung: tuple[tuple[datetime, str | None], ...]
    slots: tuple[Slot, ...]
    absences: tuple[Absence, ...]
    stand_ins: tuple[StandIn, ...] = ()
    account: User | None = None
    alterations: tuple[Alteration, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """Everything held about a number at one moment. ``known``: a commune, and until when."""

    number: PhoneNumber
    at: datetime
    calls: tuple[HeldCall, ...]
    callbacks: tuple[HeldCallback, ...]
    regulars: tuple[Regular, ...]
    known: tuple[str, datetime] | None
    spooled: tuple[Spooled, ...]
    texts: tuple[HeldText, ...]
    messages: tuple[HeldMessage, ...]
    notes: tuple[HeldNote, ...]
    stopped: datetime | None
    agent: HeldAgent | None
    structures: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    mandates: tuple[HeldMandate, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is held."""
        of_calls = (self.calls, self.callbacks, self.regulars, self.known, self.spooled)
        told = (self.texts, self.messages, self.notes, self.evidence, self.mandates)
        return not any((*of_calls, *told, self.stopped, self.agent, self.structures))


@dataclass(frozen=True, slots=True)
class Erasure:
    """How much was erased of a number, and what is held about it still."""

    calls: int
    callbacks: int
    regulars: int
    known: int
    spooled: int
    texts: int
    cases: int
    messages: int
    questions: int
    notes: int
    mails: int
    evidence: int
    mandates: int
    agents: int
    left: Held


def export(number: PhoneNumber, spool: Spool, services: Services) -> Held:
    """Everything held about this number. Raises Unreadable when a secret is missing."""
    with services.store.reading() as tx:
        keyed = tx.person.keyed_on(number)
        its = tx.person.calls(number)
        return Held(
            number=number,
            at=services.now(),
            calls=tuple(
                _held(sid, tx, keyed=sid not in its) for sid in dict.fromkeys([*its, *keyed])
            ),
            callbacks=tuple(_promised(id, tx) for id in tx.person.callbacks(number)),
            regulars=tuple(_listed(number, tx)),
            known=tx.person.known(number),
            spooled=_spooled(number, spool),
            texts=tuple(tx.person.texts(number)),
            messages=tuple(_said([*its, *keyed], tx.person.callbacks(number), tx)),
            notes=tuple(_noted([*its, *keyed], tx.person.callbacks(number), tx)),
            stopped=tx.person.stopped(number),
            agent=_agent(number, tx),
            structures=tuple(tx.person.structures(number)),
            evidence=tuple(tx.journal.held(number)),
            mandates=mandates_held.held(number, tx),
        )


def erase(
    number: PhoneNumber,
    spool: Spool,
    services: Services,
    *,
    with_callbacks: bool = False,
    agent_as: str | None = None,
) -> Erasure:
    """Erase what is held about this number, but for what must stay.

    ``with_callbacks``: the callbacks that it waits for are given up. ``agent_as``: the agent who is
    rung on it is erased too, and called this.
    """
    with services.store.reading() as tx:
        keyed = tx.person.keyed_on(number)
    spooled = _spooled(number, spool) if with_callbacks else ()
    for entry in spooled:  # first: else it would become a callback behind our back
        spool.done(entry)
    with services.store.writing() as tx:
        if with_callbacks:
            for id in tx.person.callbacks(number):
                _give_up(id, tx, services)
        for each in tx.person.regulars(number):
            regulars.stop(each, tx, at=services.now())
        cases = tx.person.erase_cases(number, keyed)
        said_on = [*tx.person.calls(number), *keyed]
        said_for = tx.person.callbacks(number)
        messages = tx.messages.erase(said_on, said_for, at=services.now())
        noted = [each.offer for each in tx.dispositions.of(said_on, said_for)]
        notes, recaps = tx.dispositions.erase(said_on, said_for), tx.person.erase_recaps(noted)
        questions, written = tx.person.erase_questions(number)
        callbacks = tx.person.erase_callbacks(number)
        listed = tx.person.erase_regulars(number)
        calls = tx.person.erase_calls(number, keyed)
        known = tx.person.erase_known(number)
        texts = tx.person.erase_texts(number)
        mandates, evidence = mandates_held.erase(number, tx, at=services.now())
        agents = _erase_agent(number, agent_as, tx) if agent_as else 0
    for mail in (*written, *recaps):
        services.post.discard(mail)
    left = export(number, spool, services)
    counts = (calls, callbacks, listed, known, len(spooled), texts, cases, messages, questions)
    return Erasure(*counts, notes, len(written) + len(recaps), evidence, mandates, agents, left)


def _give_up(id: CallbackId, tx: Transaction, services: Services) -> None:
    """Nobody is rung for it any more; an inquiry is taken from the agent who has it, too."""
    callback, at = tx.callbacks.find(id), services.now()
    rung = callback is None or callback.reply is Reply.TELEPHONE
    for state in (State.WAITING,) if rung else (State.WAITING, State.OFFERED):
        tx.callbacks.move(id, of=state, to=State.CANCELLED, at=at)


def _held(sid: CallSid, tx: Transaction, *, keyed: bool) -> HeldCall:
    call = tx.calls.find(sid)
    assert call is not None
    way = tuple((at, step) for _, at, step in tx.calls.moves(sid))
    return HeldCall(call, way, keyed, tx.cases.code_of_call(sid))


def _promised(id: CallbackId, tx: Transaction) -> HeldCallback:
    callback = tx.callbacks.find(id)
    assert callback is not None
    moves, service = tuple(tx.callbacks.moves(id)), tx.callbacks.redirected_to(id)
    code, inquiry = tx.cases.code(id), tx.inquiries.find(id)
    return HeldCallback(callback, moves, code, service, inquiry, tuple(tx.person.mails(id)))


def _said(
    calls: Sequence[CallSid], callbacks: Sequence[CallbackId], tx: Transaction
) -> Iterator[HeldMessage]:
    for each in tx.messages.of(calls, callbacks):
        yield HeldMessage(each, tx.messages.sound(each.id))


def _noted(
    calls: Sequence[CallSid], callbacks: Sequence[CallbackId], tx: Transaction
) -> Iterator[HeldNote]:
    for each in tx.dispositions.of(calls, callbacks):
        yield HeldNote(each, tuple(tx.person.recaps(each.offer)))


def _listed(number: PhoneNumber, tx: Transaction) -> Iterator[Regular]:
    found = map(tx.regulars.find, tx.person.regulars(number))
    return (each for each in found if each is not None)


def _agent(number: PhoneNumber, tx: Transaction) -> HeldAgent | None:
    facts = tx.person.agent(number)
    if facts is None:
        return None
    id = AgentId(facts["id"])
    kept = tx.timetables.of([id]).get(id, Kept())
    rung, swaps = tuple(tx.person.rung(id)), tuple(tx.stand_ins.of(id))
    slots, account = tuple(kept.slots), tx.users.of_agent(id)
    altered = tuple(tx.alterations.of(id, since=datetime.min.replace(tzinfo=UTC)))
    return HeldAgent(facts, rung, slots, tuple(kept.absences), swaps, account, altered)


def _erase_agent(number: PhoneNumber, name: str, tx: Transaction) -> int:
    """Blank the agent who is rung on it, when they meant to answer, and their account; 1, or 0."""
    held = _agent(number, tx)
    if held is None or not tx.person.erase_agent(number, name=name):
        return 0
    id = AgentId(held.facts["id"])
    tx.timetables.forget(id)
    tx.stand_ins.forget(id)
    tx.alterations.forget(id)
    tx.calendars.close(id)
    tx.softphones.forget(id)
    tx.practices.forget(id)
    if held.account is not None:
        users.forget(held.account.id, tx)
    return 1


def _spooled(number: PhoneNumber, spool: Spool) -> tuple[Spooled, ...]:
    return tuple(entry for entry in spool.entries() if entry.number == number)
