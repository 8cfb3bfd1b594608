"""Somebody with a keyboard alone asks to be rung back, moves it, and cancels it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Demonstration, Seen
from tests.browser.test_telephones import faults, pictures
from tests.processes import needs_proc

pytestmark = needs_proc
__all__ = ["pictures"]


@pytest.fixture
def asking(seen: Seen, demonstration: Demonstration) -> Iterator[Seen]:
    """The page of the questions, reached from the home page without a mouse."""
    seen.page.goto(demonstration.home)
    for _ in range(5):
        seen.page.keyboard.press("Tab")
        if seen.page.evaluate("document.activeElement.pathname") == "/rappel":
            break
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("h1:has-text('Je demande')")
    yield seen
    here = demonstration.home.split("/")[2]
    assert {url.split("/")[2] for url in seen.asked} == {here}


def picture(seen: Seen, folder: Path, name: str) -> None:
    for width in (1280, 320):
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    seen.page.set_viewport_size({"width": 1280, "height": 900})


def fills(seen: Seen, **answers: str) -> None:
    """With the keyboard alone: a text field is typed in, a choice ticked with Space."""
    for field, answer in answers.items():
        if answer == "Space":
            target = field.replace("__", "-")
            seen.page.focus(f"#{target}")
            seen.page.keyboard.press("Space")
        else:
            seen.tabs_to(field)
            seen.page.keyboard.type(answer)


def sends(seen: Seen) -> None:
    seen.page.focus("form button")
    with seen.page.expect_navigation():
        seen.page.keyboard.press("Enter")


def test_somebody_asks_is_helped_with_what_is_wrong_moves_it_and_cancels_it(
    asking: Seen, pictures: Path
) -> None:
    page = asking.page
    assert faults(asking) == []
    picture(asking, pictures, "rappel")

    fills(asking, number="0199000001", first_name="Rose", postal_code="05000")
    sends(asking)
    page.wait_for_selector("#problems:focus")  # whoever cannot see hears first what is wrong
    assert page.title().startswith("Erreur")
    assert faults(asking) == []
    picture(asking, pictures, "rappel-erreurs")
    links = page.locator("#problems a")
    assert links.count() == 2
    for nth in range(2):
        target = (links.nth(nth).get_attribute("href") or "").removeprefix("#")
        assert page.locator(f"#{target}").is_visible()
    assert page.input_value("#number") == "0199000001"

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.select_option("#commune", label="Gap")
    fills(asking, need="Space", part__afternoon="Space", discreet="Space")
    sends(asking)
    assert "/r/" in page.url
    assert "C’est noté" in asking.reads("h1")
    assert "18 h" in asking.reads("main").replace("\xa0", " ")
    assert faults(asking) == []
    picture(asking, pictures, "note")

    asking.tabs_to("when")
    page.select_option("#when", index=3)
    page.focus("form[action$=move] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "C’est changé" in asking.reads("[role=status]")
    assert faults(asking) == []
    picture(asking, pictures, "change")

    page.focus("form[action$=cancel] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "annulée" in asking.reads("h1")
    assert faults(asking) == []
    picture(asking, pictures, "annule")


def test_the_page_that_knows_no_such_link_and_the_one_that_refuses(
    seen: Seen, demonstration: Demonstration, pictures: Path
) -> None:
    seen.page.goto(demonstration.home + "r/nothing")
    assert "Nous ne connaissons pas" in seen.reads("h1")
    assert faults(seen) == []

    seen.page.goto(demonstration.home + "rappel")
    seen.page.evaluate("document.querySelector('[name=site]').value = 'x'")
    sends(seen)
    assert "Trop de demandes" in seen.reads("h1")
    assert faults(seen) == []
    picture(seen, pictures, "refus")


def test_without_any_script_the_whole_form_works(seen: Seen, demonstration: Demonstration) -> None:
    context = seen.page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    page.goto(demonstration.home + "rappel")
    for field, answer in {"number": "0199000002", "first_name": "Paul"}.items():
        page.fill(f"#{field}", answer)
    page.fill("#postal_code", "05170")
    page.check("#need-either")
    page.click("form button")

    assert "C’est noté" in page.inner_text("h1")
    page.click("form[action$=cancel] button")
    assert "annulée" in page.inner_text("h1")
    context.close()


def test_somebody_chooses_their_half_hour_and_another_one_later(
    asking: Seen, pictures: Path
) -> None:
    page = asking.page
    fills(asking, number="0199000003", first_name="Jeanne", postal_code="05170", need="Space")
    fills(asking, part__half_hour="Space")
    sends(asking)
    page.wait_for_selector("#problems:focus")
    assert faults(asking) == []
    picture(asking, pictures, "demi-heures")

    asking.tabs_to("half_hour")
    page.select_option("#half_hour", index=5)
    sends(asking)
    assert "C’est noté" in asking.reads("h1")
    assert page.eval_on_selector("#when", "each => each.value").endswith("Z")
    assert faults(asking) == []
    picture(asking, pictures, "demi-heure-notee")

    page.select_option("#when", page.eval_on_selector("#when optgroup option", "o => o.value"))
    page.focus("form[action$=move] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "C’est changé" in asking.reads("[role=status]")
