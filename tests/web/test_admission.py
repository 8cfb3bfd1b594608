"""Role × door × object: who comes in where, as data, proven door by door."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from dispatcher.carrier.identity import Provider
from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Pattern, SlotId
from dispatcher.domain.partners import Partners
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.slots import Span
from dispatcher.domain.users import Email
from dispatcher.domain.zones import Zones
from dispatcher.operations import sessions, timetables, users
from dispatcher.web import admission
from dispatcher.web.app import create_app
from dispatcher.web.doors import DOORS, Way
from tests.office import BASE, Office
from tests.people import INES, YANN
from tests.web.accounts import SIGN_IN, Browser, enrols, signed_in, user

PEOPLE: Mapping[str, Grant] = {
    "citizen": Grant(Role.CITIZEN),
    "volunteer": Grant(Role.VOLUNTEER, "orcieres"),
    "agent": Grant(Role.AGENT, "orcieres"),
    "authorised": Grant(Role.AUTHORISED, "orcieres"),
    "manager": Grant(Role.MANAGER, "orcieres"),
    "manager elsewhere": Grant(Role.MANAGER, "brest"),
    "coordinator": Grant(Role.COORDINATOR, zones=Zones.parse("departement:05")),
    "coordinator elsewhere": Grant(Role.COORDINATOR, zones=Zones.parse("departement:29")),
    "technical": Grant(Role.TECHNICAL),
}
"""One of each role, and those of another house or territory."""
EVERYBODY = frozenset(PEOPLE)
COORDINATORS = frozenset({"coordinator", "coordinator elsewhere"})
ANSWERERS = EVERYBODY - {"citizen", "technical"}
"""Who may have slots; what these accounts have is none, being of nobody in the directory."""
RUN_ORCIERES = frozenset({"manager", "coordinator"})
RUN_BREST = frozenset({"manager elsewhere", "coordinator elsewhere"})
SEE_ALPS = frozenset({"coordinator", "technical"})
SEE_BREST = frozenset({"coordinator elsewhere", "technical"})
OF_A_TEAM: Mapping[str, str] = {
    "team_planning.page": "",
    "team_planning.post": "",
    "team_planning.events": "/evenements",
    "team_planning.absent": "/absences",
    "team_planning.back": "/absences/fin",
    "team_planning.slot": "/creneaux/{slot}",
    "team_planning.edit": "/creneaux/{slot}",
    "team_planning.stop": "/creneaux/{slot}/fin",
    "team_planning.day": "/creneaux/{slot}/2026-12-01",
    "team_planning.move": "/creneaux/{slot}/2026-12-01",
    "team_planning.cancel": "/creneaux/{slot}/2026-12-01/annulation",
}
"""The planning of an agent of a house, where ``{slot}`` is one of the first agent's."""
DOORWAYS: Mapping[tuple[str, str], frozenset[str]] = {
    ("accounts.page", "/compte"): EVERYBODY,
    ("accounts.code", "/compte/code"): EVERYBODY,
    ("accounts.propose_code", "/compte/code/cle"): EVERYBODY,
    ("accounts.enrol_code", "/compte/code"): EVERYBODY,
    ("accounts.new_papers", "/compte/papiers"): EVERYBODY,
    ("accounts.set_password", "/compte/mot-de-passe"): EVERYBODY,
    ("accounts.end_one", "/compte/sessions/{own}/fin"): EVERYBODY,
    ("accounts.end_one", "/compte/sessions/{others}/fin"): frozenset(),
    ("accounts.end_one", "/compte/sessions/none/fin"): frozenset(),
    ("accounts.end_everywhere", "/compte/sessions/fin"): EVERYBODY,
    ("sign_ins.sign_out", "/connexion/fin"): EVERYBODY,
    ("desk.page", "/agent"): ANSWERERS,
    ("desk.look", "/agent/desk.json"): ANSWERERS,
    ("desk.come_on", "/agent/disponible"): ANSWERERS,
    ("desk.rest", "/agent/pause"): ANSWERERS,
    ("desk.leave", "/agent/hors-ligne"): ANSWERERS,
    ("desk.open_stream", "/agent/flux"): ANSWERERS,
    ("desk.pass_on", "/agent/appels/none/passer"): frozenset(),
    ("desk.hang_up", "/agent/appels/none/raccrocher"): frozenset(),
    ("desk.extend", "/agent/appels/none/prolonger"): frozenset(),
    ("desk.finish", "/agent/appels/none/fini"): frozenset(),
    ("transfers.page", "/agent/appels/none/transfert"): frozenset(),
    ("transfers.press", "/agent/appels/none/transfert"): frozenset(),
    ("planning.page", "/agent/planning"): ANSWERERS,
    ("planning.post", "/agent/planning"): ANSWERERS,
    ("planning.events", "/agent/planning/evenements"): ANSWERERS,
    ("planning.absent", "/agent/planning/absences"): ANSWERERS,
    ("planning.back", "/agent/planning/absences/fin"): ANSWERERS,
    ("planning.open_calendar", "/agent/planning/adresse"): ANSWERERS,
    ("planning.close_calendar", "/agent/planning/adresse/fin"): ANSWERERS,
    ("planning.slot", "/agent/planning/creneaux/none"): frozenset(),
    ("planning.edit", "/agent/planning/creneaux/none"): frozenset(),
    ("planning.stop", "/agent/planning/creneaux/none/fin"): frozenset(),
    ("planning.day", "/agent/planning/creneaux/none/2026-12-01"): frozenset(),
    ("planning.move", "/agent/planning/creneaux/none/2026-12-01"): frozenset(),
    ("planning.cancel", "/agent/planning/creneaux/none/2026-12-01/annulation"): frozenset(),
    **{
        (endpoint, f"/equipe/orcieres/aidants/1/planning{path}"): RUN_ORCIERES
        for endpoint, path in OF_A_TEAM.items()
    },
    **{
        (endpoint, f"/equipe/{house}/aidants/{agent}/planning{path}"): frozenset[str]()
        for house, agent in (("brest", 1), ("orcieres", 2))
        for endpoint, path in OF_A_TEAM.items()
    },
    ("team_planning.page", "/equipe/brest/aidants/2/planning"): RUN_BREST,
    ("team_planning.slot", "/equipe/brest/aidants/2/planning/creneaux/{slot}"): frozenset(),
    ("team_planning.slot", "/equipe/orcieres/aidants/1/planning/creneaux/none"): frozenset(),
    ("team_planning.page", "/equipe/gap/aidants/1/planning"): frozenset(),
    ("team_planning.page", "/equipe/nowhere/aidants/1/planning"): frozenset(),
    ("team_planning.page", "/equipe/orcieres/aidants/99/planning"): frozenset(),
    ("team_planning.open_calendar", "/equipe/orcieres/aidants/1/planning/adresse"): frozenset(),
    (
        "team_planning.close_calendar",
        "/equipe/orcieres/aidants/1/planning/adresse/fin",
    ): frozenset(),
    ("dispositions.page", "/agent/suivi"): ANSWERERS,
    ("dispositions.sheet", "/agent/suivi/none"): frozenset(),
    ("dispositions.press", "/agent/suivi/none"): frozenset(),
    ("dispositions.draft", "/agent/suivi/none/brouillon"): frozenset(),
    ("softphones.page", "/agent/softphone"): ANSWERERS,
    ("softphones.choose", "/agent/softphone"): frozenset(),
    ("softphones.practice", "/agent/softphone/essai"): frozenset(),
    ("softphones.practise", "/agent/softphone/essai"): frozenset(),
    ("softphones.token", "/agent/softphone/token"): frozenset(),
    ("softphones.look", "/agent/softphone/simulated"): frozenset(),
    ("softphones.act", "/agent/softphone/simulated"): frozenset(),
    ("softphones.beat", "/agent/heartbeat"): frozenset(),
    ("mandates.index", "/agent/mandats"): ANSWERERS,
    ("mandates.draft", "/agent/mandats/nouveau"): frozenset(),
    ("mandates.prepare", "/agent/mandats"): frozenset(),
    ("mandates.sheet", "/agent/mandats/none"): frozenset(),
    ("mandates.press", "/agent/mandats/none"): frozenset(),
    ("mandate_papers.of_house", "/agent/mandats/none/attestation"): frozenset(),
    ("supervision.page", "/supervision"): COORDINATORS | {"technical"},
    ("supervision.figures", "/supervision/figures"): COORDINATORS | {"technical"},
    ("supervision.coverage", "/supervision/couverture"): COORDINATORS | {"technical"},
    ("supervision.coverage_inside", "/supervision/couverture/05"): SEE_ALPS,
    ("supervision.coverage_inside", "/supervision/couverture/29"): SEE_BREST,
    ("supervision.coverage_inside", "/supervision/couverture/75"): frozenset(),
    ("supervision.enter", "/supervision"): frozenset(),
    ("supervision.leave", "/supervision/leave"): frozenset(),
    ("teams.index", "/equipe"): RUN_ORCIERES | RUN_BREST,
    ("teams.page", "/equipe/orcieres"): RUN_ORCIERES,
    ("teams.page", "/equipe/gap"): frozenset({"coordinator"}),
    ("teams.page", "/equipe/brest"): RUN_BREST,
    ("teams.page", "/equipe/nowhere"): frozenset(),
}
"""Whom a door with this object lets in; everybody else with an account gets a 404."""
GUARDED = {Way.ACCOUNT, Way.KEY}


