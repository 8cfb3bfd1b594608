"""An agent answers in their page: over the simulated network, and over Twilio's own SDK."""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import urlsplit

import flask
import pytest
from playwright.sync_api import WebSocketRoute
from werkzeug.serving import make_server

from dispatcher.carrier.switchboard import Switchboard
from dispatcher.carrier.tokens import Tokens
from dispatcher.domain.offers import End
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email, UserId
from dispatcher.operations import sessions, softphones, users
from dispatcher.simulator import PhoneCall
from dispatcher.simulator.clock import FastLoop
from dispatcher.simulator.server import RestServer
from dispatcher.web.app import create_app
from tests.browser.conftest import Seen
from tests.browser.test_requests import picture
from tests.browser.test_signing_in import presses
from tests.browser.test_telephones import faults, pictures
from tests.office import BASE, Office, open_office
from tests.people import LINE, ROSE
from tests.processes import eventually, needs_proc
from tests.simulator.toy import ACCOUNT, TOKEN
from tests.softphones import NINA

pytestmark = needs_proc
__all__ = ["pictures"]
PAGE = "/agent/softphone"
SPEED = 4.0
TOKENS = Tokens(ACCOUNT, "SK" + "0" * 32, "a secret of the tests, long enough for anybody")
SOUND = """
const silence = () => new AudioContext().createMediaStreamDestination().stream;
navigator.mediaDevices.getUserMedia = async () => silence();
window.calls = async () => {
  window.peer = new RTCPeerConnection();
  const [track] = silence().getTracks();
  peer.addTrack(track, new MediaStream([track]));
  await peer.setLocalDescription(await peer.createOffer());
  while (peer.iceGatheringState !== "complete") await new Promise((go) => setTimeout(go, 20));
  return peer.localDescription.sdp;
};
"""
"""A microphone that hears nothing, and somebody at the other end who rings."""


@dataclass
class Lived:
    """An office whose network lives in real time, and whose pages a browser can open."""

    office: Office
    home: str
    pulses: list[str]
    """What each beat said: whether its page can ring."""

    def does(self, script: Callable[[], Any]) -> None:
        network = self.office.network
        network.loop.call_soon_threadsafe(lambda: network.spawn(script()))

    def on_duty(self) -> bool:
        return bool(self.office.services.board.on_duty())


@pytest.fixture
def lived(
    request: pytest.FixtureRequest,
    sqlite_url: str,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Lived]:
    """Over the simulated network, or as if over Twilio."""
    over_twilio = getattr(request, "param", "") == "twilio"
    ready: Queue[Lived] = Queue()
    over = threading.Event()

    def live() -> None:
        loop = FastLoop(SPEED)
        with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, loop=loop) as office:
            rest = RestServer(office.network)
            http = replace(office.parts.renderer, base_url="http://127.0.0.1")
            board = Switchboard(rest.url, (ACCOUNT, TOKEN))
            carrier = {"tokens": TOKENS} if over_twilio else {"switchboard": board}
            parts = replace(office.parts, renderer=http, speed=SPEED, **carrier)
            app, pulses = create_app(parts), list[str]()

            @app.before_request
            def note() -> None:
                if flask.request.path == "/agent/heartbeat":
                    pulses.append(flask.request.form["rings"])

            server = make_server("127.0.0.1", 0, app, threaded=True)
            serving = threading.Thread(target=server.serve_forever)
            serving.start()
            ready.put(Lived(office, f"http://127.0.0.1:{server.server_port}", pulses))
            office.network.run(until=over.is_set, settle=0)
            server.shutdown()
            serving.join()
            server.server_close()
            rest.close()

    thread = threading.Thread(target=live)
    thread.start()
    try:
        yield ready.get(timeout=60)
    finally:
        over.set()
        thread.join()


@pytest.fixture
def nina(lived: Lived, seen: Seen) -> Seen:
    """She has no telephone, says that she is on, and is signed in."""
    office = lived.office
    office.has(NINA)
    agent, at = office.agent(NINA), office.network.now()
    with office.services.store.writing() as tx:
        tx.agents.heed(agent.id, agent.comes_on(at), at=at)
    softphones.practise(agent.id, office.services)
    link = users.create(Email(NINA.email), Grant(Role.AGENT, "orcieres"), office.services)
    assert link is not None
    seen.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    seen.page.goto(link.replace(BASE, lived.home))
    presses(seen, "Entrer")
    return seen


def says(seen: Seen, what: str) -> None:
    seen.page.wait_for_selector(f"#softphone[data-doing={what}]")


