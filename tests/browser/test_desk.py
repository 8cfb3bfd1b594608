"""An agent's desk, lived in with the keyboard: offered, passed on, taken, wrapped up, lost, found."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from dispatcher.domain.agents import AgentId, Pause
from dispatcher.domain.calls import Keys
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import calls, presence, users
from tests.browser.conftest import Demonstration, Seen
from tests.browser.test_requests import picture
from tests.browser.test_signing_in import Desk, desk, presses
from tests.browser.test_telephones import faults, pictures
from tests.office import BASE
from tests.operations.desk import number, sid
from tests.people import INES, LINE
from tests.processes import needs_proc

pytestmark = needs_proc
__all__ = ["desk", "pictures"]

HEARS = "Promise.all(['offer', 'gone'].map((n) => document.addEventListener(`desk:${n}`, () => (window.heard ??= []).push(n))))"


def rings(telephones: Page) -> None:
    """A citizen of Orcières asks for procedures."""
    telephones.bring_to_front()
    telephones.click("#citizen-green")
    telephones.wait_for_selector("#citizen[data-doing=listening]")
    telephones.focus("#citizen-green")
    for so_far in ("0", "05", "051", "0517", "05170"):
        telephones.keyboard.press(so_far[-1])
        telephones.wait_for_selector(f"#citizen .pressed:has-text('{so_far}')")
    telephones.wait_for_selector("#citizen .heard:has-text('démarche')")
    telephones.keyboard.press("1")


def pressed(seen: Seen, act: str, leads_to: str) -> None:
    """With the keyboard alone."""
    seen.page.bring_to_front()
    seen.page.focus(f"[data-desk={act}]")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(leads_to, state="attached")


def comes_in(seen: Seen, demonstration: Demonstration) -> None:
    """Ines opens her account and her desk, which is woken by a stream."""
    seen.page.goto(demonstration.desk)
    presses(seen, "Entrer")
    seen.wrong.clear()  # no icon yet
    with seen.page.expect_event("request", lambda asked: "ticket=" in asked.url):
        seen.page.goto(demonstration.home + "agent")
    seen.page.evaluate(HEARS)
    seen.page.wait_for_selector(".state.free")


def test_an_agent_is_offered_a_call_takes_it_and_wraps_up(
    seen: Seen, demonstration: Demonstration, pictures: Path
) -> None:
    page = seen.page
    comes_in(seen, demonstration)
    telephones = page.context.new_page()
    telephones.goto(demonstration.page)
    telephones.wait_for_selector("#agent[data-doing=idle]")

    rings(telephones)
    page.wait_for_selector("#card:visible")
    assert page.title() == "☎ Un appel · Mon poste"
    assert "Orcières" in seen.reads("#card")
    assert "Un appel pour vous : Orcières" in seen.reads("#alert")
    assert faults(seen) == []
    picture(seen, pictures, "poste-appel")
    telephones.bring_to_front()
    telephones.wait_for_selector("#agent[data-doing=ringing]")
    telephones.click("#agent-green")
    telephones.wait_for_selector("#agent .heard:has-text('Tapez 1')")
    telephones.keyboard.press("1")
    page.wait_for_selector("[data-desk=hangup]")
    assert page.evaluate("heard") == ["offer"]
    pressed(seen, "hangup", ".state.wrap_up")
    telephones.wait_for_selector("#agent[data-doing=idle]")
    assert faults(seen) == []
    picture(seen, pictures, "poste-apres")
    pressed(seen, "extend", "#state:not(:has([data-desk=extend]))")
    assert seen.reads(".countdown").startswith("3:")
    pressed(seen, "finish", ".state.free")
    page.select_option("#motif", "meeting")
    pressed(seen, "rest", ".state.paused")
    assert "Réunion" in seen.reads("#state")
    pressed(seen, "on", ".state.free")
    assert "1 conversation" in seen.reads("#today")
    assert page.evaluate("heard") == ["offer", "gone"]

    signs_out_elsewhere(seen, demonstration)
    assert {url.split("/")[2].split(":")[0] for url in seen.asked} == {"127.0.0.1"}
    assert [one for one in seen.wrong if "Failed to load" not in one] == []


def signs_out_elsewhere(seen: Seen, demonstration: Demonstration) -> None:
    """In another tab; the desk says so."""
    page = seen.page
    elsewhere = page.context.new_page()
    elsewhere.goto(demonstration.home + "compte")
    elsewhere.click("button:text-is('Me déconnecter')")
    page.wait_for_selector("#again:visible")
    assert "Vous êtes déconnecté" in seen.reads("#lost")


@pytest.fixture
def ines(desk: Desk, seen: Seen) -> Seen:
    """She is signed in and at her desk, which asks again and again: there is no stream server."""
    office = desk.office
    office.has(replace(INES, automatic="no"))
    link = users.create(Email(INES.email), Grant(Role.AGENT, "orcieres"), office.services)
    assert link is not None
    seen.page.goto(link.replace(BASE, desk.home))
    presses(seen, "Entrer")
    seen.page.goto(desk.home + "/agent")
    seen.page.wait_for_selector("#habits:visible")
    return seen


def test_a_desk_without_a_stream_asks_again_and_says_when_it_is_lost(
    desk: Desk, ines: Seen, pictures: Path
) -> None:
    page, services = ines.page, desk.office.services
    page.keyboard.press("Alt+Shift+D")
    page.wait_for_selector(".state.free")

    page.context.set_offline(True)
    page.wait_for_selector("#lost:visible")
    assert "La connexion est perdue" in ines.reads("#lost")
    assert faults(ines) == []
    picture(ines, pictures, "poste-perdu")
    page.context.set_offline(False)
    page.wait_for_selector("#lost", state="hidden")

    services.board.free(AgentId(1), at=services.now() - timedelta(minutes=1))
    calls.answer(sid(1), LINE, number(1), None, services)
    for turn, keys in enumerate(("05170", "1"), start=1):
        calls.hear(sid(1), turn, Keys(keys), services)
    page.wait_for_selector("#card:visible")
    pressed(ines, "pass", "#card[hidden]")
    assert "quelqu’un d’autre" in ines.reads("#news")
    assert page.title() == "Mon poste"
    presence.rest(AgentId(1), Pause.MEAL, services)
    page.wait_for_selector(".state.paused")


def test_shortcuts_are_listed_and_can_be_switched_off(ines: Seen, pictures: Path) -> None:
    page = ines.page
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    assert faults(ines) == []
    picture(ines, pictures, "poste-raccourcis")
    page.keyboard.press("Escape")

    page.uncheck("#shortcuts")
    page.keyboard.press("Alt+Shift+D")
    page.keyboard.press("?")
    assert page.query_selector("#keys[open]") is None
    page.reload()
    page.wait_for_selector("#habits:visible")

    assert not page.is_checked("#shortcuts")
    assert "Hors ligne" in ines.reads(".state")
    page.check("#shortcuts")
    page.keyboard.press("Alt+Shift+D")
    page.wait_for_selector(".state.free")
    kept = page.evaluate("Object.entries(localStorage)")
    assert kept == [["desk.shortcuts", "on"]]
