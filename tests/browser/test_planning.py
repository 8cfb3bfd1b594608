"""An agent's week: with the keyboard alone, by the mouse, and at a telephone's width."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Change, Moved, Pattern, Slot
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.slots import Span
from dispatcher.domain.users import Email
from dispatcher.operations import timetables, users
from tests.browser.conftest import Seen
from tests.browser.test_requests import picture
from tests.browser.test_signing_in import Desk, desk, presses
from tests.browser.test_telephones import faults, pictures
from tests.office import BASE
from tests.people import INES
from tests.processes import needs_proc

pytestmark = needs_proc
__all__ = ["desk", "pictures"]
PAGE = "/agent/planning"
TUESDAY = date(2027, 1, 12)
MORNING = Pattern(Rule(TUESDAY, (1,)), Span(540, 720), "Europe/Paris")


@pytest.fixture
def ines(desk: Desk, seen: Seen) -> Seen:
    """She is signed in, and has no slots."""
    office = desk.office
    office.has(replace(INES, slots=""))
    link = users.create(Email(INES.email), Grant(Role.AGENT, "orcieres"), office.services)
    assert link is not None
    seen.page.goto(link.replace(BASE, desk.home))
    presses(seen, "Entrer")
    seen.wrong.clear()  # no icon yet
    return seen


def kept(desk: Desk) -> tuple[Slot, ...]:
    found = timetables.look(AgentId(1), desk.office.services)
    assert found is not None
    return found.slots.slots


def drags(seen: Seen, down: int, across: int = 0) -> None:
    """Take the first slot of the calendar by its middle, and let it go so many hours and days on."""
    page = seen.page
    page.wait_for_selector(".ec-event")
    page.locator("#calendar").scroll_into_view_if_needed()
    box = page.locator(".ec-event").first.bounding_box()
    day = page.locator(".ec-body .ec-day").first.bounding_box()
    assert box is not None
    assert day is not None
    x, y, hour = box["x"] + box["width"] / 2, box["y"] + 20, box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across * day["width"] / 2, y + down * hour / 2, steps=5)
    page.mouse.move(x + across * day["width"], y + down * hour, steps=5)
    page.mouse.up()


def test_the_keyboard_alone_posts_a_slot_and_mends_it(
    desk: Desk, ines: Seen, pictures: Path
) -> None:
    page = ines.page
    page.goto(desk.home + PAGE + "?semaine=2027-01-11")
    page.wait_for_selector(".ec-day")
    assert faults(ines) == []

    ines.tabs_to("day_1")
    page.keyboard.press("Space")
    ines.tabs_to("start")
    page.keyboard.type("9h")
    ines.tabs_to("end")
    page.keyboard.type("midi et demi")
    page.keyboard.press("Tab")
    presses(ines, "Poser cette plage")
    assert "pas compris cette heure" in ines.reads("[role=alert]")
    assert faults(ines) == []
    picture(ines, pictures, "planning-erreur")

    page.fill("#end", "12h30")
    presses(ines, "Poser cette plage")
    page.wait_for_selector(".ec-event")
    assert "la plage est posée" in ines.reads("#news")
    assert "Tous les mardis de 9 h à 12 h 30" in ines.reads("#weeks")
    assert faults(ines) == []
    picture(ines, pictures, "planning")
    page.click("text=Déplacer ou changer les heures >> nth=0")
    assert faults(ines) == []
    picture(ines, pictures, "planning-jour")
    page.click("text=Pour tous les jours")
    assert faults(ines) == []
    picture(ines, pictures, "planning-plage")
    assert [slot.pattern.span for slot in kept(desk)] == [(540, 750)]
    assert {url.split("/")[2] for url in ines.asked} == {desk.home.split("/")[2]}


def test_a_slot_is_dragged_on_one_day_or_on_all(desk: Desk, ines: Seen, pictures: Path) -> None:
    page, services = ines.page, desk.office.services
    timetables.post(AgentId(1), MORNING, services)
    page.goto(desk.home + PAGE + "?semaine=2027-01-11")

    drags(ines, 2, 1)
    picture(ines, pictures, "planning-question")
    assert faults(ines) == []
    page.click("#ask-one")
    page.wait_for_selector("#news .news")
    [slot] = kept(desk)
    assert slot.changes == (Change(TUESDAY, Moved(date(2027, 1, 13), Span(660, 840))),)
    assert "est déplacée au mercredi 13 janvier" in ines.reads("#weeks")

    page.goto(desk.home + PAGE + "?semaine=2027-01-18")
    drags(ines, -1)
    page.click("#ask-all")
    page.wait_for_selector("#news .news")
    assert kept(desk)[0].pattern == replace(MORNING, span=Span(480, 660))

    page.goto(desk.home + PAGE + "?semaine=2027-01-18")
    drags(ines, 2)
    page.click("#ask-none")
    assert kept(desk)[0].version == 3
    assert ines.wrong == []


def test_a_drag_over_what_somebody_else_changed_says_so(desk: Desk, ines: Seen) -> None:
    page, services = ines.page, desk.office.services
    timetables.post(AgentId(1), MORNING, services)
    page.goto(desk.home + PAGE + "?semaine=2027-01-11")
    page.wait_for_selector(".ec-event")
    [slot] = kept(desk)
    timetables.edit(AgentId(1), slot, replace(MORNING, span=Span(600, 780)), services)

    drags(ines, 2)
    page.click("#ask-one")
    page.wait_for_selector("#news .wrong")

    assert "Quelqu’un l’a changé entre-temps" in ines.reads("#news")
    assert kept(desk)[0].changes == ()


def test_a_free_time_is_drawn_and_kept(desk: Desk, ines: Seen) -> None:
    page = ines.page
    page.goto(desk.home + PAGE + "?semaine=2027-01-11")
    page.wait_for_selector(".ec-day")
    page.locator("#calendar").scroll_into_view_if_needed()
    box = page.locator(".ec-body .ec-day").nth(1).bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 200, steps=8)
    page.mouse.up()
    page.click("#ask-one")
    page.wait_for_selector("#news .news")

    [slot] = kept(desk)
    assert slot.pattern.rule == Rule(TUESDAY)
