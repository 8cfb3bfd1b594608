"""Mandates: prepared, used, and ended by whoever may. Consent is asked for in ``consents.py``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import choice, token_hex
from typing import Final

from dispatcher.domain import mandates as domain
from dispatcher.domain.grants import End, Grant, Wanted
from dispatcher.domain.holders import Declared, Holder, Refusal
from dispatcher.domain.mandates import (
    Deed,
    Event,
    Mandate,
    MandateId,
    Person,
    Reference,
    Standing,
    State,
)
from dispatcher.domain.matters import Topic
from dispatcher.operations import mandate_reminders
from dispatcher.operations.mandate_notes import committed, note
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
_BY_HOLDER: Final = frozenset({End.FINISHED, End.RENOUNCED, End.LAPSED})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A procedure for which another house holds a mandate of the same person."""

    procedure: Topic
    house: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A mandate as an agent of its house sees it."""

    mandate: Mandate
    state: State
    house: str
    deeds: tuple[Deed, ...]
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Public:
    """All that anybody is shown of a mandate."""

    standing: Standing
    house: str
    given_at: datetime
    until: datetime


def prepare(
    holder: Holder,
    person: Person,
    wanted: Sequence[Wanted],
    declared: Declared,
    services: Services,
) -> Mandate | Refusal:
    """Keep a draft: nothing may be done by it before its person agreed."""
    refused = holder.refusal or declared.refusal
    if refused is not None:
        return refused
    at = services.now()
    grants = tuple(Grant(each.procedure, each.precision, each.duration) for each in wanted)
    id, reference = MandateId(token_hex(12)), Reference(_letters(12))
    mandate = Mandate(id, reference, holder.structure, holder.agent, at, grants, person)
    with services.store.writing() as tx:
        tx.mandates.prepare(mandate)
        whose = committed(tx, mandate, f"{person.number} {person.name}", at=at)
        scope = committed(tx, mandate, _scope(grants), at=at)
        procedures = ":".join(each.procedure for each in grants)
        facts = {"person": whose, "scope": scope, "procedures": procedures}
        note(tx, Event.PREPARED, mandate, at=at, agent=holder.agent, **facts)
    return mandate


def listed(holder: Holder, services: Services) -> list[Mandate] | Refusal:
    """Those of their house, newest first; that they looked is noted of each."""
    if (refused := holder.refusal) is not None:
        return refused
    with services.store.writing() as tx:
        found = tx.mandates.of_structure(holder.structure)
        for each in found:
            note_reading(each.id, holder, tx, services)
    return found


def look(id: MandateId, holder: Holder, services: Services) -> Seen | Refusal:
    """One of their house's; that they looked is noted."""
    with services.store.writing() as tx:
        found = find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        note_reading(id, holder, tx, services)
        return Seen(
            found,
            found.state(services.now()),
            house_of(found, tx),
            tuple(tx.mandate_deeds.of(id)),
            tuple(_elsewhere(found, tx, at=services.now())),
        )


def use(
    id: MandateId, procedure: Topic, result: str, holder: Holder, services: Services
) -> Deed | Refusal:
    """Record what was done in the person's place: only within what they agreed to."""
    at = services.now()
    with services.store.writing() as tx:
        found = find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        refused = domain.may_use(found, procedure, holder, at=at)
        if refused is not None:
            return refused
        deed = Deed(token_hex(12), id, procedure, holder.agent, at, result)
        if not tx.mandate_deeds.keep(deed):
            return Refusal.OUT_OF_SCOPE
        told = committed(tx, found, result, at=at)
        facts = {"procedure": procedure, "deed": deed.id, "result": told}
        note(tx, Event.USED, found, at=at, agent=holder.agent, **facts)
    return deed


def end(
    id: MandateId, end: End, holder: Holder, services: Services, *, procedure: Topic | None = None
) -> Refusal | None:
    """An agent of the house ends it, or one procedure of it; also for its person, who tells them
    to. Always allowed to whoever may see it: less is done afterwards.
    """
    with services.store.writing() as tx:
        found = find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        by = "holder" if end in _BY_HOLDER else "agent"
        done = ended(found, end, tx, services, by=by, holder=holder, procedure=procedure)
        return None if done else Refusal.NOT_NOW


def withdraw(id: MandateId, holder: Holder, services: Services) -> Refusal | None:
    """Give up what nobody agreed to yet."""
    at = services.now()
    with services.store.writing() as tx:
        found = find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        tx.mandates.lock(found)
        if not tx.mandates.withdraw(id, at=at):
            return Refusal.NOT_NOW
        note(tx, Event.WITHDRAWN, found, at=at, agent=holder.agent)
    return None


def ended(
    mandate: Mandate,
    end: End,
    tx: Transaction,
    services: Services,
    *,
    by: str,
    holder: Holder | None = None,
    procedure: Topic | None = None,
) -> bool:
    """End it at once, and tell the journal; False when nothing of it held. ``by``: through what
    way.
    """
    at = services.now()
    done = tx.mandates.end(mandate.id, end, at=at, procedure=procedure)
    if not done:
        return False
    if holder is None:
        mandate_reminders.tell_revoked(mandate, tx, services, at=at)
    agent = None if holder is None else holder.agent
    facts = {"end": str(end), "by": by, "procedures": ":".join(sorted(done))}
    note(tx, Event.ENDED, mandate, at=at, agent=agent, **facts)
    return True


def verify(reference: str, services: Services) -> Public | None:
    """What anybody is shown who has this reference; None: there is no such mandate."""
    with services.store.reading() as tx:
        found = tx.mandates.of_reference(Reference(reference))
        if found is None or (standing := found.standing(services.now())) is None:
            return None
        assert found.consented_at is not None
        assert found.until is not None
        return Public(standing, house_of(found, tx), found.consented_at, found.until)


def find(id: MandateId, holder: Holder, tx: Transaction) -> Mandate | Refusal:
    """One of their house's; of another house's they learn as much as of none."""
    if (refused := holder.refusal) is not None:
        return refused
    found = tx.mandates.find(id)
    mine = found is not None and found.structure == holder.structure
    return found if found is not None and mine else Refusal.UNKNOWN


def house_of(mandate: Mandate, tx: Transaction) -> str:
    """The name of the house that holds it."""
    named = tx.structures.named(mandate.structure)
    return "" if named is None else named[0]


def note_reading(id: MandateId, holder: Holder, tx: Transaction, services: Services) -> None:
    """Keep that they looked at it."""
    tx.mandate_deeds.note_reading(id, holder.agent, key=token_hex(12), at=services.now())


def _elsewhere(mandate: Mandate, tx: Transaction, *, at: datetime) -> list[Elsewhere]:
    if mandate.person is None:
        return []
    return [
        Elsewhere(grant.procedure, house_of(other, tx), grant.until)
        for other in tx.mandates.of_person(mandate.person)
        if other.structure != mandate.structure and other.state(at).holds
        for grant in other.grants
        if grant.until is not None and grant.holds(at) and mandate.grant(grant.procedure)
    ]


def _scope(grants: Sequence[Grant]) -> str:
    return "\n".join(f"{each.procedure} {each.duration} {each.precision}" for each in grants)


def _letters(count: int) -> str:
    return "".join(choice(_LETTERS) for _ in range(count))
