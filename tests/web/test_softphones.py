"""The doors of the telephone in an agent's page: for them alone, and for what it does."""

from dataclasses import dataclass, field, replace
from typing import Any

import jwt
import pytest

from dispatcher.carrier.switchboard import Deed, Switchboard
from dispatcher.carrier.tokens import Tokens
from dispatcher.domain.channels import Channel, Softphone
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import softphones
from dispatcher.web.app import create_app
from tests.office import Office
from tests.people import INES
from tests.softphones import NINA
from tests.web.accounts import Browser, made

PAGE, PULSE = "/agent/softphone", "/agent/heartbeat"
TOKEN, SIMULATED = f"{PAGE}/token", f"{PAGE}/simulated"
SECRET = "a secret of the tests, long enough for anybody"
TOKENS = Tokens("AC" + "0" * 32, "SK" + "0" * 32, SECRET)
TAB = "0123456789abcdef01234567"


@dataclass(frozen=True)
class Wire(Switchboard):
    """A simulated network that says what it is told to, and notes what it is asked."""

    told: dict[str, Any] | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def look(self, softphone: Softphone) -> dict[str, Any] | None:
        self.asked.append((softphone.identity, "look", ""))
        return self.told

    def act(self, softphone: Softphone, deed: Deed, keys: str = "") -> bool:
        self.asked.append((softphone.identity, deed, keys))
        return deed is Deed.ACCEPT


def ines(office: Office, **parts: Any) -> Browser:
    """She is signed in, over a carrier that these parts make."""
    office.has(INES)
    softphones.practise(office.agent(INES).id, office.services)
    browser = Browser(create_app(replace(office.parts, **parts)))
    browser.comes_in(made(office, Email(INES.email), Grant(Role.AGENT, "orcieres")))
    return browser


def identity(office: Office) -> str:
    return softphones.open_for(office.agent(INES).id, office.services).identity


def awake(office: Office) -> bool:
    return office.agent(INES).id in office.services.desks.awake(at=office.network.now())


def test_a_token_is_for_whoever_is_signed_in_and_names_nobody(office: Office) -> None:
    given = ines(office, tokens=TOKENS).opens(TOKEN)

    said = jwt.decode(given.get_json()["token"], SECRET, algorithms=["HS256"])
    assert said["grants"]["identity"] == identity(office)
    assert given.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("door", [TOKEN, SIMULATED])
def test_without_a_carrier_that_rings_browsers_there_is_no_such_door(
    office: Office, door: str
) -> None:
    assert ines(office).opens(door).status_code == 404


@pytest.mark.parametrize("door", [TOKEN, SIMULATED, PULSE])
def test_whoever_is_not_signed_in_is_told_so(office: Office, door: str) -> None:
    browser = Browser(office.app, {"Sec-Fetch-Mode": "cors"})

    answer = browser.posts(door) if door == PULSE else browser.opens(door)

    assert answer.status_code == 401


def test_a_page_that_beats_is_awake_until_it_says_that_it_cannot_ring(office: Office) -> None:
    browser = ines(office)

    assert browser.posts(PULSE, page=TAB, rings="1").status_code == 204
    assert awake(office)
    assert browser.posts(PULSE, page=TAB, rings="").status_code == 204
    assert not awake(office)


def test_a_beat_of_another_site_wakes_nobody(office: Office) -> None:
    browser = ines(office)

    browser.headers = {"Sec-Fetch-Site": "cross-site"}

    assert browser.posts(PULSE, page=TAB, rings="1").status_code == 403
    assert not awake(office)


@pytest.mark.parametrize("page", ["", "a", TAB + "0", "../" + TAB[3:], TAB.upper()])
def test_a_page_is_named_by_what_our_script_makes(office: Office, page: str) -> None:
    assert ines(office).posts(PULSE, page=page, rings="1").status_code == 422


def test_while_the_board_is_lost_a_beat_is_to_be_sent_again(office: Office) -> None:
    browser = ines(office)
    office.redis.flushall()

    assert browser.posts(PULSE, page=TAB, rings="1").status_code == 503


def test_the_simulated_network_is_asked_of_their_own_browser_alone(office: Office) -> None:
    wire = Wire("", ("", ""), {"doing": "idle"})
    browser = ines(office, switchboard=wire)

    assert browser.opens(SIMULATED).get_json() == {"doing": "idle"}
    assert browser.posts(SIMULATED, deed="accept").status_code == 204
    assert browser.posts(SIMULATED, deed="digits", keys="12").status_code == 409
    assert browser.posts(SIMULATED, deed="fly").status_code == 422
    assert browser.posts(SIMULATED, deed="digits", keys="A").status_code == 422

    own = identity(office)
    assert wire.asked == [(own, "look", ""), (own, "accept", ""), (own, "digits", "12")]


def test_a_network_that_does_not_answer_is_no_error_of_ours(office: Office) -> None:
    assert ines(office, switchboard=Wire("", ("", ""))).opens(SIMULATED).status_code == 503


def test_an_agent_chooses_what_they_are_rung_on(office: Office) -> None:
    browser = ines(office, switchboard=Wire("", ("", "")))
    assert "data-lines" in browser.reads(PAGE)

    for channel in Channel:
        assert browser.posts(PAGE, channel=channel).status_code == 303
        assert office.agent(INES).channel is channel
        assert f'value="{channel}" checked' in browser.reads(PAGE)
        assert ("data-lines" in browser.reads(PAGE)) is (channel is not Channel.TELEPHONE)
    assert browser.posts(PAGE, channel="carrier pigeon").status_code == 422


def test_a_page_speaks_to_twilio_where_twilio_rings_it_and_to_nobody_else(office: Office) -> None:
    with_key = ines(office, tokens=TOKENS).opens(PAGE).headers["Content-Security-Policy"]
    without = Browser(office.app)
    without.comes_in(made(office, Email("nina@exemple.test"), Grant(Role.AGENT, "orcieres")))

    assert "connect-src 'self' wss://voice-js.roaming.twilio.com" in with_key
    assert "twilio" not in without.opens(PAGE).headers["Content-Security-Policy"]


def test_without_a_telephone_a_page_says_that_nothing_else_rings(office: Office) -> None:
    office.has(NINA)
    softphones.practise(office.agent(NINA).id, office.services)
    browser = Browser(create_app(replace(office.parts, switchboard=Wire("", ("", "")))))
    browser.comes_in(made(office, Email(NINA.email), Grant(Role.AGENT, "orcieres")))

    assert "Rien d’autre ne peut sonner pour vous" in browser.reads(PAGE)
    assert office.agent(NINA).ringable, "who opens their page may say that they are there"


def test_a_page_rings_only_once_its_agent_has_lived_an_invented_call(office: Office) -> None:
    office.has(NINA)
    browser = Browser(create_app(replace(office.parts, switchboard=Wire("", ("", "")))))
    browser.comes_in(made(office, Email(NINA.email), Grant(Role.AGENT, "orcieres")))
    assert "data-lines" not in browser.reads(PAGE)
    assert f'href="{PAGE}/essai"' in browser.reads(PAGE)
    practice = browser.reads(f"{PAGE}/essai")
    assert "softphone-practice.js" in practice
    assert "data-beat" not in practice, "it does not say that it could ring"

    assert browser.posts(f"{PAGE}/essai").status_code == 303

    assert "data-lines" in browser.reads(PAGE)
