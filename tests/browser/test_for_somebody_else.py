"""Whoever coordinates fills an agent's planning and looks at the days to come; links of slots."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.duty_links import DutyLink
from dispatcher.domain.occurrences import Change, Moved, Pattern, SlotId
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.slots import Span
from dispatcher.domain.stand_ins import link_id
from dispatcher.operations import stand_ins, timetables
from tests.browser.conftest import Seen
from tests.browser.test_planning import drags
from tests.browser.test_requests import picture
from tests.browser.test_signing_in import Desk, desk, presses
from tests.browser.test_telephones import faults, pictures
from tests.office import BASE
from tests.people import INES, MALO, ZOE
from tests.processes import needs_proc

pytestmark = needs_proc
__all__ = ["desk", "pictures"]
PLANNING = "/equipe/orcieres/aidants/1/planning"
TUESDAY = date(2026, 12, 1)
SLOT = SlotId("5107")
INES_ID, MALO_ID = AgentId(1), AgentId(2)


@pytest.fixture
def carla(desk: Desk, seen: Seen) -> Seen:
    """She coordinates the Hautes-Alpes, and is signed in. Ines has one slot, on Tuesdays."""
    office = desk.office
    office.has(*(replace(each, slots="") for each in (INES, MALO, ZOE)))
    pattern = Pattern(Rule(TUESDAY, (1,)), Span(540, 720), "Europe/Paris")
    timetables.post(INES_ID, pattern, office.services, id=SLOT)
    seen.page.goto(desk.link())
    presses(seen, "Entrer")
    seen.wrong.clear()  # no icon yet
    return seen


def links(desk: Desk) -> Iterator[tuple[str, str]]:
    """What Ines and Malo are sent of that slot."""
    services = desk.office.services
    agent = timetables.look(INES_ID, services)
    assert agent is not None
    [each] = agent.slots.occurrences(TUESDAY, TUESDAY)
    yield "creneau", services.links.to_duty(DutyLink.of(INES_ID, each).id).removeprefix(BASE)
    asked = stand_ins.ask(INES_ID, SLOT, TUESDAY, services)
    assert asked is not None
    link = services.links.to_stand_in(link_id(asked.id, MALO_ID))
    yield "remplacement", link.removeprefix(BASE)


def test_every_page_reads_well_wide_and_narrow(desk: Desk, carla: Seen, pictures: Path) -> None:
    page = carla.page
    pages = {
        "maisons": "/equipe",
        "maison": "/equipe/orcieres",
        "planning-autre": PLANNING + "?semaine=2026-11-30",
        "planning-autre-plage": f"{PLANNING}/creneaux/{SLOT}",
        "planning-autre-jour": f"{PLANNING}/creneaux/{SLOT}/2026-12-01",
        "couverture": "/supervision/couverture",
        "couverture-05": "/supervision/couverture/05",
        **dict(links(desk)),
    }
    found = {}
    for name, path in pages.items():
        page.goto(desk.home + path)
        found[name] = faults(carla)
        picture(carla, pictures, name)

    assert {name: what for name, what in found.items() if what} == {}
    assert carla.wrong == []


def test_the_keyboard_alone_leads_to_an_agents_planning_and_cancels_a_day_of_it(
    desk: Desk, carla: Seen, pictures: Path
) -> None:
    page = carla.page
    for link in ("Mes maisons, et", "France services d'Orcières", "Le planning d’Ines"):
        page.focus(f'a:has-text("{link}")')
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert "Vous remplissez le planning d’Ines." in carla.reads("main")
    page.goto(desk.home + PLANNING + "?semaine=2026-11-30")

    presses(carla, "Annuler ce jour")
    assert "Personne d’autre n’est prévu" in carla.reads("h1")
    assert faults(carla) == []
    picture(carla, pictures, "planning-autre-sur")
    presses(carla, "Le faire quand même")

    assert "la plage n’a pas lieu ce jour-là" in carla.reads("#news")
    assert "par carla@exemple.test : un jour annulé, mardi 1er décembre 2026" in carla.reads("main")
    assert faults(carla) == []
    assert carla.wrong == []


def test_a_drag_that_leaves_nobody_there_asks_first(
    desk: Desk, carla: Seen, pictures: Path
) -> None:
    page = carla.page
    page.goto(desk.home + PLANNING + "?semaine=2026-11-30")

    drags(carla, 2)
    page.click("#ask-one")
    page.wait_for_selector("#ask-title:has-text('Personne')")
    page.screenshot(path=pictures / "planning-autre-glisse.png")
    assert faults(carla) == []
    page.click("#ask-none")
    page.wait_for_selector(".ec-event:has-text('09:00')")
    page.goto(desk.home + PLANNING + "?semaine=2026-11-30")
    drags(carla, 2)
    page.click("#ask-one")
    page.wait_for_selector("#ask-title:has-text('Personne')")
    page.click("#ask-one")
    page.wait_for_selector("#news .news")

    agent = timetables.look(INES_ID, desk.office.services)
    assert agent is not None
    [slot] = agent.slots.slots
    assert slot.changes == (Change(TUESDAY, Moved(TUESDAY, Span(660, 840))),)
    assert slot.version == 2, "what was thought better of changed nothing"
    assert carla.wrong == []
