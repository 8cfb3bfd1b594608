"""Counting answers: once, in time, by the way somebody was asked, from the right telephone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dispatcher.domain.consents import (
    ASKED_AGAIN,
    Answer,
    Channel,
    Consent,
    ConsentId,
    read_reply,
)
from dispatcher.domain.grants import End
from dispatcher.domain.holders import Holder, Refusal
from dispatcher.domain.mandates import Event, Mandate, MandateId, State
from dispatcher.domain.matters import Topic
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import mandates
from dispatcher.operations.mandate_notes import note
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

Said = tuple[str, Mapping[str, str]]
"""A sentence of the catalogue ``texts`` and what it is filled with."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A mandate as its person sees it by their link: what was said, and how it stands."""

    mandate: Mandate
    consent: Consent
    state: State
    house: str
    recap: str
    fresh: bool  # whether this very request may be answered still


def count(
    mandate: Mandate,
    consent: Consent,
    answer: Answer,
    tx: Transaction,
    *,
    at: datetime,
    holder: Holder | None = None,
) -> bool:
    """Count an answer to a request, and let its mandate hold, or not; False when it counts not."""
    tx.mandates.lock(mandate)
    if not tx.consents.answer(consent.id, answer, consent.channel, at=at):
        return False
    replaced = tx.mandates.consent(mandate, at=at) if answer is Answer.YES else []
    if answer is Answer.NO:
        tx.mandates.refuse(mandate.id, at=at)
    if replaced is None:
        return False
    agent = None if holder is None else holder.agent
    proof = "weak" if consent.channel.weak else "plain"
    facts = {"consent": consent.id, "channel": consent.channel, "answer": answer, "proof": proof}
    note(tx, Event.ANSWERED, mandate, at=at, agent=agent, **facts)
    for old, procedure in replaced:
        by = {"end": End.REPLACED, "by": mandate.id, "procedures": procedure}
        note(tx, Event.ENDED, replace(mandate, id=old), at=at, agent=agent, **by)
    return True


def find(id: ConsentId, holder: Holder, tx: Transaction) -> tuple[Mandate, Consent] | Refusal:
    """A request of their house's, and its mandate."""
    consent = tx.consents.find(id)
    if consent is None:
        return holder.refusal or Refusal.UNKNOWN
    found = mandates.find(MandateId(consent.mandate), holder, tx)
    return found if isinstance(found, Refusal) else (found, consent)


def try_code(id: ConsentId, code: str, holder: Holder, services: Services) -> Answer | Refusal:
    """The person read a code aloud: a yes when it is the one sent; three tries."""
    at, typed = services.now(), "".join(code.split())
    with services.store.writing() as tx:
        found = find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        mandate, consent = found
        if consent.channel is not Channel.CODE or not consent.is_open(at):
            return Refusal.NOT_NOW
        if not tx.consents.try_code(id, typed, at=at):
            note(tx, Event.WRONG_CODE, mandate, at=at, agent=holder.agent, consent=id)
            return Answer.UNCLEAR
        counted = count(mandate, consent, Answer.YES, tx, at=at, holder=holder)
        return Answer.YES if counted else Refusal.NOT_NOW


def hear_no(id: ConsentId, holder: Holder, services: Services) -> Refusal | None:
    """The person tells the agent no, whatever way they were asked."""
    with services.store.writing() as tx:
        found = find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        mandate, consent = found
        tx.consents.question(id, at=services.now())
        counted = count(mandate, consent, Answer.NO, tx, at=services.now(), holder=holder)
        return None if counted else Refusal.NOT_NOW


def look(id: ConsentId, services: Services) -> Asked | None:
    """What somebody was asked, as they see it who have its link."""
    with services.store.reading() as tx:
        return _asked(id, tx, services)


def question(id: ConsentId, services: Services) -> Asked | None:
    """They read the recap: the question is put now."""
    at = services.now()
    with services.store.writing() as tx:
        found = _asked(id, tx, services)
        if found is not None and tx.consents.question(id, at=at):
            note(tx, Event.RECAPPED, found.mandate, at=at, consent=id)
        return _asked(id, tx, services)


def answer(id: ConsentId, said: Answer, services: Services) -> Asked | None:
    """They answer by their link."""
    with services.store.writing() as tx:
        found = _asked(id, tx, services)
        if found is not None and found.consent.channel is Channel.LINK:
            count(found.mandate, found.consent, said, tx, at=services.now())
        return _asked(id, tx, services)


def revoke(id: ConsentId, procedure: Topic | None, services: Services) -> Asked | None:
    """They take it back by their link, or one procedure of it: at once, without a reason."""
    with services.store.writing() as tx:
        found = _asked(id, tx, services)
        if found is not None and found.consent.channel is Channel.LINK:
            mandates.ended(found.mandate, End.REVOKED, tx, services, by="link", procedure=procedure)
        return _asked(id, tx, services)


def heed(number: PhoneNumber, text: str, services: Services) -> Said | None:
    """Take a text as the answer to what was asked of this number; None when nothing was.

    Two requests on one telephone are told apart by their words. What is no answer is asked again
    once, and is unclear then.
    """
    at = services.now()
    with services.store.writing() as tx:
        open = _open_on(number, tx, at=at)
        if not open:
            return None
        said = read_reply(text, frozenset(each.word for each in open))
        named = [each for each in open if said.word in {None, each.word}]
        if len(named) != 1:
            return "sms.mandate_which", {}
        return _heeded(named[0], said.answer, tx, at=at)


def _open_on(number: PhoneNumber, tx: Transaction, *, at: datetime) -> list[Consent]:
    its = (each for mandate in tx.mandates.of_number(number) for each in mandate.consents)
    return [each for each in its if each.channel is Channel.REPLY and each.is_open(at)]


def _heeded(consent: Consent, answer: Answer, tx: Transaction, *, at: datetime) -> Said | None:
    mandate = tx.mandates.find(MandateId(consent.mandate))
    if mandate is None:
        return None
    word = {"word": consent.word}
    most = ASKED_AGAIN[Channel.REPLY]
    if answer is Answer.UNCLEAR and tx.consents.ask_again(consent.id, most=most, at=at):
        note(tx, Event.ASKED_AGAIN, mandate, at=at, consent=consent.id)
        return "sms.mandate_again", word
    if not count(mandate, consent, answer, tx, at=at):
        return None
    return {
        Answer.YES: ("sms.mandate_yes", word),
        Answer.NO: ("sms.mandate_no", word),
        Answer.UNCLEAR: ("sms.mandate_unclear", word),
    }[answer]


def _asked(id: ConsentId, tx: Transaction, services: Services) -> Asked | None:
    at = services.now()
    consent = tx.consents.find(id)
    mandate = tx.mandates.find(MandateId(consent.mandate)) if consent is not None else None
    if consent is None or mandate is None or mandate.person is None:
        return None
    house, recap = mandates.house_of(mandate, tx), tx.consents.text(id)
    return Asked(mandate, consent, mandate.state(at), house, recap, consent.is_open(at))
