"""Somebody with a keyboard alone rings the line in a browser, and answers themselves."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Demonstration, Seen

WIDTHS = (1280, 320)


def faults(seen: Seen) -> list[str]:
    """What axe finds wrong at a desk's width and at a telephone's, and whether one must scroll."""
    found = []
    for width in WIDTHS:
        seen.page.set_viewport_size({"width": width, "height": 900})
        result = Axe().run(seen.page)
        if result.violations_count:
            found.append(f"{width}: {result.generate_report()}")
        if seen.page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width}: one must scroll sideways")
    seen.page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.fixture
def pictures(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where to put what is seen: thrown away, unless asked for with --pictures."""
    folder: Path = request.config.getoption("--pictures") or tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_somebody_rings_the_line_and_answers_themselves_with_the_keyboard(
    seen: Seen, demonstration: Demonstration, pictures: Path
) -> None:
    page, keyboard = seen.page, seen.page.keyboard
    page.goto(demonstration.page)
    seen.doing("agent", "idle")
    assert faults(seen) == []

    seen.tabs_to("citizen-green")
    keyboard.press("Enter")
    seen.doing("citizen", "listening")
    keyboard.type("05170")
    page.wait_for_selector("#citizen .heard:has-text('démarche')")
    keyboard.press("1")
    seen.doing("agent", "ringing")
    assert seen.reads("#alert") == "Ça sonne : Inès (Saint-Bonnet)."
    assert page.title().startswith("☎")
    assert faults(seen) == []
    page.screenshot(path=pictures / "ringing.png")

    seen.tabs_to("agent-green")
    keyboard.press("Enter")
    page.wait_for_selector("#agent .heard:has-text('Orcières')")
    keyboard.press("1")
    for telephone in ("citizen", "agent"):
        seen.doing(telephone, "talking")
    assert "En ligne avec Inès" in seen.reads("#citizen .screen")
    assert "En ligne avec Camille" in seen.reads("#agent .screen")
    assert faults(seen) == []

    page.fill("#citizen .say input", "Bonjour, j'ai reçu une lettre.")
    keyboard.press("Enter")
    page.wait_for_selector("#agent .voice:has-text('une lettre')")
    page.fill("#agent .say input", "Bonjour, je suis Inès. Lisez-moi son titre.")
    keyboard.press("Enter")
    page.wait_for_selector("#citizen .voice:has-text('son titre')")
    page.wait_for_selector("#told li:has-text('Ils se parlent')")
    page.screenshot(path=pictures / "telephones.png")
    page.set_viewport_size({"width": 320, "height": 640})
    page.screenshot(path=pictures / "narrow.png", full_page=True)

    page.click("#citizen .red")
    for telephone in ("citizen", "agent"):
        seen.doing(telephone, "idle")
    page.wait_for_selector("#told .end")
    assert faults(seen) == []
    check_voice(page.evaluate("said"))
    assert page.evaluate("rings") >= 1
    assert {url.split("/")[2] for url in seen.asked} == {demonstration.page.split("/")[2]}
    assert seen.wrong == []


def check_voice(said: list[Any]) -> None:
    """The French voice of this machine said what was heard at both telephones, cut by keys."""
    words = [one[0] for one in said if one != "cut"]
    assert {(one[1], one[2]) for one in said if one != "cut"} == {("fr-FR", "here")}
    for heard in ("Vous êtes à la permanence", "tapez 1", "Orcières", "une lettre", "son titre"):
        assert any(heard in each for each in words), heard
    assert "cut" in said
    assert not any("05170" in each for each in words)


def test_the_voice_can_be_switched_off(seen: Seen, demonstration: Demonstration) -> None:
    seen.page.goto(demonstration.page)
    seen.page.uncheck("#voice")

    seen.page.click("#citizen-green")
    seen.page.wait_for_selector("#citizen .heard")
    seen.page.click("#citizen .red")
    seen.doing("citizen", "idle")

    assert [one for one in seen.page.evaluate("said") if one != "cut"] == []


def test_whoever_lacks_the_end_of_the_address_is_told_so(
    seen: Seen, demonstration: Demonstration
) -> None:
    seen.page.goto(demonstration.page.rsplit("/", 2)[0])

    assert "l’adresse entière" in seen.reads("main")
    assert faults(seen) == []
