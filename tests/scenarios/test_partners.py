"""A partner's program asks, and somebody near rings the person back."""

from dispatcher.domain.links import Purpose
from tests.office import Office
from tests.people import INES, MALO, ROSE, YANN
from tests.scenarios.test_requests import heard, nothing_more, takes
from tests.web.programs import program


def test_what_a_program_asks_twice_is_rung_back_once_by_somebody_near(office: Office) -> None:
    takes(office, YANN, MALO, INES)
    ccas = program(office)
    told = [ccas.asks(discreet=True).get_json() for _ in range(2)]

    office.run(nothing_more(office), until=120)

    [talk] = office.network.ledger.bridges()
    assert {talk.caller, talk.callee} == {INES.number, ROSE.number}
    [rung] = office.network.phone(INES.number).calls
    assert "Rappel. Orcières. Démarche." in heard(rung)
    assert "Demandez Rose. Si quelqu'un d'autre répond, dites seulement : le service." in heard(
        rung
    )
    assert {each["id"] for each in told} == {told[0]["id"]}
    assert ccas.looks(told[0]["id"]).get_json()["state"] == "reached"
    asked = office.services.links.id(told[0]["id"], Purpose.PARTNER, of="ccas-gap") or "?"
    addresses = [entry.path or "" for entry in office.network.ledger.entries]
    assert not [path for path in addresses if "199000001" in path or asked in path]


def test_two_programs_that_ask_for_one_person_ring_them_once(office: Office) -> None:
    takes(office, INES)
    ccas = program(office)
    ccas.asks("1")
    ccas.asks("2")

    office.run(nothing_more(office), until=400)

    assert office.network.phone(ROSE.number).rung == 1
