"""The page's two telephones on the network: whom they belong to, and who looks after them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dispatcher.simulator.webphone.bulletin import Bulletin
from dispatcher.simulator.webphone.telephone import Telephone

if TYPE_CHECKING:
    from dispatcher.simulator.legs import Leg
    from dispatcher.simulator.network import Network
    from dispatcher.simulator.people.handset import Behaviour, Handset
    from dispatcher.simulator.scenario import PageCall

WORDS = Path(__file__).with_name("words.toml")
SHOWN_EVERY = 0.1
"""Network seconds between two looks at what has changed."""
OPEN_WITHIN = 5.0
ABANDONED_AFTER = 20.0
"""Real seconds without a page: nobody is there to answer; nobody will come back to a call."""


class Booth:
    """A citizen's telephone and an agent's, in the hands of whoever has the page open.

    The agent's is that of any agent whom the application rings for the page's citizen. Once nobody
    else plays (``alone``) it is that of any agent at all. ``when_used`` is called before each call.
    """

    def __init__(
        self,
        network: Network,
        page: PageCall,
        bulletin: Bulletin,
        when_used: Callable[[], object] = lambda: None,
    ) -> None:
        words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
        self.alone = False
        self.about = ""
        """The id of the citizen's own last call, which the story is about."""
        self._network, self._bulletin, self._when_used = network, bulletin, when_used
        self._citizen = Telephone(words, network.phone(page.citizen), page.line)
        self._agent = Telephone(words)
        self.telephones = {"citizen": self._citizen, "agent": self._agent}
        network.at_hand = self.takes
        network.every(SHOWN_EVERY, self._look_after)

    def act(self, telephone: str, verb: str, value: str) -> bool:
        """Do something with a telephone; say whether that can be done now."""
        used = self.telephones[telephone]
        if verb not in used.verbs:
            return False
        if verb == "dials":
            self._when_used()
            self._bulletin.put("story", None)
        self._network.spawn(used.does(verb, value))
        return True

    def takes(self, handset: Handset, leg: Leg) -> Behaviour | None:
        """Give the page this ringing telephone, if it is the page's and somebody is there."""
        if not self._bulletin.watched(OPEN_WITHIN):
            return None
        if handset is self._citizen.handset:
            return self._citizen.lives
        own = leg.parent is not None and leg.parent.number == self._citizen_number
        free = self._agent.call is None or self._agent.call.ended
        return self._agent.lives if free and (own or self._rung_for_nobody_else(leg)) else None

    @property
    def _citizen_number(self) -> str:
        return self._citizen.handset.number if self._citizen.handset else ""

    def _rung_for_nobody_else(self, leg: Leg) -> bool:
        """Say whether the application itself rings this agent, with nobody else in play."""
        return self.alone and leg.route.direction == "outbound-api"

    def _look_after(self) -> None:
        call = self._citizen.call
        if call is not None and call.leg.route.direction == "inbound":
            self.about = call.sid
        for name, telephone in self.telephones.items():
            self._bulletin.put(name, telephone.shown())
        if not self._bulletin.watched(ABANDONED_AFTER):
            for telephone in self.telephones.values():
                if "hangs_up" in telephone.verbs:
                    self._network.spawn(telephone.does("hangs_up", ""))
