"""What is texted of a request for consent: the recap, then the question; or a link to both."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import randbelow
from typing import Final

from dispatcher.domain.consents import CODE_DIGITS, Channel, Consent
from dispatcher.domain.gsm import spelt
from dispatcher.domain.mandates import Mandate
from dispatcher.domain.numbers import in_pairs, is_mobile
from dispatcher.domain.texts import Kind, TextId
from dispatcher.operations import mandates, texts
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

TEMPLATE: Final = "recap/1"
"""Which edition of ``mandate.recap``: raised with every change of its words."""
TEMPLATES: Final[Mapping[Channel, str]] = {Channel.VOICE: "aloud/1"}
"""Likewise where it is another one: of ``consent.recap`` and ``consent.question``."""
SENT: Final[Mapping[Channel, Kind]] = {
    Channel.CODE: Kind.MANDATE_CODE,
    Channel.LINK: Kind.MANDATE_LINK,
    Channel.REPLY: Kind.MANDATE_REPLY,
}
LONGEST_HOUSE: Final = 60
"""Letters of a name of a house that texts have room for."""
Words = dict[str, str]


def may_send(mandate: Mandate, channel: Channel, services: Services) -> bool:
    """Whether anything can be sent to them so."""
    if mandate.person is None or services.sender is None or channel not in SENT:
        return False
    two_way = channel is not Channel.REPLY or answers_reach(services.sender)
    return two_way and is_mobile(mandate.person.number, fiction=services.fiction)


def answers_reach(sender: str) -> bool:
    """Whether a text to this sender reaches us: to a number or a short code, not to a name (and
    French mobile numbers may not send ours at all).
    """
    return sender.removeprefix("+").isdigit()


def words(mandate: Mandate, scope: str, tx: Transaction, services: Services) -> Words:
    """What the recap is filled with. ``scope``: what it is for, in words."""
    number = in_pairs(services.lines[0].public_number)
    return {
        "structure": mandates.house_of(mandate, tx)[:LONGEST_HOUSE],
        "scope": scope,
        "number": number,
    }


def unsent(consent: Consent, services: Services) -> bool:
    """Whether its newest text did not go, and will not: which is no answer to it."""
    if consent.channel not in SENT:
        return False
    with services.store.reading() as tx:
        return not tx.texts.goes(SENT[consent.channel], _about(consent))


def recap(filled: Words, services: Services) -> str:
    """The recap, to the letter: who, what for, how long, and how it is revoked."""
    return spelt(services.texts[Kind.MANDATE_RECAP].format_map(filled))


def send(
    mandate: Mandate, consent: Consent, filled: Words, tx: Transaction, services: Services
) -> tuple[TextId | None, ...]:
    """Send a request for the first time."""
    question = send_question(mandate, consent, tx, services)
    if consent.channel is Channel.LINK:
        return (question,)
    return (_queue(Kind.MANDATE_RECAP, mandate, consent, filled, tx, services), question)


def send_question(
    mandate: Mandate, consent: Consent, tx: Transaction, services: Services
) -> TextId | None:
    """Send what is to be answered; a code is another one each time."""
    code = f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    if consent.channel is Channel.CODE:
        tx.consents.give_code(consent.id, code)
    filled = words(mandate, "", tx, services) | {
        "word": consent.word,
        "code": code,
        "link": services.links.to_consent(consent.id),
    }
    return _queue(SENT[consent.channel], mandate, consent, filled, tx, services)


def _queue(
    kind: Kind,
    mandate: Mandate,
    consent: Consent,
    filled: Words,
    tx: Transaction,
    services: Services,
) -> TextId | None:
    assert mandate.person is not None
    return texts.queue(
        tx,
        services,
        kind=kind,
        number=mandate.person.number,
        about=_about(consent),
        words=filled,
        expires_at=consent.until,
    )


def _about(consent: Consent) -> str:
    """Which sending of a request a text is."""
    return f"{consent.id}.{consent.sendings}"