def whole(office: Office) -> Flask:
    """The application with every door that settings can open."""
    partners = Partners((("ccas", "k" * 32),))
    provider = Provider("https://id.test", "c", "s", back="", home="")
    parts = replace(office.parts, demo_key="d" * 32, partners=partners, provider=provider)
    return create_app(parts)


def method(app: Flask, endpoint: str) -> str:
    [rule] = [each for each in app.url_map.iter_rules() if each.endpoint == endpoint]
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def asks(browser: Browser, endpoint: str, path: str) -> int:
    if method(browser.app, endpoint) == "POST":
        return browser.posts(path).status_code
    return browser.opens(path).status_code


@pytest.fixture
def slot(office: Office) -> str:
    """The id of a slot on a Tuesday of the first agent, who is of Orcières; the second is of Brest
    and has none.
    """
    office.has(replace(INES, slots=""), replace(YANN, slots=""))
    assert office.agent(INES).id == 1
    pattern = Pattern(Rule(date(2026, 12, 1)), Span(540, 720))
    posted = timetables.post(AgentId(1), pattern, office.services, id=SlotId("5107"))
    assert isinstance(posted, timetables.Posted)
    return posted.slot.id


@pytest.fixture
def others(office: Office) -> str:
    """The id of a session of somebody else's."""
    email = Email("other@exemple.test")
    signed_in(office, email, Grant(Role.AGENT, "orcieres"))
    return sessions.of(user(office, email).id, office.services)[0].id


