"""The service's own pages in a browser: the front page and, from there, what is kept of a call."""

from pathlib import Path

from tests.browser.conftest import Demonstration, Seen
from tests.browser.test_telephones import faults, picture, pictures
from tests.processes import needs_proc

pytestmark = needs_proc
__all__ = ["pictures"]


def test_somebody_finds_what_is_kept_of_their_call_with_the_keyboard_alone(
    seen: Seen, demonstration: Demonstration, pictures: Path
) -> None:
    page = seen.page
    page.goto(demonstration.home)
    assert faults(seen) == []

    for _ in ("the number", "to be rung back", "what is kept"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confidentialite")

    assert seen.reads("h1") == "Ce que nous gardons de votre appel"
    assert faults(seen) == []
    for width, height in ((1280, 1800), (320, 3600)):
        picture(seen, pictures / f"confidentialite-{width}.png", width, height, at="h1")
    assert {url.split("/")[2] for url in seen.asked} == {demonstration.home.split("/")[2]}
