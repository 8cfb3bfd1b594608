"""An agent writes of a conversation: with the keyboard, in two windows, and while nothing is saved."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.dispositions import Writing
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import dispositions, users
from tests.browser.conftest import Seen
from tests.browser.test_requests import picture
from tests.browser.test_signing_in import Desk, desk, presses
from tests.browser.test_telephones import faults, pictures
from tests.conversations import talks
from tests.office import BASE
from tests.people import INES
from tests.processes import needs_proc

pytestmark = needs_proc
__all__ = ["desk", "pictures"]
PAGE = "/agent/suivi/o1"
SAVED = "[data-state]:text('Enregistré.')"
TROUBLE = "[data-trouble]:not(:empty)"


@pytest.fixture
def ines(desk: Desk, seen: Seen) -> Seen:
    """She is signed in, and had a conversation."""
    office = desk.office
    office.has(INES)
    talks(office.services)
    link = users.create(Email(INES.email), Grant(Role.AGENT, "orcieres"), office.services)
    assert link is not None
    seen.page.goto(link.replace(BASE, desk.home))
    presses(seen, "Entrer")
    seen.page.goto(desk.home + PAGE)
    seen.wrong.clear()  # no icon yet
    return seen


def kept(desk: Desk) -> Writing:
    found = dispositions.look(OfferId("o1"), AgentId(1), desk.office.services)
    assert found is not None
    return found.disposition.writing


def test_the_keyboard_alone_writes_books_and_sends(desk: Desk, ines: Seen, pictures: Path) -> None:
    page = ines.page
    assert faults(ines) == []
    ines.tabs_to("matter")
    page.keyboard.type("Impôts")
    ines.tabs_to("outcome")
    page.keyboard.press("Space")
    ines.tabs_to("note")
    page.keyboard.type("Revient jeudi.")
    page.wait_for_selector(SAVED)
    assert kept(desk).whole
    assert kept(desk).note == "Revient jeudi."

    page.press("summary:text('Rappeler')", "Enter")
    page.press("button[value=book]", "Enter")
    page.wait_for_selector("#problems:focus")
    assert faults(ines) == []
    picture(ines, pictures, "compte-rendu")
    page.click("label[for=mine]")
    page.click("label[for=when-tomorrow]")
    page.press("button[value=book]", "Enter")
    page.wait_for_selector("[role=status]:focus")
    assert "la personne sera rappelée" in ines.reads("[role=status]")

    page.press("summary:text('Envoyer')", "Enter")
    page.click("label[for=recap]")
    page.click("label[for=by]")
    page.press("button[value=recap]", "Enter")
    page.wait_for_selector("[role=status]:text('le récapitulatif part')")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    [refused] = ines.wrong
    assert "status of 422" in refused

    picture(ines, pictures, "compte-rendu-fini")


def test_nothing_typed_is_lost_while_nothing_can_be_saved(desk: Desk, ines: Seen) -> None:
    page = ines.page
    lost: list[str] = []

    def lose(route: Route) -> None:
        """The server hears it, and its answer is lost; then nothing is heard at all."""
        if not lost:
            route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/brouillon", lose)
    page.fill("#note", "Revient")
    page.wait_for_selector(TROUBLE)
    assert "Nous réessayons" in ines.reads(TROUBLE)
    page.fill("#note", "Revient jeudi.")
    assert kept(desk).note == "Revient"

    page.unroute("**/brouillon")
    page.evaluate("dispatchEvent(new Event('online'))")

    page.wait_for_selector(SAVED)
    assert kept(desk).note == "Revient jeudi."
    assert page.query_selector(TROUBLE) is None


def test_of_two_windows_the_later_is_told_and_loses_nothing(desk: Desk, ines: Seen) -> None:
    page, other = ines.page, ines.page.context.new_page()
    other.goto(desk.home + PAGE)
    types(page, "ici")
    page.wait_for_selector(SAVED)

    types(other, "là")
    other.wait_for_selector(TROUBLE)

    assert "dans une autre fenêtre" in other.inner_text(TROUBLE)
    assert other.input_value("#note") == "là"
    assert kept(desk).note == "ici"
    other.click("button[value=save]")
    other.wait_for_selector("#problems:focus")
    assert kept(desk).note == "ici", "they are asked first"
    other.select_option("#matter", "money.taxes")
    other.click("label[for=outcome]")
    other.click("button[value=save]")
    other.wait_for_selector("[role=status]:focus")
    assert kept(desk).note == "là"


def test_whoever_signed_in_again_elsewhere_goes_on(desk: Desk, ines: Seen) -> None:
    page, office = ines.page, desk.office
    other = page.context.new_page()
    other.goto(desk.home + "/compte")
    other.click("button:text('Me déconnecter partout')")
    types(page, "Revient")
    page.wait_for_selector(TROUBLE)
    assert "plus connecté" in ines.reads(TROUBLE)

    link = users.link(Email(INES.email), office.services)
    assert link is not None
    other.goto(link.replace(BASE, desk.home))
    other.click("button:text('Entrer')")
    other.wait_for_selector("h1:text('Mon compte')")
    page.evaluate("dispatchEvent(new Event('online'))")

    page.wait_for_selector(SAVED)
    assert kept(desk).note == "Revient"


def types(page: Page, words: str) -> None:
    page.fill("#note", words)
