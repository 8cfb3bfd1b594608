"""Asking for consent: each time anew, by one way, with a reference that nobody guesses.

The request is kept before anything is sent. That nothing could be sent is no refusal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from secrets import choice, token_hex
from typing import Final

from dispatcher.domain.consents import WITHIN, Answer, Channel, Consent, ConsentId, Identity
from dispatcher.domain.holders import Holder, Refusal
from dispatcher.domain.mandates import Event, Mandate, MandateId
from dispatcher.domain.texts import TextId
from dispatcher.operations import consent_texts, mandates, texts
from dispatcher.operations.consent_answers import count, find
from dispatcher.operations.mandate_notes import committed, note
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

_WORD: Final = "23456789CDFGHJKMNPQRTVWX"
"""Letters of the word that tells two requests apart: without vowels, they make no other word."""

_READ_FIRST: Final = frozenset({Channel.LINK, Channel.VOICE})
"""The question is put, and noted so, only once the recap is over."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How somebody is asked, how they were known, and what it is for, in words."""

    channel: Channel
    identity: Identity
    scope: str


def ask(id: MandateId, asking: Asking, holder: Holder, services: Services) -> Consent | Refusal:
    """Ask its person by text: for a code to be read aloud, by a link, or for a reply. What was
    asked before is over.
    """
    sent: tuple[TextId | None, ...] = ()
    with services.store.writing() as tx:
        found = mandates.find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        if not consent_texts.may_send(found, asking.channel, services):
            return Refusal.CHANNEL
        filled = consent_texts.words(found, asking.scope, tx, services)
        consent = keep(found, asking, consent_texts.recap(filled, services), tx, services)
        if isinstance(consent, Refusal):
            return consent
        sent = consent_texts.send(found, consent, filled, tx, services)
        note_asked(found, consent, holder, tx)
    for each in sent:
        texts.prompt(each, services)
    return consent


def attest(id: MandateId, asking: Asking, holder: Holder, services: Services) -> Consent | Refusal:
    """An agent attests a yes that they hold on paper, or heard: the latter proves little."""
    if not asking.channel.attested:
        return Refusal.CHANNEL
    at = services.now()
    with services.store.writing() as tx:
        found = mandates.find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        filled = consent_texts.words(found, asking.scope, tx, services)
        consent = keep(found, asking, consent_texts.recap(filled, services), tx, services)
        if isinstance(consent, Refusal):
            return consent
        note_asked(found, consent, holder, tx)
        count(found, consent, Answer.YES, tx, at=at, holder=holder)
    return consent


def send_again(id: ConsentId, holder: Holder, services: Services) -> Refusal | None:
    """Send it once more, three times in all."""
    at, sent = services.now(), None
    with services.store.writing() as tx:
        found = find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        mandate, consent = found
        sendable = consent_texts.may_send(mandate, consent.channel, services)
        if not sendable or not tx.consents.send_again(id, at=at):
            return Refusal.TOO_OFTEN
        again = replace(consent, sendings=consent.sendings + 1)
        sent = consent_texts.send_question(mandate, again, tx, services)
        facts = {"consent": id, "sending": str(again.sendings)}
        note(tx, Event.SENT_AGAIN, mandate, at=at, agent=holder.agent, **facts)
    texts.prompt(sent, services)
    return None


def keep(
    mandate: Mandate, asking: Asking, text: str, tx: Transaction, services: Services
) -> Consent | Refusal:
    """Keep a request, if its mandate may be asked for; ``text``: what is said, to the letter."""
    at = services.now()
    tx.mandates.lock(mandate)
    now = tx.mandates.find(mandate.id)
    if now is None or now.person is None or not now.state(at).may_be_asked:
        return Refusal.NOT_NOW
    consent = Consent(
        id=ConsentId(token_hex(12)),
        mandate=mandate.id,
        channel=asking.channel,
        asked_at=at,
        until=at + WITHIN[asking.channel],
        identity=asking.identity,
        text_hash=committed(tx, mandate, text, at=at),
        template=consent_texts.TEMPLATES.get(asking.channel, consent_texts.TEMPLATE),
        word="".join(choice(_WORD) for _ in range(4)),
        sendings=1 if asking.channel in consent_texts.SENT else 0,
        questioned_at=None if asking.channel in _READ_FIRST else at,
    )
    tx.consents.ask(consent, text)
    return consent


def note_asked(
    mandate: Mandate, consent: Consent, holder: Holder, tx: Transaction, **more: str
) -> None:
    """Tell the journal what was asked, and how."""
    facts = {
        "consent": consent.id,
        "channel": consent.channel,
        "identity": consent.identity,
        "text": consent.text_hash,
        "template": consent.template,
        **more,
    }
    note(tx, Event.ASKED, mandate, at=consent.asked_at, agent=holder.agent, **facts)
