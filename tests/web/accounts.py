"""Somebody with an account, in a browser."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from werkzeug.test import TestResponse

from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email, User
from dispatcher.operations import users
from dispatcher.web import guards
from tests.office import BASE, Office

CARLA = Email("carla@exemple.test")
SIGN_IN, ACCOUNT = "/connexion", "/compte"
COOKIE = "__Host-session"
PASSWORD = "des mots pour entrer"
TECHNICAL = Grant(Role.TECHNICAL)


@dataclass
class Browser:
    """One that keeps cookies, and posts the forms of the pages that it opens."""

    app: Flask
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client()

    def opens(self, path: str = ACCOUNT, **headers: str) -> TestResponse:
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, base_url=BASE, headers=sent)

    def reads(self, path: str = ACCOUNT) -> str:
        return self.opens(path).get_data(as_text=True).replace("&nbsp;", " ")

    def posts(self, path: str, **form: str) -> TestResponse:
        """Post what a page of ours would, with the token that it gave to this session."""
        return self.client.post(
            path, data={"jeton": self.token} | form, base_url=BASE, headers=self.headers
        )

    @property
    def token(self) -> str:
        found = [
            found[1]
            for path in (ACCOUNT, SIGN_IN + "/code")
            if (found := re.search(r'name="jeton" value="(\w+)"', self.reads(path)))
        ]
        return found[0] if found else ""

    @property
    def cookie(self) -> str:
        kept = self.client.get_cookie(COOKIE, domain="permanence.test")
        return "" if kept is None else kept.value

    def shows(self, cookie: str, path: str = ACCOUNT) -> TestResponse:
        """Another browser opens a page with this cookie."""
        other = self.app.test_client(use_cookies=False)
        return other.get(path, base_url=BASE, headers={"Cookie": f"{COOKIE}={cookie}"})

    def comes_in(self, link: str) -> TestResponse:
        return self.posts(link.removeprefix(BASE))

    def asks_for_a_link(self, email: str = CARLA) -> TestResponse:
        return self.posts(SIGN_IN + "/lien", email=email)

    def gives(self, password: str, email: str = CARLA, **more: str) -> TestResponse:
        return self.posts(SIGN_IN + "/mot-de-passe", email=email, password=password, **more)


def made(office: Office, email: Email = CARLA, *grants: Grant) -> str:
    """Somebody has an account; the link to begin with."""
    first, *more = grants or (TECHNICAL,)
    link = users.create(email, first, office.services)
    assert link is not None
    for grant in more:
        users.grant(email, grant, office.services)
    return link


def signed_in(office: Office, email: Email = CARLA, *grants: Grant) -> Browser:
    browser = Browser(office.app)
    assert browser.comes_in(made(office, email, *grants)).status_code == 303
    return browser


def user(office: Office, email: Email = CARLA) -> User:
    with office.services.store.reading() as tx:
        found = tx.users.of_email(email)
    assert found is not None
    return found


def passes(office: Office, time: timedelta) -> None:
    """So much time passes for the pages, in which nothing else happens."""
    services, extension = office.services, guards.EXTENSION
    later = replace(services, now=lambda: services.now() + time)
    office.parts = replace(office.parts, services=later)
    office.app.extensions[extension] = replace(office.app.extensions[extension], services=later)


def links(office: Office, folder: Path) -> list[str]:
    """The links in the mails that were sent, oldest first."""
    office.run(office.waits(3))
    found = []
    for path in sorted((folder / "mail").glob("*.eml"), key=lambda each: each.stat().st_mtime):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body()
        assert body is not None
        found += re.findall(r"https://\S+/connexion/lien/\S+", body.get_content())
    return found


def code(office: Office, key: str, *, steps: int = 0) -> str:
    """What the telephone with this key shows now, or so many steps of time later."""
    return TOTP(key).generate_otp(int(office.services.now().timestamp()) // 30 + steps)


def enrols(office: Office, browser: Browser) -> tuple[str, list[str]]:
    """A telephone makes codes from now on: its key, and the codes on paper."""
    assert browser.posts(ACCOUNT + "/code/cle").status_code == 303
    page = browser.reads(ACCOUNT + "/code")
    shown = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert shown is not None
    key = shown[1].replace(" ", "")
    papers = browser.posts(ACCOUNT + "/code", code=code(office, key)).get_data(as_text=True)
    return key, re.findall(r'class="key">([\w-]+)<', papers)
