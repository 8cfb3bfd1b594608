"""Somebody who asks to be rung back in a browser, and what they read."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.office import BASE
from tests.people import ROSE

PAGE = "/rappel"
ROSES = {
    "number": "01 99 00 00 01",
    "first_name": "Rose",
    "postal_code": ROSE.postal_code,
    "need": "procedures",
    "part": "any",
}


class Form(HTMLParser):
    """What a form holds: its fields with their values, the ticked ones, and what is said of each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, dict[str, str | None]] = {}
        self.ticked: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self.by_id: dict[str, str] = {}
        self.links: list[str] = []
        self.text = ""
        self._select, self._id = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name") or "", found.get("value") or ""
        if tag in {"input", "select", "textarea"}:
            self.fields[found.get("id") or name] = found
        if tag == "input" and "checked" in found:
            self.ticked[name] = value
        if tag == "select":
            self._select = name
            self.options[name] = []
        if tag == "option":
            self.options[self._select].append(value)
            if "selected" in found:
                self.ticked[self._select] = value
        if tag == "a":
            self.links.append(found.get("href") or "")
        if found.get("id"):
            self._id = found["id"] or ""
            self.by_id[self._id] = ""
            self.fields.setdefault(self._id, found)

    def handle_data(self, data: str) -> None:
        data = data.replace("\xa0", " ")  # spaces at which no line is broken
        self.text += data
        if self._id:
            self.by_id[self._id] += data

    def value(self, name: str) -> str:
        return self.fields[name].get("value") or ""


@dataclass
class Stranger:
    """A browser without an account or a cookie."""

    app: Flask
    headers: dict[str, str] = field(default_factory=dict)

    def opens(self, path: str = PAGE) -> TestResponse:
        return self._browser.get(path, base_url=BASE)

    def posts(self, path: str, form: dict[str, str], **headers: str) -> TestResponse:
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self._browser.post(path, data=form, base_url=BASE, headers=sent)

    def asks(self, *, path: str = PAGE, **answers: str) -> TestResponse:
        """Fill in a page just opened, as Rose would but for these answers, and send it."""
        once = Form(self.opens(path).get_data(as_text=True)).value("once")
        return self.posts(path, ROSES | {"once": once} | answers)

    def gets_a_link(self, **answers: str) -> str:
        """The path of the page at which a request ends that is kept."""
        kept = self.asks(**answers)
        assert kept.status_code == 303, Form(kept.get_data(as_text=True)).text
        path: str = kept.headers["Location"]
        assert path.startswith("/r/")
        return path

    def reads(self, path: str) -> Form:
        return Form(self.opens(path).get_data(as_text=True))

    @property
    def _browser(self) -> FlaskClient:
        return self.app.test_client(use_cookies=False)
