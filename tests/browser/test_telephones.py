"""Somebody with a keyboard alone rings the line in a browser, and answers themselves."""

from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

from dispatcher.simulator.webphone.bulletin import Bulletin
from dispatcher.simulator.webphone.door import PageServer
from tests.browser.conftest import Demonstration, Seen
from tests.processes import needs_proc

WIDTHS = (1280, 320)

pytestmark = needs_proc


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
    picture(seen, pictures / "ringing.png", 320, 760, at="#agent")

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
    picture(seen, pictures / "telephones.png", 1280, 930, at="h1")

    page.click("#citizen .red")
    for telephone in ("citizen", "agent"):
        seen.doing(telephone, "idle")
    page.wait_for_selector("#told .end")
    assert faults(seen) == []
    check_voice(page.evaluate("said"))
    assert page.evaluate("rings") >= 1
    assert {url.split("/")[2] for url in seen.asked} == {demonstration.page.split("/")[2]}
    assert seen.wrong == []


def picture(seen: Seen, path: Path, width: int, height: int, *, at: str) -> None:
    """Take a picture of what is seen at this width, from this element on."""
    seen.page.set_viewport_size({"width": width, "height": height})
    seen.page.eval_on_selector(at, "(element) => element.scrollIntoView()")
    seen.page.screenshot(path=path)
    seen.page.set_viewport_size({"width": 1280, "height": 900})


def check_voice(said: list[Any]) -> None:
    """The French voice of this machine said what was heard at both telephones, cut by keys."""
    words = [one[0] for one in said if one != "cut"]
    assert {(one[1], one[2]) for one in said if one != "cut"} == {("fr-FR", "here")}
    for heard in ("Vous êtes à la permanence", "tapez 1", "Orcières", "une lettre", "son titre"):
        assert any(heard in each for each in words), heard
    assert "cut" in said
    assert not any("05170" in each for each in words)


def test_a_demonstration_shows_its_page_and_its_stories_to_whoever_has_their_keys(
    demonstration: Demonstration,
) -> None:
    """Without a browser, where there is none."""
    with urlopen(demonstration.page) as answer:  # noqa: S310  our own
        assert b"telephone" in answer.read()

    with pytest.raises(HTTPError, match="403"):
        urlopen(demonstration.home + "demo/story/CA1")  # noqa: S310
    held = demonstration.folder / "var" / "demo"
    for secret in ("carrier.json", "page.key"):
        assert (held / secret).stat().st_mode & 0o077 == 0


def test_the_voice_can_be_switched_off(seen: Seen, demonstration: Demonstration) -> None:
    seen.page.goto(demonstration.page)
    seen.page.uncheck("#voice")

    seen.page.click("#citizen-green")
    seen.page.wait_for_selector("#citizen .heard")
    seen.page.click("#citizen .red")
    seen.doing("citizen", "idle")

    assert [one for one in seen.page.evaluate("said") if one != "cut"] == []


def test_without_a_french_voice_of_this_machine_what_is_said_is_only_written(
    seen: Seen, demonstration: Demonstration
) -> None:
    """Those that are elsewhere would be sent every word."""
    seen.page.add_init_script("voices.length = 2")

    seen.page.goto(demonstration.page)

    seen.page.wait_for_selector("#voiceless:visible")
    assert seen.page.is_disabled("#voice")


def test_a_page_left_open_finds_the_next_demonstration(seen: Seen) -> None:
    server = PageServer(None, None, Bulletin(), "k" * 22)  # type: ignore[arg-type]
    seen.page.goto(server.url)
    seen.page.wait_for_selector("#lost", state="hidden")

    server.close()
    seen.page.wait_for_selector("#lost:visible")
    next_one = PageServer(None, None, Bulletin(), "k" * 22, server.server_port)  # type: ignore[arg-type]
    seen.page.wait_for_selector("#lost", state="hidden")
    next_one.close()


def test_whoever_lacks_the_end_of_the_address_is_told_so(
    seen: Seen, demonstration: Demonstration
) -> None:
    seen.page.goto(demonstration.page.rsplit("/", 2)[0])

    assert "l’adresse entière" in seen.reads("main")
    assert faults(seen) == []
