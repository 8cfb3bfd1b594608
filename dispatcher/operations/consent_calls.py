"""Consent on the call: the citizen is asked alone, and the agent waits for them.

A conference cannot ask one person alone: the citizen's leg is on hold meanwhile, where the recap is
said and then the question (rules.md M5, M6). Whatever ends the hold ends the question.
"""

from __future__ import annotations

from datetime import datetime

from dispatcher.domain import doors
from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import Call, CallSid, Keys, OfferId
from dispatcher.domain.consents import (
    ASKED_AGAIN,
    Answer,
    Channel,
    Consent,
    ConsentId,
    Heard,
    hear,
)
from dispatcher.domain.holders import Holder, Refusal
from dispatcher.domain.mandates import Event, Mandate, MandateId
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.passing import Stage
from dispatcher.domain.script import Ask, Say, Script
from dispatcher.domain.transfers import Transfer, TransferId
from dispatcher.operations import consents, mandates, moving, passing, transfers
from dispatcher.operations.consent_answers import count
from dispatcher.operations.consents import Asking
from dispatcher.operations.mandate_notes import note
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

_COUNTED = {Heard.YES: Answer.YES, Heard.NO: Answer.NO, Heard.UNCLEAR: Answer.UNCLEAR}


def conversation(agent: AgentId, services: Services) -> OfferId | None:
    """The conversation in which this agent may have somebody asked now."""
    with services.store.reading() as tx:
        offer = tx.offers.open_of(agent)
        transfer = tx.transfers.led_by(offer.id) if offer is not None else None
    if transfer is not None and transfer.consent is not None:
        return None
    found = passing.look(agent, offer.id, services) if offer is not None else None
    calm = found is not None and found.stage in {Stage.TALKING, Stage.HELD}
    return found.offer if found is not None and calm else None


def ask(id: MandateId, asking: Asking, holder: Holder, services: Services) -> Refusal | None:
    """Have the person with whom this agent talks asked, if it is their telephone."""
    offer, refused = conversation(holder.agent, services), Refusal.NO_CALL

    def put(call: Call, tx: Transaction) -> ConsentId | None:
        nonlocal refused
        kept = _put(id, asking, holder, call, tx, services)
        if isinstance(kept, Refusal):
            refused = kept
            return None
        return kept.id

    if offer is None:
        return refused
    asked = transfers.ask(offer, put, services)
    return None if isinstance(asked, Transfer) else refused


def recap(transfer: Transfer, consent: ConsentId, services: Services) -> Script:
    """What the request is about, as it was kept, and nobody cuts it short; then the question.

    Keys wait with the carrier for whoever gathers next: those from before the question answer
    nothing, and are gathered for nothing.
    """
    with services.store.reading() as tx:
        text = tx.consents.text(consent)
    early = Ask((), 20, doors.asked(transfer.id, consent), wait=1, ends="")
    return (Say("consent.told", {"text": text}), early)


def question(transfer: Transfer, consent: ConsentId, services: Services) -> Script | None:
    """The recap is over: the question is put, and may be answered from now on."""
    at = services.now()
    with services.store.writing() as tx:
        mandate, asked = _found(consent, tx)
        if asked is None or mandate is None or not asked.is_open(at):
            return None
        if tx.consents.question(consent, at=at):
            note(tx, Event.RECAPPED, mandate, at=at, consent=consent)
    said = Say("consent.again") if asked.again else Say("consent.question")
    return (Ask((said,), 1, doors.heard(transfer.id, consent, asked.again)),)


def answered(
    id: TransferId, leg: CallSid, consent: ConsentId, asking: int, keys: Keys, services: Services
) -> Heard:
    """Count what was keyed, once; with an answer, both are together again in the same step."""
    heard = Heard.PAST

    def decide(found: Transfer, tx: Transaction) -> Transfer | None:
        nonlocal heard
        heard = Heard.PAST
        mandate, asked = _found(consent, tx)
        if mandate is None or asked is None or not found.asks(leg, consent):
            return None
        said = hear("*" if keys.again else keys.digits, asking, asked.again)
        if said in {Heard.REPEAT, Heard.PAST}:
            heard = said
            return None
        if _counts(said, mandate, asked, tx, at=services.now()):
            heard = said
        return None if heard is Heard.ANEW else found.together(at=services.now())

    moving.change(id, decide, services)
    return heard


def _counts(
    heard: Heard, mandate: Mandate, asked: Consent, tx: Transaction, *, at: datetime
) -> bool:
    """Whether it was taken down; what was answered elsewhere, or is too late, is not."""
    if heard is not Heard.ANEW:
        return count(mandate, asked, _COUNTED[heard], tx, at=at)
    tx.mandates.lock(mandate)
    most = min(asked.again + 1, ASKED_AGAIN[Channel.VOICE])
    if not tx.consents.ask_again(asked.id, most=most, at=at):
        return False
    note(tx, Event.ASKED_AGAIN, mandate, at=at, consent=asked.id)
    return True


def _put(
    id: MandateId,
    asking: Asking,
    holder: Holder,
    call: Call,
    tx: Transaction,
    services: Services,
) -> Consent | Refusal:
    found = mandates.find(id, holder, tx)
    if isinstance(found, Refusal):
        return found
    if found.person is None or call.number != found.person.number:
        return Refusal.NO_CALL
    text = _text(found, asking.scope, tx, services)
    consent = consents.keep(found, asking, text, tx, services)
    if isinstance(consent, Consent):
        consents.note_asked(found, consent, holder, tx, call=call.sid)
    return consent


def _text(mandate: Mandate, scope: str, tx: Transaction, services: Services) -> str:
    """Who, for what, for how long, and how it is taken back; to the letter."""
    number = in_pairs(services.lines[0].public_number)
    house = mandates.house_of(mandate, tx)
    said = Say("consent.recap", {"structure": house, "scope": scope, "number": number})
    return services.spoken[said.key].format_map(said.values)


def _found(id: ConsentId, tx: Transaction) -> tuple[Mandate | None, Consent | None]:
    asked = tx.consents.find(id)
    return (tx.mandates.find(MandateId(asked.mandate)) if asked is not None else None, asked)
