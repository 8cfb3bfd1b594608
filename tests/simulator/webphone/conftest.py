"""A booth on a network whose application puts one caller through to one agent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from dispatcher.simulator import Network
from dispatcher.simulator.scenario import PageCall
from dispatcher.simulator.webphone.booth import Booth
from dispatcher.simulator.webphone.bulletin import Bulletin
from tests.simulator.toy import Page, Toy

CAMILLE, ROSE = "+33199000042", "+33199000001"
INES = "+33261910001"
LINE = "+33199000100"
DIALLED = f'<Dial action="/after" callerId="{LINE}"><Number url="/screen">{INES}</Number></Dial>'
PAGES: dict[str, Page] = {
    "/voice": (
        '<Gather action="/keyed" numDigits="5" input="dtmf speech" speechTimeout="1">'
        "<Say>Votre code postal, dites-le ou tapez-le</Say></Gather>"
    ),
    "/keyed": DIALLED,
    "/screen": '<Gather action="/pressed" numDigits="1"><Say>Tapez 1 pour prendre</Say></Gather><Hangup/>',
    "/pressed": "",
    "/after": "<Say>Au revoir</Say>",
}


class WatchedBulletin(Bulletin):
    """A bulletin that is told for how long no page has been open."""

    closed_for = 0.0

    def watched(self, within: float) -> bool:
        return within > self.closed_for


@dataclass
class Hands:
    """Somebody at the page."""

    network: Network
    booth: Booth
    bulletin: WatchedBulletin

    def does(self, telephone: str, verb: str, value: str = "") -> None:
        assert self.booth.act(telephone, verb, value), f"{telephone} cannot be {verb}"

    def sees(self, telephone: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.bulletin.after("", 0)[telephone]
        return shown

    def reads(self, telephone: str) -> list[str]:
        return [line["text"] for line in self.sees(telephone)["lines"]]

    def waits(self, seconds: float) -> None:
        """Let so many of the network's seconds pass."""
        self.network.run(until=self.network.seconds() + seconds, settle=0)

    def rings_an_agent(self) -> None:
        """Call, key a postal code, and wait until the other telephone rings."""
        self.does("citizen", "dials")
        self.waits(1)
        for key in "05170":
            self.does("citizen", "presses", key)
        self.waits(3)


@pytest.fixture
def hands(network: Network, toy: Toy) -> Iterator[Hands]:
    toy.pages |= PAGES
    network.phone(CAMILLE, "Camille")
    network.phone(INES, "Inès")
    bulletin = WatchedBulletin()
    yield Hands(network, Booth(network, PageCall(CAMILLE, LINE), bulletin), bulletin)
    bulletin.close()
