"""Somebody with a keyboard alone asks in writing; an agent answers at the link they were mailed."""

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from tests.browser.conftest import Demonstration, Seen
from tests.browser.test_requests import asking, fills, picture, sends
from tests.browser.test_telephones import faults, pictures
from tests.processes import eventually, needs_proc

pytestmark = needs_proc
__all__ = ["asking", "pictures"]

LINK = re.compile(r"https?://[^\s/]+(/e/\w+)")


def handed(demonstration: Demonstration) -> str | None:
    """The path of the newest inquiry that an agent was mailed."""
    paths = sorted(demonstration.folder.rglob("mail/*.eml"), key=lambda path: path.stat().st_mtime)
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in paths]
    found = [LINK.search(each.get_content()) for each in letters]
    return next((each[1] for each in reversed(found) if each), None)


def test_a_question_is_asked_and_answered_with_the_keyboard_and_axe_finds_nothing(
    asking: Seen, demonstration: Demonstration, pictures: Path
) -> None:
    page = asking.page
    fills(asking, number="0199000001", first_name="Rose", postal_code="05170", need="Space")
    fills(asking, reply__email="Space", email="rose@exemple")
    sends(asking)
    page.wait_for_selector("#problems:focus")
    assert faults(asking) == []
    picture(asking, pictures, "question-erreurs")

    page.fill("#email", "rose@exemple.test")
    page.fill("#question", "Où envoyer mon dossier de retraite ?")
    sends(asking)
    assert "nous vous répondons" in asking.reads("h1")
    assert faults(asking) == []

    assert any(eventually(lambda: handed(demonstration)) for _ in range(4))
    page.goto(demonstration.home + (handed(demonstration) or "").lstrip("/"))
    assert "mon dossier de retraite" in asking.reads("main")
    assert faults(asking) == []
    picture(asking, pictures, "demande")
    with page.expect_navigation():
        page.click("button[value=answer]")
    page.wait_for_selector("#problems:focus")
    assert faults(asking) == []
    page.fill("#answer", "À la caisse de Gap, avec votre pièce d’identité.")
    with page.expect_navigation():
        page.click("button[value=answer]")
    assert "C’est fait" in asking.reads("h1")
    assert faults(asking) == []
