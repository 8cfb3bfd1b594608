"""Somebody who watches the load in a browser."""

from dataclasses import dataclass, replace
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatcher.assembly import SupervisionKeys
from dispatcher.web.app import create_app
from dispatcher.web.lookout import Lookout
from dispatcher.web.supervision import EXTENSION
from tests.office import BASE, Office

KEY = "une-clef-de-seize"
SIGNING = b"s" * 32
COOKIE = "__Host-supervision"
PAGE = "/supervision"
FIGURES = "/supervision/figures"


def watched(office: Office, *, base: str = BASE) -> Flask:
    """The application of this office with a page of the load, counted anew each of its seconds."""
    renderer = replace(office.parts.renderer, base_url=base)
    keys = SupervisionKeys(KEY, SIGNING)
    app = create_app(replace(office.parts, renderer=renderer, supervision=keys))
    lookout = Lookout(office.services, lambda: office.services.now().timestamp())
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], lookout=lookout)
    return app


@dataclass
class Supervisor:
    """A browser, with the cookies it keeps."""

    app: Flask
    browser: FlaskClient

    def opens(self, path: str = PAGE) -> TestResponse:
        return self.browser.get(path, base_url=BASE)

    def gives(self, key: str) -> TestResponse:
        return self.browser.post(PAGE, data={"key": key}, base_url=BASE)

    def leaves(self) -> TestResponse:
        return self.browser.post(PAGE + "/leave", base_url=BASE)

    def shows(self, cookie: str) -> TestResponse:
        """Another browser asks for the figures with this pass."""
        other = self.app.test_client(use_cookies=False)
        return other.get(FIGURES, base_url=BASE, headers={"Cookie": f"{COOKIE}={cookie}"})

    @property
    def cookie(self) -> str:
        kept = self.browser.get_cookie(COOKIE, domain="permanence.test")
        assert kept is not None
        return kept.value


def supervisor(office: Office) -> Supervisor:
    app = watched(office)
    return Supervisor(app, app.test_client())


class Figures(HTMLParser):
    """What stands in each element that has an id, and in each row of each table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.by_id: dict[str, str] = {}
        self.rows: dict[str, list[list[str]]] = {}
        self._id, self._table, self._cell = "", "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs).get("id") or ""
        if tag == "table":
            self._table = named
            self.rows[named] = []
        elif tag == "tr":
            self.rows[self._table].append([])
        elif tag in {"td", "th"}:
            self.rows[self._table][-1].append("")
            self._cell = True
        if named and tag != "table":
            self._id = named
            self.by_id[named] = ""

    def handle_endtag(self, tag: str) -> None:
        self._id = ""
        if tag in {"td", "th"}:
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._id:
            self.by_id[self._id] += data.strip()
        if self._cell:
            self.rows[self._table][-1][-1] += data.strip()
