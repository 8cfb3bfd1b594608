"""Taking a mandate back by keys: read out, confirmed, at once; and nothing but its key does it."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from dispatcher.domain.consents import Channel, Consent, Identity
from dispatcher.domain.grants import Wanted
from dispatcher.domain.mandates import Mandate, Person, State
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import consents, mandates
from dispatcher.operations.consents import Asking
from dispatcher.simulator import PhoneCall
from dispatcher.simulator.wire.faults import Faults
from dispatcher.store.schema import metadata
from tests.office import Office
from tests.operations.mandating import ADULT, PAPERS, WELFARE, holder
from tests.people import INES, LINE, ROSE, Citizen
from tests.scenarios.colleagues import agent_id, stays
from tests.web.accounts import signed_in

OFFER = "Pour retirer un mandat, tapez 5"


def gives(office: Office, *wanted: Wanted, name: str = "Rosemonde Canari") -> Mandate:
    """Rose, or somebody who shares her telephone, gave one on paper."""
    ines, rose = holder(agent_id(office, INES)), Person(PhoneNumber(ROSE.number), name)
    made = mandates.prepare(ines, rose, wanted, ADULT, office.services)
    assert isinstance(made, Mandate)
    paper = Asking(Channel.PAPER, Identity.DOCUMENT, "tout")
    assert isinstance(consents.attest(made.id, paper, ines, office.services), Consent)
    return made


def stands(office: Office, mandate: Mandate) -> State:
    with office.services.store.reading() as tx:
        now = tx.mandates.find(mandate.id)
    assert now is not None
    return now.state(office.services.now())


def ways(office: Office) -> list[str]:
    with office.services.store.reading() as tx:
        return [dict(r.facts)["by"] for r in tx.journal.rows() if r.kind == "mandate.ended"]


async def asked(office: Office, who: Citizen = ROSE) -> PhoneCall:
    """Whoever rings stands at the question for what."""
    call = await office.network.phone("+33199000001").dials(LINE, shows=who.number)
    await call.hears("code postal")
    await call.presses(ROSE.postal_code)
    await call.hears("tapez 1")
    return call


def test_keyed_and_confirmed_it_is_over_at_once_and_the_house_is_told(office: Office) -> None:
    office.has(INES)
    stays(office, INES)
    signed_in(office, Email(INES.email), Grant(Role.AUTHORISED, "orcieres"))
    mandate = gives(office, PAPERS, WELFARE)

    async def rose() -> None:
        call = await asked(office)
        await call.hears(OFFER)
        await call.presses("5")
        await call.hears("donné avec ce téléphone à France services d'Orcières")
        await call.hears("Pour le retirer, tapez 1")
        assert "Pour des papiers ou la citoyenneté" in str(call.transcript)
        assert stands(office, mandate) is State.ACTIVE, "not before she confirms"
        await call.presses("1")
        await call.hears("ce mandat est retiré")
        assert stands(office, mandate) is State.REVOKED
        await call.hears("tapez 1")
        assert "Canari" not in str(call.transcript)
        await call.presses("1")
        assert await call.talks_with_somebody() == INES.number, "and goes on as any caller"
        await call.hangs_up()

    office.run(rose())

    assert ways(office) == ["key"]
    with office.services.store.engine.connect() as connection:
        kinds = connection.scalars(sa.select(metadata.tables["mails"].c.kind))
        assert "mandate.revoked" in list(kinds)
    assert not office.network.ledger.failures()


@pytest.mark.parametrize("keys", [["2"], ["*", "2"], ["9", "", "7"]])
def test_kept_or_nothing_clear_nothing_is_taken_back(office: Office, keys: list[str]) -> None:
    office.has(INES)
    mandate = gives(office, PAPERS)

    async def rose() -> None:
        call = await asked(office)
        await call.hears(OFFER)
        await call.presses("5")
        for key in keys:
            await call.hears("Pour le retirer")
            await (call.presses(key) if key else call.waits(12))
        await call.hears("démarche administrative", within=40)
        await call.hangs_up()

    office.run(rose())

    assert (stands(office, mandate), ways(office)) == (State.ACTIVE, [])


def test_of_several_the_one_read_out_is_taken_back(office: Office) -> None:
    office.has(INES)
    office.network.faults = Faults(seed=2, duplicate=0.7, twins=0.5)
    given: list[Mandate] = []

    async def rose() -> None:
        for wanted, name in ((PAPERS, "Rosemonde"), (WELFARE, "Ada"), (PAPERS, "Ada")):
            given.append(gives(office, wanted, name=f"{name} Canari"))
            await office.waits(1)
        call = await asked(office)
        await call.hears(OFFER)
        await call.presses("5")
        await call.hears("Pour le retirer")
        await call.presses("2")
        await call.hears("Pour le social ou la santé")
        await call.presses("1")
        await call.hears("ce mandat est retiré")
        await call.hangs_up()

    office.run(rose())

    states = [stands(office, each) for each in given]
    assert states == [State.ACTIVE, State.REVOKED, State.ACTIVE]
    assert ways(office) == ["key"]


def test_where_none_holds_nothing_is_said_and_the_key_is_no_answer(office: Office) -> None:
    office.has(INES)
    mandate = gives(office, PAPERS)
    other = replace(ROSE, number="+33199000017")

    async def somebody() -> None:
        call = await asked(office, other)
        await call.presses("5")
        await call.hears("Dites-nous ce qu'il vous faut")
        assert OFFER not in str(call.transcript)
        await call.hangs_up()

    office.run(somebody())

    assert stands(office, mandate) is State.ACTIVE
