"""An agent says whether they will be there, by the link of a reminder.

Looking changes nothing, whatever opens links by itself; a post twice is once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatcher.domain.agents import Agent
from dispatcher.domain.duty_links import DutyLink
from dispatcher.domain.occurrences import Occurrence
from dispatcher.domain.stand_ins import State
from dispatcher.operations import stand_ins, timetables
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


class Word(StrEnum):
    """What was said of a slot."""

    NOTHING = "nothing"
    THERE = "there"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Seen:
    """A slot of somebody's. ``begun``: there is nothing more to say."""

    agent: Agent
    occurrence: Occurrence
    word: Word
    begun: bool


def look(link: DutyLink, services: Services) -> Seen | None:
    """How it stands; None when the slot is no more where it was, or its agent is away."""
    with services.store.reading() as tx:
        return _seen(link, tx, services)


def confirm(link: DutyLink, services: Services) -> Seen | None:
    """They will be there: whoever is looked for in their place is looked for no more."""
    at = services.now()
    with services.store.writing() as tx:
        seen = _seen(link, tx, services)
        if seen is not None and not seen.begun:
            its = (seen.occurrence.slot, seen.occurrence.day)
            wanted = tx.stand_ins.open_for(*its)
            if wanted is not None:
                tx.stand_ins.close(wanted.id, State.WITHDRAWN, at=at)
            tx.timetables.confirm(*its, at=at)
        return _seen(link, tx, services)


def ask(link: DutyLink, services: Services) -> Seen | None:
    """They look for somebody who stands in; until somebody does the slot is theirs."""
    seen = look(link, services)
    if seen is not None and not seen.begun and seen.word is not Word.ASKED:
        its = (seen.occurrence.slot, seen.occurrence.day)
        stand_ins.ask(seen.agent.id, *its, services)
    return look(link, services)


def _seen(link: DutyLink, tx: Transaction, services: Services) -> Seen | None:
    agent = timetables.find(link.agent, tx, services)
    found = link.found(agent) if agent is not None else None
    if agent is None or found is None or _is_shut(agent, tx):
        return None
    its = (found.slot, found.day)
    word = Word.THERE if its in tx.timetables.confirmed(agent.id) else Word.NOTHING
    if tx.stand_ins.open_for(*its) is not None:
        word = Word.ASKED
    return Seen(agent, found, word, begun=found.start <= services.now())


def _is_shut(agent: Agent, tx: Transaction) -> bool:
    """Whether their account is closed, or they cannot be rung at all."""
    account = tx.users.of_agent(agent.id)
    return not agent.ringable or (account is not None and account.disabled_at is not None)