def test_somebody_is_rung_answers_and_hangs_up_in_their_page(
    lived: Lived, nina: Seen, pictures: Path
) -> None:
    page, calls = nina.page, list[PhoneCall]()
    page.goto(lived.home + PAGE)
    says(nina, "off")
    assert faults(nina) == []
    picture(nina, pictures, "softphone")
    assert not lived.on_duty()

    nina.tabs_to("softphone-on")
    page.keyboard.press("Enter")
    says(nina, "ready")
    assert eventually(lived.on_duty)

    async def rose() -> None:
        calls.append(await lived.office.network.phone(ROSE.number).dials(LINE))
        await asyncio.sleep(2)
        await calls[0].presses(ROSE.postal_code)
        await asyncio.sleep(2)
        await calls[0].presses("1")
        await calls[0].ends()

    lived.does(rose)
    says(nina, "ringing")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Répondre").press("Enter")
    says(nina, "talking")
    assert faults(nina) == []
    picture(nina, pictures, "softphone-parle")
    assert eventually(lambda: calls[0].with_whom)

    with page.expect_event("dialog") as warned:
        page.close(run_before_unload=True)
    assert warned.value.type == "beforeunload"
    warned.value.dismiss()

    page.get_by_role("button", name="Raccrocher").press("Enter")
    says(nina, "ready")
    assert eventually(lambda: calls[0].ended)
    assert lived.office.ends(calls[0]) == [End.ANSWERED]

    page.goto(lived.home + "/compte")
    assert eventually(lambda: lived.pulses[-1] == ""), "a page that is left says so"
    assert eventually(lambda: not lived.on_duty())
    assert nina.wrong == []


def user_of(lived: Lived) -> UserId:
    with lived.office.services.store.reading() as tx:
        found = tx.users.of_email(Email(NINA.email))
    assert found is not None
    return found.id


class Gateway:
    """Twilio's signalling as its SDK speaks it, for one browser: what it said, by kind."""

    def __init__(self, route: WebSocketRoute) -> None:
        self.url = route.url
        self.said: list[dict[str, Any]] = []
        self._route = route
        route.on_message(self._hears)

    def tells(self, kind: str, **payload: Any) -> None:
        self._route.send(json.dumps({"type": kind, "payload": payload}))

    def heard(self, kind: str) -> list[dict[str, Any]]:
        return [each["payload"] for each in self.said if each["type"] == kind]

    def _hears(self, message: str | bytes) -> None:
        said = json.loads(message)
        if "type" not in said:
            return
        self.said.append(said)
        if said["type"] == "listen":
            self.tells("connected", region="gll", edge="roaming", token={"ttl": 600})
        elif said["type"] == "register":
            self.tells("ready")


@pytest.mark.parametrize("lived", ["twilio"], indirect=True)
def test_the_carriers_own_script_rings_talks_and_hangs_up_and_asks_nobody_else(
    lived: Lived, nina: Seen
) -> None:
    page, opened = nina.page, list[Gateway]()
    page.route_web_socket(re.compile("twilio"), lambda route: opened.append(Gateway(route)))
    page.add_init_script(SOUND)
    page.goto(lived.home + PAGE)
    page.click("#softphone-on")
    says(nina, "ready")
    [gateway] = opened
    assert gateway.url == "wss://voice-js.roaming.twilio.com/signal"
    assert eventually(lived.on_duty)

    gateway.tells("invite", callsid="CA1", sdp=page.evaluate("calls()"), parameters={})
    says(nina, "ringing")
    gateway.tells("cancel", callsid="CA1")
    says(nina, "ready")

    gateway.tells("invite", callsid="CA2", sdp=page.evaluate("calls()"), parameters={})
    says(nina, "ringing")
    page.click("[data-desk=accept]")
    says(nina, "talking")
    assert gateway.heard("answer")[-1]["callsid"] == "CA2"
    page.click("[data-digit='5']")
    page.click("[data-desk=hangup]")
    says(nina, "ready")
    assert gateway.heard("hangup")[-1]["callsid"] == "CA2"

    gateway.tells("invite", callsid="CA3", sdp=page.evaluate("calls()"), parameters={})
    says(nina, "ringing")
    page.click("[data-desk=pass]")
    says(nina, "ready")
    assert gateway.heard("reject")[-1]["callsid"] == "CA3"

    sessions.end_all(user_of(lived), lived.office.services)
    says(nina, "out")

    assert {urlsplit(url).hostname for url in nina.asked} == {"127.0.0.1"}
    assert [each for each in nina.wrong if "401" not in each] == []


def test_somebody_lives_an_invented_call_before_the_first_real_one(
    lived: Lived, nina: Seen, pictures: Path
) -> None:
    page, agent = nina.page, lived.office.agent(NINA).id
    with lived.office.services.store.writing() as tx:
        tx.practices.forget(agent)
    page.goto(lived.home + PAGE)
    page.click("text=appel d’essai")
    page.wait_for_load_state()
    assert faults(nina) == []

    nina.tabs_to("softphone-on")
    page.keyboard.press("Enter")
    says(nina, "ringing")
    page.get_by_role("button", name="Répondre").press("Enter")
    says(nina, "talking")
    picture(nina, pictures, "essai")
    page.get_by_role("button", name="Raccrocher").press("Enter")
    says(nina, "ready")
    presses(nina, "J’ai fini")

    assert "C’est noté" in nina.reads(".news")
    assert page.is_visible("#softphone-on")
    assert not softphones.must_practise(agent, lived.office.services)
    assert nina.wrong == []
