"""Who is told of a stand-in, by their own channel: colleagues, whoever asked, and coordinators.

Nobody is named: whoever is told learns which house, and when. One mail or text for each matter and
person, however often it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain import agent_texts
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.mails import Address, MailId
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.numbers import PhoneNumber, in_pairs
from dispatcher.domain.occurrences import Occurrence
from dispatcher.domain.roles import Act, Place, Role, allows
from dispatcher.domain.stand_ins import StandIn, link_id, send_at
from dispatcher.domain.texts import Kind, TextId
from dispatcher.operations import mails, texts
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

WANTED_FOR: Final = timedelta(hours=6)
"""What coordinators are told is of no use later than that."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Mails and texts that were taken in, to be rung for after their transaction."""

    mails: tuple[MailId | None, ...] = ()
    texts: tuple[TextId | None, ...] = ()

    def __add__(self, other: Letters) -> Letters:
        return Letters(self.mails + other.mails, self.texts + other.texts)


NONE: Final = Letters()


def prompt(letters: Letters, services: Services) -> None:
    """Have them sent soon."""
    mails.prompt(letters.mails, services)
    for id in letters.texts:
        texts.prompt(id, services)


def propose(
    wanted: StandIn, asker: Agent, to: Iterable[AgentId], tx: Transaction, services: Services
) -> Letters:
    """Colleagues are told that somebody looks for a stand-in, each with a link of their own."""
    told, to = NONE, list(to)
    contacts = tx.agents.contacts(to)
    for id in to:
        link = services.links.to_stand_in(link_id(wanted.id, id))
        words = _words([wanted.occurrence], asker, tx, services) | {"link": link}
        contact, about = contacts[id], link_id(wanted.id, id)
        if contact.email is not None:
            kind = MailKind.STAND_IN_WANTED
            told += _mail(kind, contact.email, about, words, wanted.starts_at, tx, services)
        elif contact.telephone is not None:
            told += _text(_asking(services), contact.telephone, about, words, wanted, tx, services)
    return told


def tell_found(wanted: StandIn, asker: Agent, tx: Transaction, services: Services) -> Letters:
    """Whoever asked is told that somebody answers then, and so are coordinators."""
    words, until = _words([wanted.occurrence], asker, tx, services), wanted.ends_at
    contact, told = tx.agents.contacts([asker.id]).get(asker.id), NONE
    if contact is not None and contact.email is not None:
        kind = MailKind.STAND_IN_FOUND
        told = _mail(kind, contact.email, wanted.id, words, until, tx, services)
    elif contact is not None and contact.telephone is not None:
        kind_of_text = Kind.AGENT_STAND_IN_FOUND
        told = _text(kind_of_text, contact.telephone, wanted.id, words, wanted, tx, services)
    return told + tell_coordinators(
        MailKind.STAND_IN_TAKEN, wanted.id, [wanted.occurrence], asker, tx, services
    )


def tell_coordinators(
    kind: MailKind,
    about: str,
    found: Iterable[Occurrence],
    agent: Agent,
    tx: Transaction,
    services: Services,
    *,
    count: int = 0,
) -> Letters:
    """Whoever coordinates where this agent's house is; whom alerts are for, when nobody does."""
    words = _words(found, agent, tx, services) | {"count": str(count)}
    until, told = services.now() + WANTED_FOR, NONE
    for address in _coordinators(agent, tx, services):
        told += _mail(kind, address, about, words, until, tx, services)
    return told


def _coordinators(agent: Agent, tx: Transaction, services: Services) -> list[Address]:
    named = tx.structures.named(agent.structure)
    commune = services.atlas.commune(named[1]) if named is not None else None
    around = frozenset(services.atlas.around(commune)) if commune is not None else frozenset()
    place = Place(agent.structure, around)
    found = [
        Address(user.email)
        for user in tx.users.with_role(Role.COORDINATOR)
        if user.disabled_at is None
        and allows((g for g in user.grants if g.role is Role.COORDINATOR), Act.LOAD, place)
    ]
    return found or list(services.watch.to)


def _words(
    found: Iterable[Occurrence], agent: Agent, tx: Transaction, services: Services
) -> dict[str, str]:
    named, said = tx.structures.named(agent.structure), agent_texts.days(list(found))
    return {
        "slots": said,
        "slot": said,
        "house": agent.structure if named is None else named[0],
        "number": in_pairs(services.lines[0].public_number),
    }


def _asking(services: Services) -> Kind:
    """A word can be answered to a number alone, not to a name."""
    two_way = services.sender is not None and services.sender.startswith("+")
    return Kind.AGENT_STAND_IN_YES if two_way else Kind.AGENT_STAND_IN


def _mail(
    kind: MailKind,
    to: str,
    about: str,
    words: Mapping[str, str],
    until: datetime,
    tx: Transaction,
    services: Services,
) -> Letters:
    queued = mails.queue(
        tx,
        services,
        kind=kind,
        to=Address(to),
        about=about,
        subject=services.mails[f"{kind}.subject"].format_map(words),
        body=services.mails[f"{kind}.body"].format_map(words) + "\n",
        expires_at=until,
    )
    return Letters(mails=(queued,))


def _text(
    kind: Kind,
    to: PhoneNumber,
    about: str,
    words: Mapping[str, str],
    wanted: StandIn,
    tx: Transaction,
    services: Services,
) -> Letters:
    queued = texts.queue(
        tx,
        services,
        kind=kind,
        number=to,
        about=about,
        words=words,
        due_at=send_at(wanted, wanted.zone, at=services.now()),
        expires_at=wanted.starts_at,
    )
    return Letters(texts=(queued,))