def test_every_door_is_in_the_table_and_nothing_else_is(office: Office) -> None:
    found = {rule.endpoint for rule in whole(office).url_map.iter_rules()}

    assert found == set(DOORS)


def test_every_door_that_asks_for_an_account_is_tried_here() -> None:
    guarded = {endpoint for endpoint, door in DOORS.items() if door.way in GUARDED}

    assert {endpoint for endpoint, _ in DOORWAYS} == guarded
    by_place = {endpoint for endpoint, door in DOORS.items() if door.place}
    assert by_place == {"teams.page", *OF_A_TEAM}, "each with an object of another house"


@pytest.mark.parametrize("who", PEOPLE)
def test_a_role_opens_its_doors_and_all_others_are_not_there(
    office: Office, slot: str, others: str, who: str
) -> None:
    email = Email(f"{who.replace(' ', '.')}@exemple.test")
    signed_in(office, email, PEOPLE[who])
    seen = {}
    for endpoint, path in DOORWAYS:
        browser = Browser(office.app)
        named = path.replace("{slot}", slot)
        seen[endpoint, path] = _tries(office, browser, email, others, endpoint, named)

    expected = {at: who in people for at, people in DOORWAYS.items()}
    assert {at: status != 404 for at, status in seen.items()} == expected
    assert set(seen.values()) <= {200, 303, 400, 404, 409, 422}


