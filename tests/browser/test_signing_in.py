"""Somebody with a keyboard alone comes in by a link, and puts a code into a telephone."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Queue

import pytest
from pyotp import TOTP
from werkzeug.serving import BaseWSGIServer, make_server

from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.domain.zones import Zones
from dispatcher.operations import users
from dispatcher.web.app import create_app
from tests.browser.conftest import Seen
from tests.browser.test_requests import picture
from tests.browser.test_telephones import faults, pictures
from tests.office import BASE, Office, open_office
from tests.processes import needs_proc

pytestmark = needs_proc
__all__ = ["pictures"]
CARLA = Email("carla@exemple.test")
COORDINATOR = Grant(Role.COORDINATOR, zones=Zones.parse("departement:05"))


@dataclass
class Desk:
    """An office whose pages a browser can open."""

    office: Office
    home: str

    def link(self) -> str:
        link = users.create(CARLA, COORDINATOR, self.office.services)
        assert link is not None
        return link.replace(BASE, self.home)


@pytest.fixture
def desk(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """In a thread of its own, whose event loop is not the browser's."""
    ready: Queue[tuple[Desk, BaseWSGIServer]] = Queue()

    def serve() -> None:
        with open_office(sqlite_url, redis_url, tmp_path, monkeypatch) as office:
            http = replace(office.parts.renderer, base_url="http://127.0.0.1")
            app = create_app(replace(office.parts, renderer=http))
            server = make_server("127.0.0.1", 0, app, threaded=True)
            ready.put((Desk(office, f"http://127.0.0.1:{server.server_port}"), server))
            server.serve_forever()
            server.server_close()

    thread = threading.Thread(target=serve)
    thread.start()
    desk, server = ready.get(timeout=60)
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()


def presses(seen: Seen, button: str) -> None:
    """With the keyboard alone."""
    seen.page.focus(f"button:has-text('{button}')")
    with seen.page.expect_navigation():
        seen.page.keyboard.press("Enter")


def test_somebody_comes_in_puts_a_code_into_a_telephone_and_goes(
    desk: Desk, seen: Seen, pictures: Path
) -> None:
    page = seen.page
    page.goto(desk.home + "/compte")
    assert "Se connecter" in seen.reads("h1")
    assert faults(seen) == []
    picture(seen, pictures, "connexion")

    seen.tabs_to("link-email")
    page.keyboard.type("carla")
    presses(seen, "Recevoir un lien")
    assert "entière" in seen.reads("[role=alert]")
    assert faults(seen) == []
    page.fill("#link-email", CARLA)
    presses(seen, "Recevoir un lien")
    assert "Regardez vos e-mails" in seen.reads("h1")
    assert faults(seen) == []

    page.goto(desk.link())
    assert faults(seen) == []
    presses(seen, "Entrer")
    assert "Mon compte" in seen.reads("h1")
    assert faults(seen) == []
    picture(seen, pictures, "compte")

    presses(seen, "Mettre un code dans mon")
    assert faults(seen) == []
    picture(seen, pictures, "code")
    key = re.sub(r"\s", "", seen.reads(".key"))
    step = int(desk.office.services.now().timestamp()) // 30
    seen.tabs_to("code")
    page.keyboard.type(TOTP(key).generate_otp(step))
    presses(seen, "C’est fait")
    assert page.locator("li.key").count() == 10
    assert faults(seen) == []
    picture(seen, pictures, "papiers")

    page.goto(desk.home + "/equipe/orcieres")
    assert faults(seen) == []
    page.goto(desk.home + "/supervision")
    assert "La charge" in seen.reads("h1")
    page.goto(desk.home + "/compte")
    presses(seen, "Me déconnecter")
    page.goto(desk.home + "/supervision")
    assert "Se connecter" in seen.reads("h1")
    assert {url.split("/")[2] for url in seen.asked} == {desk.home.split("/")[2]}
