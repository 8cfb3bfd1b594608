"""Issuing papers of mandates: to an agent of the house, and to the person by their link.

Each is told to the journal, with the template that it was made from, and by whom.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dispatcher.domain.consents import Answer, ConsentId
from dispatcher.domain.holders import Holder, Refusal
from dispatcher.domain.mandates import Event, Mandate, MandateId
from dispatcher.domain.papers import Kind, Template, kind_of
from dispatcher.operations import mandates
from dispatcher.operations.mandate_notes import note
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

Templates = Callable[[Kind], Template]


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was issued: of which mandate as it stood then, and from which template."""

    mandate: Mandate
    template: Template
    house: str
    at: datetime


def for_house(
    id: MandateId, holder: Holder, templates: Templates, services: Services
) -> Issued | Refusal:
    """To an agent of the house: that they looked is noted."""
    with services.store.writing() as tx:
        found = mandates.find(id, holder, tx)
        if isinstance(found, Refusal):
            return found
        mandates.note_reading(id, holder, tx, services)
        return _issued(found, templates, tx, services, holder=holder) or Refusal.NOT_NOW


def for_person(id: ConsentId, templates: Templates, services: Services) -> Issued | None:
    """To whoever has the link of a request that is open, or to which they said yes."""
    with services.store.writing() as tx:
        consent = tx.consents.find(id)
        if consent is None:
            return None
        mandate = tx.mandates.find(MandateId(consent.mandate))
        if mandate is None or not (consent.is_open(services.now()) or consent.answer is Answer.YES):
            return None
        return _issued(mandate, templates, tx, services)


def _issued(
    mandate: Mandate,
    templates: Templates,
    tx: Transaction,
    services: Services,
    *,
    holder: Holder | None = None,
) -> Issued | None:
    at = services.now()
    kind = kind_of(mandate, at)
    if kind is None:
        return None
    template, agent = templates(kind), None if holder is None else holder.agent
    by = "link" if holder is None else "agent"
    facts = {"template": template.name, "sha256": template.sha256, "by": by}
    note(tx, Event.ISSUED, mandate, at=at, agent=agent, **facts)
    return Issued(mandate, template, mandates.house_of(mandate, tx), at)