def _tries(
    office: Office, browser: Browser, email: Email, others: str, endpoint: str, path: str
) -> int:
    assert browser.comes_in(users.link(email, office.services) or "").status_code == 303
    own = sessions.of(user(office, email).id, office.services)[0].id
    return asks(browser, endpoint, path.format(own=own, others=others))


@pytest.mark.parametrize(("endpoint", "path"), DOORWAYS)
def test_whoever_is_not_signed_in_is_asked_to_and_learns_nothing(
    office: Office, others: str, endpoint: str, path: str
) -> None:
    stranger = Browser(office.app)

    answer = stranger.client.open(
        path.format(own="none", others=others, slot="none"),
        method=method(office.app, endpoint),
        base_url=BASE,
    )

    if endpoint in {"supervision.enter", "supervision.leave"}:
        assert answer.status_code == 404, "there is no key in these settings"
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(SIGN_IN)


def test_a_door_that_is_in_no_table_opens_to_nobody(office: Office) -> None:
    app = Flask("another")
    app.extensions.update(office.app.extensions)
    app.before_request(admission.admit)
    app.add_url_rule("/new", "new", lambda: "shown")

    assert app.test_client().get("/new").status_code == 404


@pytest.mark.parametrize(
    "guarded",
    [
        (endpoint, path)
        for (endpoint, path), people in DOORWAYS.items()
        if "{" not in path and ("manager" in people or not endpoint.startswith("team_planning."))
    ],
)
def test_a_form_that_no_page_of_ours_gave_is_refused(
    office: Office, guarded: tuple[str, str]
) -> None:
    endpoint, path = guarded
    if method(office.app, endpoint) == "GET" or endpoint.startswith("supervision."):
        return
    both = (PEOPLE["manager"], PEOPLE["authorised"])
    carla = signed_in(office, Email("carla@exemple.test"), *both)
    good = carla.token

    for form, headers in (
        ({}, {}),
        ({"jeton": "x"}, {}),
        ({"jeton": signed_in(office, Email("m@exemple.test")).token}, {}),
        ({"jeton": good}, {"Sec-Fetch-Site": "cross-site"}),
        ({"jeton": good}, {"Sec-Fetch-Site": "same-site"}),
    ):
        answer = carla.client.post(path, data=form, base_url=BASE, headers=headers)
        assert answer.status_code == 403
    assert carla.opens().status_code == 200


def test_whoever_has_not_given_their_code_comes_in_nowhere_else(office: Office) -> None:
    carla = signed_in(office)
    enrols(office, carla)
    half = Browser(office.app)

    entered = half.comes_in(users.link(Email("carla@exemple.test"), office.services) or "")

    assert entered.headers["Location"] == SIGN_IN + "/code"
    assert half.opens(SIGN_IN + "/code").status_code == 200
    for endpoint, path in DOORWAYS:
        if method(office.app, endpoint) == "GET":
            assert half.opens(path).status_code == 303, path
    assert carla.opens(SIGN_IN + "/code").status_code == 303, "and nobody is asked twice"


def test_the_pages_are_kept_nowhere_and_framed_by_nobody(office: Office) -> None:
    carla = signed_in(office, Email("c@exemple.test"), PEOPLE["coordinator"])

    for path in ("/compte", "/compte/code", "/equipe/gap", "/supervision", SIGN_IN):
        answer = carla.opens(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r" style=| on\w+=", answer.get_data(as_text=True))
