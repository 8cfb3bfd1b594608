"""Coming in by a provider of identities, by ProConnect's rules; and by nothing that is not right."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from dispatcher.carrier.identity import Provider
from dispatcher.domain.users import Email
from dispatcher.operations import users
from dispatcher.web.app import create_app
from tests.office import Office
from tests.web.accounts import ACCOUNT, CARLA, SIGN_IN, Browser, enrols, made, passes, signed_in
from tests.web.provider import BACK, CLIENT, HOME, SECRET, MockProvider, served

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def provider_server() -> Iterator[MockProvider]:
    with served() as provider:
        yield provider


@pytest.fixture
def provider(provider_server: MockProvider) -> MockProvider:
    fresh = MockProvider(issuer=provider_server.issuer)
    for name in ("email", "subject", "pkce", "algorithm", "signed", "strange_key"):
        setattr(provider_server, name, getattr(fresh, name))
    provider_server.id_token, provider_server.told = {}, {}
    return provider_server


@pytest.fixture
def desk(office: Office, provider: MockProvider) -> Office:
    """An office that lets people in by that provider."""
    client = Provider(provider.issuer, CLIENT, SECRET, back=BACK, home=HOME)
    office.parts = replace(office.parts, provider=client)
    office.app = create_app(office.parts)
    return office


@pytest.fixture
def carla(desk: Office) -> Browser:
    made(desk)
    return Browser(desk.app)


def leaves(carla: Browser, **form: str) -> str:
    """Where the button leads."""
    page = carla.posts(SIGN_IN + "/fournisseur", **form).get_data(as_text=True)
    found = re.search(r'<a href="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def comes_back(carla: Browser, code: str, state: str) -> TestResponse:
    return carla.opens(f"{SIGN_IN}/retour?code={code}&state={state}")


def goes_round(carla: Browser, provider: MockProvider, **form: str) -> TestResponse:
    return comes_back(carla, *provider.authorizes(leaves(carla, **form)))


@pytest.mark.parametrize("pkce", [False, True])
def test_somebody_with_an_account_comes_in(
    carla: Browser, provider: MockProvider, pkce: bool
) -> None:
    provider.pkce = pkce

    entered = goes_round(carla, provider, next="/supervision")

    assert (entered.status_code, entered.headers["Location"]) == (303, "/supervision")
    assert CARLA in carla.reads()


def test_whoever_has_no_account_is_told_so_and_none_is_made(
    desk: Office, carla: Browser, provider: MockProvider
) -> None:
    provider.email = "nobody@exemple.test"

    refused = goes_round(carla, provider)

    assert refused.status_code == 403
    assert "pas de compte ici" in refused.get_data(as_text=True)
    assert [each.email for each in users.everybody(desk.services)] == [CARLA]


def test_whoever_is_kept_out_does_not_come_in_this_way_either(
    desk: Office, carla: Browser, provider: MockProvider
) -> None:
    users.disable(CARLA, desk.services)

    assert goes_round(carla, provider).status_code == 403


def test_an_account_is_of_one_person_there_whatever_e_mail_another_has(
    desk: Office, carla: Browser, provider: MockProvider
) -> None:
    goes_round(carla, provider)
    provider.email = "changed@exemple.test"
    assert goes_round(Browser(desk.app), provider).status_code == 303, "still the same person"

    provider.email, provider.subject = CARLA, "sub-2"
    assert goes_round(Browser(desk.app), provider).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"id_token": {"nonce": "n" * 43}},
        {"id_token": {"iss": "https://evil.test"}},
        {"id_token": {"aud": "another"}},
        {"id_token": {"exp": 1}},
        {"id_token": {"sub": "another"}},
        {"told": {"iss": "https://evil.test"}},
        {"told": {"aud": "another"}},
        {"told": {"sub": "another"}},
        {"told": {"email": ""}},
        {"told": {"email_verified": False}},
        {"signed": False},
        {"strange_key": True},
        {"algorithm": "HS256"},
    ],
    ids=str,
)
def test_nothing_is_believed_that_is_not_right(
    carla: Browser, provider: MockProvider, wrong: dict[str, Any]
) -> None:
    for name, value in wrong.items():
        setattr(provider, name, value)

    refused = goes_round(carla, provider)

    assert refused.status_code == 403
    assert "pas abouti" in refused.get_data(as_text=True)
    assert carla.cookie == ""


def test_what_came_back_serves_once_and_in_the_browser_that_left(
    desk: Office, carla: Browser, provider: MockProvider
) -> None:
    code, state = provider.authorizes(leaves(carla))

    assert comes_back(Browser(desk.app), code, state).status_code == 403, "another browser"
    assert comes_back(carla, code, "s" * 43).status_code == 403
    assert comes_back(carla, code, state).status_code == 303
    assert comes_back(carla, code, state).status_code == 403
    assert carla.opens().status_code == 200


def test_what_another_issuer_sends_back_is_refused(carla: Browser, provider: MockProvider) -> None:
    code, state = provider.authorizes(leaves(carla))

    assert comes_back(carla, code, f"{state}&iss=https%3A%2F%2Fevil.test").status_code == 403
    assert carla.cookie == ""


def test_whoever_stays_away_too_long_begins_anew(
    desk: Office, carla: Browser, provider: MockProvider
) -> None:
    code, state = provider.authorizes(leaves(carla))
    passes(desk, timedelta(minutes=10))

    assert comes_back(carla, code, state).status_code == 403


def test_whoever_refuses_there_is_back_where_they_were(
    carla: Browser, provider: MockProvider
) -> None:
    _, state = provider.authorizes(leaves(carla))

    refused = carla.opens(f"{SIGN_IN}/retour?error=access_denied&state={state}")

    assert refused.status_code == 403


def test_a_provider_that_is_away_is_said(desk: Office) -> None:
    client = Provider("http://localhost:1", CLIENT, SECRET, back=BACK, home=HOME)
    desk.app = create_app(replace(desk.parts, provider=client))

    refused = Browser(desk.app).posts(SIGN_IN + "/fournisseur")

    assert refused.status_code == 403
    assert "pas abouti" in refused.get_data(as_text=True)


def test_signing_out_here_signs_out_there(carla: Browser, provider: MockProvider) -> None:
    goes_round(carla, provider)

    page = carla.posts(SIGN_IN + "/fin").get_data(as_text=True)

    found = re.search(r'<a href="([^"]+)"', page)
    assert found is not None
    to = urlsplit(unescape(found[1]))
    asked = parse_qs(to.query)
    assert to.path == "/end"
    assert asked["post_logout_redirect_uri"] == [HOME]
    assert len(asked["state"][0]) >= 32
    assert asked["id_token_hint"][0].count(".") == 2
    assert carla.opens().status_code == 303


def test_whoever_came_by_a_link_signs_out_here_alone(desk: Office) -> None:
    carla = signed_in(desk, Email("link@exemple.test"))

    assert carla.posts(SIGN_IN + "/fin").headers["Location"] == SIGN_IN


def test_a_code_is_the_providers_business(
    desk: Office, carla: Browser, provider: MockProvider
) -> None:
    carla.comes_in(users.link(CARLA, desk.services) or "")
    enrols(desk, carla)

    assert goes_round(Browser(desk.app), provider).headers["Location"] == ACCOUNT


def test_without_a_provider_there_is_no_button_and_no_such_door(office: Office) -> None:
    stranger = Browser(office.app)

    assert "fournisseur" not in stranger.reads(SIGN_IN)
    assert stranger.posts(SIGN_IN + "/fournisseur").status_code == 404
    assert stranger.opens(SIGN_IN + "/retour").status_code == 404
