"""What somebody else did to an agent's slots is noted with it, shown to the agent, and told once.

Whoever fills a colleague's weeks makes many changes in a row: their agent is written to when none
has followed for a while, and learns what stands then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from dispatcher.domain import agent_texts
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.alterations import (
    SETTLES_FOR,
    SHOWN_FOR,
    Alteration,
    AlterationId,
    Done,
)
from dispatcher.domain.mails import Address
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.numbers import PhoneNumber, in_pairs
from dispatcher.domain.stand_ins import daytime
from dispatcher.domain.texts import Kind
from dispatcher.domain.users import UserId
from dispatcher.operations import agents, mails, stand_in_notices, texts
from dispatcher.operations.services import Services
from dispatcher.operations.stand_in_notices import NONE, Letters
from dispatcher.store.store import Transaction, Withdrawn

WANTED_FOR: Final = timedelta(days=1)
"""What stands is asked for, not waited for, later than that."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One, and the e-mail of who it was; None: an account that was erased since."""

    made: Alteration
    by: str | None


def note(
    agent: AgentId, by: UserId | None, done: Done, tx: Transaction, services: Services
) -> None:
    """Note it in the transaction of the change; nothing when the agent did it (``by`` None)."""
    if by is None:
        return
    id = AlterationId(token_hex(8))
    tx.alterations.note(Alteration(id, agent, by, done, services.now()))


def of(agent: AgentId, services: Services) -> list[Shown]:
    """What others did to the slots of an agent lately, the newest first."""
    with services.store.reading() as tx:
        found = tx.alterations.of(agent, since=services.now() - SHOWN_FOR)
        people = {id: tx.users.find(id) for id in {each.by for each in found} if id is not None}
    return [
        Shown(each, None if each.by is None or (user := people[each.by]) is None else user.email)
        for each in found
    ]


def tell(services: Services) -> None:
    """Write to every agent of whom something was changed, once no more follows."""
    at = services.now()
    with services.store.reading() as tx:
        settled = tx.alterations.settled(before=at - SETTLES_FOR)
    for agent in settled:
        told = NONE
        with services.store.writing() as tx:
            told = _tell(agent, tx, services, at=at)
        stand_in_notices.prompt(told, services)


def _tell(id: AgentId, tx: Transaction, services: Services, *, at: datetime) -> Letters:
    """Raises Withdrawn when somebody else tells them."""
    if not tx.alterations.claim(id, at=at):
        raise Withdrawn
    agent = next(iter(tx.agents.roster(agents.calendar(services), only=[id])), None)
    contact = tx.agents.contacts([id]).get(id)
    if agent is None or contact is None:
        return NONE
    words = _words(agent, services, at=at)
    if contact.email is not None:
        return _mail(agent, contact.email, words, tx, services)
    if contact.telephone is not None:
        return _text(agent, contact.telephone, words, tx, services)
    return NONE


def _words(agent: Agent, services: Services, *, at: datetime) -> dict[str, str]:
    coming = agent.slots.to_come(at)
    return {
        "slots": agent_texts.days(coming) if coming else services.mails["planning.none"],
        "page": f"{services.links.address}/agent/planning",
        "number": in_pairs(services.lines[0].public_number),
    }


def _about(agent: Agent, at: datetime) -> str:
    return f"{agent.id}.{at.timestamp():.0f}"


def _mail(
    agent: Agent, to: str, words: Mapping[str, str], tx: Transaction, services: Services
) -> Letters:
    at, kind = services.now(), MailKind.PLANNING_ALTERED
    queued = mails.queue(
        tx,
        services,
        kind=kind,
        to=Address(to),
        about=_about(agent, at),
        subject=services.mails[f"{kind}.subject"].format_map(words),
        body=services.mails[f"{kind}.body"].format_map(words) + "\n",
        expires_at=at + WANTED_FOR,
    )
    return Letters(mails=(queued,))


def _text(
    agent: Agent, to: PhoneNumber, words: Mapping[str, str], tx: Transaction, services: Services
) -> Letters:
    at = services.now()
    queued = texts.queue(
        tx,
        services,
        kind=Kind.AGENT_ALTERED,
        number=to,
        about=_about(agent, at),
        words=words,
        due_at=daytime(agent.timezone, at=at),
        expires_at=at + WANTED_FOR,
    )
    return Letters(texts=(queued,))
