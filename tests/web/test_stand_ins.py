"""Links of reminders and of stand-ins: what they show, what a press does, and for whom."""

from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatcher.domain.agents import AgentId
from dispatcher.domain.duty_links import DutyLink
from dispatcher.domain.links import Purpose
from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.slots import Span
from dispatcher.domain.stand_ins import StandIn, link_id
from dispatcher.domain.users import Email
from dispatcher.operations import stand_ins, timetables, users
from tests.office import BASE, Office
from tests.people import INES, MALO, MONA

TUESDAY = date(2026, 12, 1)
INES_ID, MONA_ID, MALO_ID = AgentId(1), AgentId(2), AgentId(3)


@pytest.fixture
def web(office: Office) -> FlaskClient:
    """Ines has a slot on a Tuesday to come; Mona and Malo have none."""
    office.has(*(replace(each, slots="") for each in (INES, MONA, MALO)))
    pattern = Pattern(Rule(TUESDAY), Span(540, 720))
    timetables.post(INES_ID, pattern, office.services)
    return office.app.test_client()


def slot_link(office: Office) -> str:
    agent = timetables.look(INES_ID, office.services)
    assert agent is not None
    [each] = agent.slots.occurrences(TUESDAY, TUESDAY)
    return office.services.links.to_duty(DutyLink.of(INES_ID, each).id).removeprefix(BASE)


def wanted(office: Office) -> list[StandIn]:
    with office.services.store.reading() as tx:
        return tx.stand_ins.of(INES_ID)


def asked(office: Office, colleague: AgentId = MONA_ID) -> str:
    """Ines looks for somebody: the link of a colleague."""
    agent = timetables.look(INES_ID, office.services)
    assert agent is not None
    stood = stand_ins.ask(INES_ID, agent.slots.slots[0].id, TUESDAY, office.services)
    assert stood is not None
    id = link_id(stood.id, colleague)
    return office.services.links.to_stand_in(id).removeprefix(BASE)


def confirmed(office: Office) -> bool:
    with office.services.store.reading() as tx:
        return bool(tx.timetables.confirmed(INES_ID))


def heading(answer: TestResponse) -> str:
    page = answer.get_data(as_text=True)
    return page.partition("<h1>")[2].partition("</h1>")[0].replace("&nbsp;", " ")


def test_looking_at_a_slot_says_it_and_changes_nothing(office: Office, web: FlaskClient) -> None:
    answer = web.get(slot_link(office))

    page = answer.get_data(as_text=True)
    assert (answer.status_code, heading(answer)) == (200, "Serez-vous là ?")
    assert "mardi 1er décembre 2026 de 9 h à 12 h" in page
    assert not [each for each in ("Ines", "exemple.test", "465710001") if each in page]
    assert web.head(slot_link(office)).status_code == 200
    assert (confirmed(office), wanted(office)) == (False, [])


def test_one_press_says_that_they_will_be_there_and_twice_is_once(
    office: Office, web: FlaskClient
) -> None:
    link = slot_link(office)

    answers = [web.post(f"{link}/confirm", base_url=BASE) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert heading(web.get(link)) == "C’est noté : vous serez là"
    assert confirmed(office)


def test_one_press_looks_for_a_stand_in_and_another_takes_that_back(
    office: Office, web: FlaskClient
) -> None:
    link = slot_link(office)
    web.post(f"{link}/confirm", base_url=BASE)

    for _ in range(2):
        web.post(f"{link}/stand-in", base_url=BASE)
    looking = heading(web.get(link))
    [one] = wanted(office)
    still = confirmed(office)
    web.post(f"{link}/confirm", base_url=BASE)

    assert (looking, still, one.released) == ("Nous cherchons un remplaçant", False, False)
    assert [each.state for each in wanted(office)] == ["withdrawn"]
    assert confirmed(office)


def test_a_colleague_sees_what_is_asked_and_takes_it_with_one_press(
    office: Office, web: FlaskClient
) -> None:
    mona, malo = asked(office), asked(office, MALO_ID)

    seen = heading(web.get(mona))
    taken = [heading(web.post(each, base_url=BASE)) for each in (mona, mona, malo)]

    mine = "C’est noté, merci : cette plage est à vous"
    assert seen == "Un collègue cherche un remplaçant"
    assert taken == [mine, mine, "Déjà pris, merci"]
    assert heading(web.get(malo)) == "Déjà pris, merci"
    assert web.get(slot_link_before(office)).status_code == 404


def slot_link_before(office: Office) -> str:
    [each] = wanted(office)
    id = DutyLink.of(INES_ID, each.occurrence).id
    return office.services.links.to_duty(id).removeprefix(BASE)


@pytest.mark.parametrize("token", ["1", "x" * 29, "é" * 29, "9" * 5000])
def test_whoever_guesses_finds_nothing(web: FlaskClient, token: str) -> None:
    for path in (f"/creneau/{token}", f"/remplacement/{token}"):
        assert web.get(path).status_code == 404
    for path in (f"/creneau/{token}/confirm", f"/creneau/{token}/stand-in"):
        assert web.post(path, base_url=BASE).status_code == 404
    assert web.post(f"/remplacement/{token}", base_url=BASE).status_code == 404


def test_a_link_for_one_thing_opens_no_other(office: Office, web: FlaskClient) -> None:
    slot, mona = (each.rpartition("/")[2] for each in (slot_link(office), asked(office)))

    assert web.get(f"/remplacement/{slot}").status_code == 404
    assert web.get(f"/creneau/{mona}").status_code == 404
    other = office.services.links.token("0" * 24, Purpose.CHANGE)
    assert web.get(f"/creneau/{other}").status_code == 404
    nobody = office.services.links.token(f"{99:08x}" + "0" * 16, Purpose.DUTY)
    assert web.get(f"/creneau/{nobody}").status_code == 404


def test_a_closed_account_and_a_changed_slot_are_answered_like_no_slot_at_all(
    office: Office, web: FlaskClient
) -> None:
    link, mona = slot_link(office), asked(office)
    unknown = web.get("/creneau/1").get_data()
    for helper, id in ((INES, INES_ID), (MONA, MONA_ID)):
        users.create(Email(helper.email), Grant(Role.AGENT, "orcieres"), office.services)
        with office.services.store.writing() as tx:
            known = tx.users.of_email(Email(helper.email))
            assert known is not None
            tx.users.link_agent(known.id, id)
        users.disable(Email(helper.email), office.services)

    answers = [web.get(link), web.get(mona), web.post(mona, base_url=BASE)]

    assert {each.status_code for each in answers} == {404}
    assert {each.get_data() for each in answers} == {unknown}


def test_no_other_site_presses(office: Office, web: FlaskClient) -> None:
    there = {"Sec-Fetch-Site": "cross-site"}

    for path in (slot_link(office) + "/confirm", asked(office)):
        assert web.post(path, base_url=BASE, headers=there).status_code == 403
    assert not confirmed(office)
    assert [each.state for each in wanted(office)] == ["open"]
