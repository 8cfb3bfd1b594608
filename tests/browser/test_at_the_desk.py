"""A day at the desk, lived in the page alone: two agents, a citizen, and a network that fails."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dispatcher.domain.channels import Channel
from dispatcher.domain.offers import End
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import dispositions, softphones, users
from dispatcher.simulator import PhoneCall
from tests.browser.conftest import Demonstration, Seen, browser, seen
from tests.browser.test_requests import picture
from tests.browser.test_softphones import Lived, lived
from tests.browser.test_telephones import faults, pictures
from tests.office import BASE
from tests.people import INES, LINE, MALO, ROSE, Helper
from tests.processes import eventually, needs_proc

pytestmark = needs_proc
__all__ = ["Demonstration", "browser", "lived", "pictures", "seen"]
READY = "#softphone[data-doing=ready]"
TWICE = "Array.from(document.querySelectorAll('[id]'), (e) => e.id).filter((id, n, all) => all.indexOf(id) < n)"
TALKS = "#card [data-desk=hangup]"


def at_their_desk(lived: Lived, page: Page, helper: Helper) -> None:
    """They are signed in, rung in their page alone, and have practised."""
    office = lived.office
    agent = office.agent(helper).id
    softphones.practise(agent, office.services)
    softphones.open_for(agent, office.services)
    softphones.choose(agent, Channel.BROWSER, office.services)
    link = users.create(Email(helper.email), Grant(Role.AGENT, helper.structure), office.services)
    assert link is not None
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto(link.replace(BASE, lived.home))
    page.click("button:text-is('Entrer')")
    page.goto(lived.home + "/agent")
    page.wait_for_selector("#habits:visible")
    page.evaluate("setInterval(desk.look, 250)")  # as often as a stream would wake it


@pytest.fixture
def ines(lived: Lived, seen: Seen) -> Seen:
    lived.office.has(replace(INES, automatic="no"), replace(MALO, automatic="no"))
    at_their_desk(lived, seen.page, INES)
    return seen


@pytest.fixture
def malo(lived: Lived, ines: Seen, browser: Browser) -> Iterator[Page]:
    """In a browser of his own."""
    context = browser.new_context(viewport={"width": 320, "height": 900}, locale="fr-FR")
    page = context.new_page()
    at_their_desk(lived, page, MALO)
    yield page
    context.close()


def rose_rings(lived: Lived) -> list[PhoneCall]:
    """Who rings, as soon as she has."""
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await lived.office.network.phone(ROSE.number, "Rose").dials(LINE))
        for keys in (ROSE.postal_code, "1"):
            await asyncio.sleep(2)
            await calls[0].presses(keys)
        await calls[0].ends()

    lived.does(rose)
    return calls


def presses_enter(page: Page, act: str, leads_to: str) -> None:
    """With the keyboard alone; whatever comes of it, the focus is still in the page."""
    page.focus(f"[data-desk={act}]:visible")
    page.keyboard.press("Enter")
    page.wait_for_selector(leads_to)
    page.wait_for_function("document.activeElement !== document.body")


def passes_on(page: Page, to: str, how: str) -> None:
    """Through the form that is shown in the desk."""
    page.focus("[data-desk=transfer]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#transfer[open]")
    page.click(f"#transfer label:has-text('{to}')")
    page.check(f"#{how}")
    page.focus("#begin button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#transfer", state="hidden")


def is_free(lived: Lived, helper: Helper) -> bool:
    at, id = lived.office.services.now(), lived.office.agent(helper).id
    found = lived.office.services.board.candidates(at=at)
    return any(each.id == id and each.free_at and each.free_at <= at for each in found)


def written(lived: Lived, page: Page) -> str:
    """What the server has of the report on this page."""
    offer = page.get_attribute("#notes", "data-offer")
    agent = lived.office.agent(INES).id
    found = dispositions.look(offer, agent, lived.office.services)  # type: ignore[arg-type]
    return found.disposition.writing.note if found is not None else ""


def test_an_agent_lives_a_call_and_passes_it_on_without_leaving_the_page(
    lived: Lived, ines: Seen, malo: Page, pictures: Path
) -> None:
    page = ines.page
    page.keyboard.press("Alt+Shift+D")
    page.wait_for_selector(READY)
    assert "Gardez votre téléphone" not in ines.reads("main")
    assert eventually(lived.on_duty)

    calls = rose_rings(lived)
    page.wait_for_selector("[data-desk=accept]:visible")
    assert "Décrochez votre téléphone" not in ines.reads("#card")
    presses_enter(page, "accept", TALKS)
    assert eventually(lambda: calls[0].with_whom)

    page.fill("#note", "Revient jeudi.")
    page.click("#touches summary")
    presses_enter(page, "hold", "[data-desk=resume]")
    assert page.is_visible("[data-digit='5']"), "what was open stays so"
    presses_enter(page, "resume", "[data-desk=hold]")
    assert "vous revenez à la personne" in ines.reads("#news")
    assert eventually(lambda: calls[0].with_whom)
    assert faults(ines) == []
    picture(ines, pictures, "poste-conversation")

    malo.click("[data-desk=on]")
    malo.wait_for_selector(READY)
    assert eventually(lambda: is_free(lived, MALO))
    asks_for_a_word(lived, ines, malo, pictures)
    presses_enter(page, "complete", ".state.wrap_up")
    malo.wait_for_selector("[data-desk=hold]")
    assert eventually(lambda: calls[0].with_whom)

    assert page.input_value("#note") == "Revient jeudi."
    assert eventually(lambda: written(lived, page) == "Revient jeudi.")
    page.click("#disposition-again summary")
    assert page.is_visible("#mine"), "it is over, and another call may be booked"
    assert page.evaluate(TWICE) == [], "what is shown in the desk has names of its own"
    presses_enter(page, "extend", "#state:not(:has([data-desk=extend]))")
    presses_enter(page, "finish", ".state.free")
    assert eventually(lambda: is_free(lived, INES))
    comes_as_a_third(ines, malo)

    malo.click("[data-desk=leave]")
    malo.wait_for_selector(".state.wrap_up")
    presses_enter(page, "hangup", ".state.wrap_up")
    assert eventually(lambda: calls[0].ended)
    assert lived.office.ends(calls[0]) == [End.ANSWERED] * 3
    assert [each for each in ines.wrong if "Failed to load" not in each] == []


def asks_for_a_word(lived: Lived, ines: Seen, malo: Page, pictures: Path) -> None:
    """Ines asks Malo, whose desk says what it is about, and that nobody else hears them."""
    page = ines.page
    page.click("[data-desk=transfer]")
    page.click("#transfer #begin button")
    page.wait_for_selector("#transfer .wrong:focus")
    assert faults(ines) == []
    picture(ines, pictures, "poste-passer")
    page.keyboard.press("Escape")
    passes_on(page, "Malo", "warm")
    page.wait_for_selector("#news:has-text('nous appelons')")

    malo.wait_for_selector("#card-title:has-text('Ines vous demande')")
    malo.click("[data-desk=accept]:visible")
    page.wait_for_selector("[data-desk=complete]")
    assert "ne vous entend pas" in malo.inner_text("#stage")
    assert not malo.is_visible("[data-desk=hold]"), "nobody he could hold is with him"
    assert ines.reads("#news") == ""


def comes_as_a_third(ines: Seen, malo: Page) -> None:
    """Malo has Ines come back; then all three are there."""
    passes_on(malo, "Ines", "third")
    ines.page.wait_for_selector("[data-desk=accept]:visible")
    ines.page.keyboard.press("Alt+Shift+A")
    malo.click("[data-desk=complete]")
    malo.wait_for_selector("[data-desk=leave]")
    assert malo.inner_text("#news") == "C’est noté : vous êtes trois."
    ines.page.wait_for_selector("#stage:has-text('Vous êtes trois')")


def test_a_lost_network_and_a_closed_tab_leave_the_call_and_what_was_written(
    lived: Lived, ines: Seen
) -> None:
    page, context = ines.page, ines.page.context
    page.click("[data-desk=on]")
    page.wait_for_selector(READY)
    calls = rose_rings(lived)
    page.wait_for_selector("[data-desk=accept]:visible")
    page.keyboard.press("Alt+Shift+A")
    page.wait_for_selector("#note")

    context.set_offline(True)
    page.wait_for_selector("#lost:visible")
    page.fill("#note", "Pendant la panne.")
    page.click("[data-desk=transfer]")
    page.wait_for_selector("#news:has-text('rien n’est parti')")
    page.click("[data-desk=hold]")
    assert page.url.endswith("/agent"), "leaving would cut the call"
    assert faults(ines) == []
    context.set_offline(False)
    page.wait_for_selector("#lost", state="hidden")
    assert ines.reads("#news") == ""
    assert eventually(lambda: written(lived, page) == "Pendant la panne.")
    assert calls[0].with_whom, "nothing that was pressed meanwhile was done"

    with page.expect_event("dialog") as warned:
        page.close(run_before_unload=True)
    warned.value.dismiss()
    presses_enter(page, "hangup", ".state.wrap_up")
    page.wait_for_selector(READY)
    page.click("[data-desk=finish]")
    assert eventually(lambda: is_free(lived, INES))
    page.close(run_before_unload=True)
    assert eventually(lambda: not lived.on_duty()), "nobody is rung behind a page that is closed"
