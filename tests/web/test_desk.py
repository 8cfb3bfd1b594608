"""An agent's desk over HTTP: the page that needs no script, what its script reads, and who may not."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatcher.domain.calls import Keys
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.tickets import HOLDS_FOR, Streams, Tickets
from dispatcher.domain.users import Email
from dispatcher.operations import calls, screening
from dispatcher.web import guards
from tests.office import Office
from tests.operations.desk import number, sid
from tests.people import GUY, INES, LINE
from tests.web.accounts import Browser, signed_in

JSON = {"Accept": "application/json"}
CSP = "Content-Security-Policy"


@pytest.fixture
def ines(office: Office) -> Browser:
    office.has(INES, GUY)
    office.run(office.waits(5))
    return signed_in(office, Email(INES.email), Grant(Role.AGENT, "orcieres"))


def rings(office: Office, n: int = 1) -> str:
    """Somebody from Orcières rings, and Ines is offered them: the offer."""
    calls.answer(sid(n), LINE, number(n), None, office.services)
    calls.hear(sid(n), 1, Keys("05170"), office.services)
    calls.hear(sid(n), 2, Keys("1"), office.services)
    [offer] = office.open_offers()
    return offer.id


def state(browser: Browser) -> str:
    found: str = json.loads(browser.opens("/agent/desk.json").data)["state"]
    return found


def test_without_a_script_everything_is_pressed_and_said(ines: Browser) -> None:
    assert "Disponible" in ines.reads("/agent")

    paused = ines.posts("/agent/pause", motif="meeting")

    assert paused.headers["Location"].endswith("/agent?fait=pause")
    page = ines.reads("/agent?fait=pause")
    assert "vous êtes en pause" in page
    assert "Réunion, 1 heure" in page
    ines.posts("/agent/hors-ligne")
    assert "Hors ligne" in ines.reads("/agent")
    ines.posts("/agent/disponible")
    assert state(ines) == "free"


@pytest.mark.parametrize("motif", ["", "day_over", "missed", "nothing"])
def test_a_pause_without_a_reason_of_the_list_is_a_short_one(ines: Browser, motif: str) -> None:
    ines.posts("/agent/pause", motif=motif)

    assert "Sans motif" in ines.reads("/agent")


def test_a_card_says_where_and_what_and_no_number(office: Office, ines: Browser) -> None:
    rings(office)

    page, told = ines.reads("/agent"), ines.opens("/agent/desk.json")

    for text in (page, told.get_data(as_text=True)):
        assert "Orcières" in text
        assert "démarches administratives" in text
        assert "Numéro non vérifié" in text.replace("&nbsp;", " ")
        assert number(1).removeprefix("+33") not in text
    assert json.loads(told.data)["offer"]["talking"] is False
    assert "tapez 1" in page


def test_a_pass_after_the_key_on_the_telephone_is_too_late(office: Office, ines: Browser) -> None:
    offer = rings(office)
    screening.screen(offer, sid(900), office.services)  # type: ignore[arg-type]
    screening.press(offer, Keys("1"), office.services)  # type: ignore[arg-type]

    answer = ines.posts(f"/agent/appels/{offer}/passer")

    assert answer.headers["Location"].endswith("fait=trop-tard")
    assert state(ines) == "talking"
    assert ines.posts(f"/agent/appels/{offer}/raccrocher").headers["Location"].endswith("raccroche")


@pytest.mark.parametrize("act", ["passer", "raccrocher", "prolonger", "fini"])
def test_what_is_somebody_elses_is_too_late_and_stays(
    office: Office, ines: Browser, act: str
) -> None:
    offer = rings(office)
    guy = signed_in(office, Email(GUY.email), Grant(Role.AGENT, "guillestre"))

    answer = guy.posts(f"/agent/appels/{offer}/{act}")

    assert answer.headers["Location"].endswith("fait=trop-tard")
    assert state(ines) == "offered"
    assert office.open_offers()[0].declined_at is None


def test_a_script_is_answered_with_the_desk_and_nothing_when_nothing_changed(
    office: Office, ines: Browser
) -> None:
    first = ines.opens("/agent/desk.json")
    same = ines.opens("/agent/desk.json", If_None_Match=first.headers["ETag"])
    rings(office)
    other = ines.opens("/agent/desk.json", If_None_Match=first.headers["ETag"])

    assert (first.status_code, same.status_code, other.status_code) == (200, 304, 200)
    assert same.headers["X-Now"]
    assert first.headers["Cache-Control"] == "no-store"
    ines.headers = JSON
    told = json.loads(ines.posts("/agent/pause").data)
    assert told["news"].startswith("C’est noté")
    assert told["state"] == "paused"
    assert set(told["parts"]) == {"card", "state", "callbacks", "today"}


def test_a_form_of_no_page_of_ours_changes_nothing(ines: Browser) -> None:
    answer = ines.client.post("/agent/hors-ligne", base_url="https://permanence.test")

    assert answer.status_code == 403
    assert state(ines) == "free"


def test_an_account_of_nobody_in_the_directory_has_no_desk(office: Office) -> None:
    carla = signed_in(office, Email("carla@exemple.test"), Grant(Role.AGENT, "orcieres"))

    assert "l’annuaire" in carla.reads("/agent")
    assert carla.posts("/agent/appels/x/passer").status_code == 404


def test_a_ticket_is_of_this_session_for_a_minute(office: Office, ines: Browser) -> None:
    assert ines.posts("/agent/flux").status_code == 204, "there is no stream server"
    assert "connect-src" not in ines.opens("/agent").headers[CSP]
    tickets = Tickets(b"t" * 32)
    streams = Streams("https://flux.permanence.test/poste", tickets)
    extension = office.app.extensions
    extension[guards.EXTENSION] = replace(extension[guards.EXTENSION], streams=streams)

    url = json.loads(ines.posts("/agent/flux").data)["url"]

    at, ticket = office.services.now(), url.partition("?ticket=")[2]
    session = tickets.session(ticket, at=at + HOLDS_FOR - timedelta(seconds=2))
    assert url.startswith("https://flux.permanence.test/poste/?ticket=")
    assert session is not None
    assert session not in ines.cookie
    assert tickets.session(ticket, at=at + HOLDS_FOR + timedelta(seconds=2)) is None
    assert Tickets(b"o" * 32).session(ticket, at=at) is None
    assert "connect-src 'self' https://flux.permanence.test;" in ines.opens("/agent").headers[CSP]


@pytest.mark.parametrize("shown", ["", ".", "..", "a.b.c", "x", "é.1.é", "s.notanumber.x"])
def test_what_is_no_ticket_opens_nothing(office: Office, shown: str) -> None:
    assert Tickets(b"t" * 32).session(shown, at=office.services.now()) is None
