"""Ines prepares mandates of Rose's, and reads what was texted of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.consents import Channel, Consent, ConsentId, Identity
from dispatcher.domain.grants import Duration, Wanted
from dispatcher.domain.holders import Declared, Holder
from dispatcher.domain.mandates import Mandate, MandateId, Person, State
from dispatcher.domain.matters import Topic
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.roles import Grant, Role
from dispatcher.operations import consents, mandates
from dispatcher.operations.consents import Asking
from dispatcher.store.schema import texts
from tests.operations.desk import Desk
from tests.people import GUY, INES, MALO

ROSE = Person(PhoneNumber("+33639980042"), "Rosemonde Canari")
PAPERS = Wanted(Topic.PAPERS, "refaire sa carte d'identité", Duration.MONTH)
WELFARE = Wanted(Topic.WELFARE, "demander la prime d'activité", Duration.YEAR)
ADULT = Declared(of_age=True, guardianship=False)
SCOPE = "Papiers (refaire sa carte), 31 jours"


def holder(agent: AgentId = AgentId(1), structure: str = "orcieres", **changes: object) -> Holder:
    grants = (Grant(Role.AUTHORISED, structure),)
    made = Holder(agent, structure, "employed", grants, second_factor=True)
    return replace(made, **changes)  # type: ignore[arg-type]


def opens(desk: Desk, sender: str | None = "Permanence") -> None:
    """Ines of Orcières, Malo of Gap and Guy of Guillestre are in the directory."""
    desk.has(INES, MALO, GUY)
    desk.services = replace(desk.services, sender=sender)


def prepares(
    desk: Desk,
    wanted: Sequence[Wanted] = (PAPERS,),
    *,
    person: Person = ROSE,
    by: Holder | None = None,
) -> Mandate:
    made = mandates.prepare(by or holder(), person, wanted, ADULT, desk.services)
    assert isinstance(made, Mandate)
    return made


def asks(desk: Desk, mandate: Mandate, channel: Channel = Channel.CODE) -> Consent:
    asking = Asking(channel, Identity.QUESTIONS, SCOPE)
    made = consents.ask(mandate.id, asking, holder(), desk.services)
    assert isinstance(made, Consent)
    return made


def gives(desk: Desk, mandate: Mandate, *, by: Holder | None = None) -> None:
    """They said yes on paper."""
    asking = Asking(Channel.PAPER, Identity.DOCUMENT, SCOPE)
    assert isinstance(consents.attest(mandate.id, asking, by or holder(), desk.services), Consent)


def found(desk: Desk, mandate: Mandate) -> Mandate:
    with desk.services.store.reading() as tx:
        now = tx.mandates.find(mandate.id)
    assert now is not None
    return now


def stands(desk: Desk, mandate: Mandate) -> State:
    return found(desk, mandate).state(desk.at)


def consent(desk: Desk, id: ConsentId) -> Consent:
    with desk.services.store.reading() as tx:
        now = tx.consents.find(id)
    assert now is not None
    return now


def texted(desk: Desk) -> list[str]:
    """What is to be texted, in the order in which it was taken in."""
    with desk.services.store.engine.connect() as connection:
        ids = list(connection.scalars(sa.select(texts.c.id)))
    return sorted((desk.text(id).body for id in ids), key=lambda body: "code" in body)


def journal(desk: Desk) -> list[tuple[str, dict[str, str]]]:
    with desk.services.store.reading() as tx:
        return [(row.kind, dict(row.facts)) for row in tx.journal.rows()]


def readings(desk: Desk, id: MandateId) -> list[tuple[datetime, AgentId | None]]:
    with desk.services.store.reading() as tx:
        return tx.mandate_deeds.readings(id)


def fails_to_send(desk: Desk) -> None:
    """Every text that waits has failed."""
    with desk.services.store.engine.begin() as connection:
        connection.execute(sa.update(texts).values(state="failed"))
