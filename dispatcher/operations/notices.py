"""What tells an agent that an inquiry waits for them: a mail, or a text to who has no address.

It has a signed link and nothing of anybody.
"""

from __future__ import annotations

from datetime import datetime

from dispatcher.domain.agents import Contact
from dispatcher.domain.inquiries import Inquiry
from dispatcher.domain.mails import Address, MailId, read_address
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.numbers import PhoneNumber, in_pairs, is_mobile
from dispatcher.domain.schedule import local
from dispatcher.domain.texts import Kind, TextId
from dispatcher.operations import mails, texts
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


def can_be_told(contact: Contact, services: Services) -> bool:
    """Whether there is a way to write to an agent."""
    return _address(contact) is not None or _mobile(contact, services) is not None


def tell(
    inquiry: Inquiry, tx: Transaction, services: Services
) -> tuple[MailId | None, TextId | None]:
    """Take in the mail or the text, in the transaction that gives the turn; neither when none can
    be sent.
    """
    assert inquiry.agent is not None
    assert inquiry.turn is not None
    assert inquiry.lease_until is not None
    contact = tx.agents.contacts([inquiry.agent])[inquiry.agent]
    address = _address(contact)
    line = services.lines[0]
    words = {
        "link": services.links.to_answer(inquiry.turn),
        "hour": _clock(inquiry.lease_until, line.hours.zone),
        "number": in_pairs(line.public_number),
    }
    if address is not None:
        return _mail(address, inquiry, words, tx, services), None
    number = _mobile(contact, services)
    if number is None:
        return None, None
    return None, texts.queue(
        tx,
        services,
        kind=Kind.INQUIRY_WAITS,
        number=number,
        about=inquiry.matter,
        words=words,
        expires_at=inquiry.lease_until,
    )


def _mail(
    to: Address, inquiry: Inquiry, words: dict[str, str], tx: Transaction, services: Services
) -> MailId | None:
    assert inquiry.lease_until is not None
    return mails.queue(
        tx,
        services,
        kind=MailKind.INQUIRY_WAITS,
        to=to,
        about=inquiry.matter,
        subject=services.mails["inquiry.waits.subject"],
        body=services.mails["inquiry.waits.body"].format_map(words),
        expires_at=inquiry.lease_until,
    )


def _address(contact: Contact) -> Address | None:
    return read_address(contact.email or "")


def _mobile(contact: Contact, services: Services) -> PhoneNumber | None:
    number = contact.telephone if services.sender is not None else None
    return number if number and is_mobile(number, fiction=services.fiction) else None


def _clock(at: datetime, zone: str) -> str:
    return f"{local(at, zone):%Hh%M}"
