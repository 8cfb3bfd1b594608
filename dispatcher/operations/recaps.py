"""What an agent does after a conversation besides writing of it: book another call, send a recap.

Each once for a conversation, however often it is asked: a conditional UPDATE of the disposition is
in the transaction of what it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from dispatcher.domain import mails as posted
from dispatcher.domain import texts as texted
from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.follow_ups import Wish
from dispatcher.domain.mails import Address, MailId
from dispatcher.domain.numbers import PhoneNumber, in_pairs
from dispatcher.domain.recaps import USEFUL_FOR, Asked, By
from dispatcher.domain.texts import TextId
from dispatcher.operations import dispositions, follow_ups, mails, texts
from dispatcher.operations.dispositions import Conversation
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn


class Booked(StrEnum):
    """What came of booking another call."""

    BOOKED = "booked"
    JOINED = "joined"  # they are owed one already
    BEFORE = "before"  # it was booked from here
    NOT_NOW = "not_now"  # they still talk, or their number is no more, or cannot be rung


class Sent(StrEnum):
    """What came of sending a recap."""

    SENT = "sent"
    BEFORE = "before"  # one was sent
    UNSENDABLE = "unsendable"  # no mobile, or STOP, or too many texts today


def book(id: OfferId, agent: AgentId, wish: Wish, services: Services) -> Booked:
    """Book another call with whom they talked to, once. What they wrote was saved before."""
    with services.store.writing() as tx:
        offer = tx.offers.find(id)
        helped = follow_ups.of(offer, tx, services) if offer is not None else None
        if helped is None:
            return Booked.NOT_NOW
        if not tx.dispositions.follow_up(id, agent, at=services.now()):
            return Booked.BEFORE
        kept = follow_ups.book(helped, wish, agent, tx, services)
        return Booked.BOOKED if kept else Booked.JOINED


def send(
    id: OfferId, agent: AgentId, asked: Asked, words: Mapping[str, str], services: Services
) -> Sent:
    """Send a recap, once. ``words``: what its template is filled with, but for our number."""
    outcome = Sent.UNSENDABLE
    taken: tuple[TextId | None, MailId | None] = (None, None)
    with services.store.writing() as tx:
        found = dispositions.find(id, agent, tx, services)
        if found is None or not tx.dispositions.recap(id, agent, at=services.now()):
            return Sent.BEFORE
        number = services.line(found.disposition.line).public_number
        taken = _queued(found, asked, {**words, "number": in_pairs(number)}, tx, services)
        if taken == (None, None):
            raise Withdrawn
        outcome = Sent.SENT
    if outcome is Sent.SENT:
        texts.prompt(taken[0], services)
        mails.prompt([taken[1]], services)
    return outcome


def _queued(
    found: Conversation, asked: Asked, words: Mapping[str, str], tx: Transaction, services: Services
) -> tuple[TextId | None, MailId | None]:
    if asked.by is By.MAIL and asked.address is not None:
        return None, _mail(found, asked, asked.address, words, tx, services)
    number = dispositions.number_of(found.offer, tx)
    if asked.by is By.TEXT and number is not None:
        return _text(found, asked, number, words, tx, services), None
    return None, None


def _text(
    found: Conversation,
    asked: Asked,
    number: PhoneNumber,
    words: Mapping[str, str],
    tx: Transaction,
    services: Services,
) -> TextId | None:
    return texts.queue(
        tx,
        services,
        kind=texted.Kind(asked.recap),
        number=number,
        about=found.offer.id,
        words=words,
        expires_at=services.now() + USEFUL_FOR,
    )


def _mail(
    found: Conversation,
    asked: Asked,
    address: Address,
    words: Mapping[str, str],
    tx: Transaction,
    services: Services,
) -> MailId | None:
    return mails.queue(
        tx,
        services,
        kind=posted.Kind(asked.recap),
        to=address,
        about=found.offer.id,
        subject=services.mails[f"{asked.recap}.subject"],
        body=services.mails[f"{asked.recap}.body"].format_map(words),
        expires_at=services.now() + USEFUL_FOR,
    )
