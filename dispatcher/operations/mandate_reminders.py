"""The authorised agents of a house are told that a mandate ends soon, or was taken back.

Each is told once of each, however often this is done: the outbox of mails has one of a kind for
whom it is to and what it is about.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain.grants import CLOCK, LONGEST_NOTICE, Grant
from dispatcher.domain.mails import Address, Kind, MailId
from dispatcher.domain.mandates import Mandate
from dispatcher.domain.roles import Act, Place, Role, allows
from dispatcher.domain.schedule import local
from dispatcher.operations import mails
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

USEFUL_FOR: Final = timedelta(days=2)


def remind(services: Services) -> None:
    """Tell them of every grant that is to be told of now."""
    at = services.now()
    with services.store.reading() as tx:
        ending = tx.mandates.ending(after=at, until=at + LONGEST_NOTICE)
    due = [
        (each, grant, days)
        for each in ending
        for grant in each.grants
        if (days := grant.notice(at)) is not None
    ]
    for mandate, grant, days in due:
        sent: list[MailId | None] = []
        with services.store.writing() as tx:
            sent = [_tell(to, mandate, grant, days, tx, services) for to in _agents(mandate, tx)]
        mails.prompt(sent, services)


def tell_revoked(mandate: Mandate, tx: Transaction, services: Services, *, at: datetime) -> None:
    """Have its house hear that its person took something of it back: the sweep sends it soon."""
    for to in _agents(mandate, tx):
        about = f"{mandate.id}.{at.timestamp():.0f}"
        _mail(
            Kind.MANDATE_REVOKED, to, mandate, about, f"{local(at, CLOCK):%d/%m/%Y}", tx, services
        )


def _agents(mandate: Mandate, tx: Transaction) -> list[Address]:
    place = Place(mandate.structure, frozenset())
    return [
        Address(user.email)
        for user in tx.users.with_role(Role.AUTHORISED)
        if user.disabled_at is None and allows(user.grants, Act.MANDATES, place)
    ]


def _tell(
    to: Address, mandate: Mandate, grant: Grant, days: int, tx: Transaction, services: Services
) -> MailId | None:
    about = f"{mandate.id}.{grant.procedure}.{days}"
    day = _last_day(grant.until or services.now())
    return _mail(Kind.MANDATE_ENDS, to, mandate, about, day, tx, services)


def _mail(
    kind: Kind,
    to: Address,
    mandate: Mandate,
    about: str,
    day: str,
    tx: Transaction,
    services: Services,
) -> MailId | None:
    words = {"day": day, "link": f"{services.links.address}/agent/mandats/{mandate.id}"}
    return mails.queue(
        tx,
        services,
        kind=kind,
        to=to,
        about=about,
        subject=services.mails[f"{kind}.subject"].format_map(words),
        body=services.mails[f"{kind}.body"].format_map(words),
        expires_at=services.now() + USEFUL_FOR,
    )


def _last_day(midnight: datetime) -> str:
    return f"{local(midnight - timedelta(seconds=1), CLOCK):%d/%m/%Y}"
