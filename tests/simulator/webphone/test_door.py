"""The page over real HTTP: with its key everything, without it nothing."""

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from dispatcher.simulator import FastLoop, IncomingNumber, Network, WsgiPost
from dispatcher.simulator.scenario import PageCall
from dispatcher.simulator.webphone.door import PageServer
from dispatcher.simulator.webphone.page import open_page
from tests.simulator.toy import ACCOUNT, BASE, TOKEN, Toy
from tests.simulator.webphone.conftest import CAMILLE, LINE, PAGES

KEY = "k" * 22


class Browser:
    """Asks one server, as the page's own script does, but for what a test changes."""

    def __init__(self, url: str) -> None:
        self.host = url.split("/")[2]

    def gets(self, path: str, **headers: str) -> tuple[HTTPResponse, str]:
        return self._asks("GET", path, None, headers)

    def posts(self, act: str, value: Any = "", **headers: str) -> int:
        named = {"Content_Type": "application/json", "Origin": f"http://{self.host}"} | headers
        answer, _ = self._asks("POST", f"/{KEY}/{act}", json.dumps({"value": value}), named)
        return answer.status

    def _asks(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[HTTPResponse, str]:
        line = HTTPConnection(self.host, timeout=20)
        sent = {"Sec_Fetch_Site": "same-origin"} | headers
        line.request(
            method, path, body, {name.replace("_", "-"): value for name, value in sent.items()}
        )
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer, text


@pytest.fixture
def browser(toy: Toy) -> Iterator[Browser]:
    """A browser, and a network that lives on a thread of its own."""
    toy.pages |= PAGES
    line, over = IncomingNumber(f"{BASE}/voice"), threading.Event()
    post, loop = WsgiPost(toy), FastLoop(20)
    with (
        Network(post, {"*": line}, account_sid=ACCOUNT, auth_token=TOKEN, loop=loop) as network,
        open_page(network, PageCall(CAMILLE, LINE), {"page_key": KEY}) as page,
    ):
        run = {"until": over.is_set, "settle": 0.0}
        thread = threading.Thread(target=network.run, kwargs=run)
        thread.start()
        yield Browser(page.url)
        over.set()
        thread.join()


@pytest.fixture
def closed_door() -> Iterator[Browser]:
    """The same, with nobody at home: whoever gets as far as an act would wait."""
    server = PageServer(None, None, None, KEY)  # type: ignore[arg-type]
    yield Browser(server.url)
    server.shutdown()
    server.server_close()


def state(browser: Browser, telephone: str) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    mark = ""
    while not shown:
        _, text = browser.gets(f"/{KEY}/state?after={mark}")
        mark = json.loads(text)["mark"]
        shown = json.loads(text).get(telephone, {})
    return shown


def test_the_page_and_what_it_needs_come_from_here_alone(browser: Browser) -> None:
    answer, html = browser.gets(f"/{KEY}/")

    assert answer.status == 200
    assert "//" not in html.replace("<!--", "")
    for name in ("page.css", "page.js", "icon.svg"):
        assert name in html
        assert browser.gets(f"/{KEY}/{name}")[0].status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_somebody_rings_from_the_page(browser: Browser) -> None:
    assert state(browser, "citizen")["doing"] == "idle"

    assert browser.posts("citizen/dials") == 204

    while state(browser, "citizen")["doing"] != "listening":
        pass
    assert browser.posts("citizen/presses", "0") == 204
    assert browser.posts("citizen/dials") == 409
    assert browser.posts("citizen/hangs_up") == 204


@pytest.mark.parametrize(
    ("act", "value"),
    [
        ("citizen/sings", ""),
        ("nobody/dials", ""),
        ("citizen/presses", "12"),
        ("citizen/presses", "A"),
        ("citizen/presses", ""),
        ("citizen/says", "  "),
        ("citizen/says", "a" * 201),
        ("citizen/says", "a\n"),
        ("citizen/dials", "+33199000001"),
        ("citizen/presses", 1),
        ("citizen/says", "a" * 3000),
    ],
)
def test_an_act_that_makes_no_sense_is_refused(browser: Browser, act: str, value: object) -> None:
    assert browser.posts(act, value) == 400


@pytest.mark.parametrize(
    "path", ["/", "/state", "/index.html", "/wrong/", "/wrong/state", f"/{KEY}x/", f"/{KEY}"]
)
def test_without_the_key_there_is_only_a_hint_where_to_find_it(
    closed_door: Browser, path: str
) -> None:
    answer, html = closed_door.gets(path)

    assert answer.status == 404
    assert "l’adresse entière" in html
    assert KEY not in html


@pytest.mark.parametrize("name", ["../door.py", "..%2fdoor.py", "door.py", "a/b", "%00"])
def test_no_other_file_is_given(closed_door: Browser, name: str) -> None:
    answer, text = closed_door.gets(f"/{KEY}/{name}")

    assert answer.status == 404
    assert "import" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.test"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_page_of_this_machine_gets_nothing_even_with_the_key(
    closed_door: Browser, headers: dict[str, str]
) -> None:
    assert closed_door.posts("citizen/dials", **headers) == 403
    assert closed_door.gets(f"/{KEY}/state", **headers)[0].status == 404


def test_a_page_under_another_name_of_this_machine_is_not_shown(closed_door: Browser) -> None:
    assert closed_door.gets(f"/{KEY}/", Host="rebound.test")[0].status == 404
    assert closed_door.gets(f"/{KEY}/", Host="localhost:8001")[0].status == 200


def test_a_form_of_another_page_is_no_act(closed_door: Browser) -> None:
    assert closed_door.posts("citizen/dials", Content_Type="text/plain") == 400


@pytest.mark.parametrize("length", ["9999999999", "-1", "²", ""])
def test_nobody_waits_for_a_body_that_is_none_of_an_act(closed_door: Browser, length: str) -> None:
    line = HTTPConnection(closed_door.host, timeout=20)
    line.putrequest("POST", f"/{KEY}/citizen/dials")
    line.putheader("Content-Type", "application/json")
    line.putheader("Content-Length", length.encode())
    line.endheaders()

    assert line.getresponse().status == 400
    line.close()


def test_an_act_without_the_key_is_refused(closed_door: Browser) -> None:
    closed_door.host, wrong = closed_door.host, "w" * 22
    line = HTTPConnection(closed_door.host, timeout=20)
    line.request("POST", f"/{wrong}/citizen/dials", '{"value": ""}')

    assert line.getresponse().status == 403
    line.close()


def test_whoever_asks_by_another_method_is_told_so(closed_door: Browser) -> None:
    line = HTTPConnection(closed_door.host, timeout=20)
    line.request("DELETE", f"/{KEY}/")

    assert line.getresponse().status == 501
    line.close()
