"""Agents with a page open, in an office under test."""

from dataclasses import dataclass

from dispatcher.domain.agents import AgentId
from dispatcher.domain.channels import Channel
from dispatcher.operations import softphones
from dispatcher.simulator.people.handset import Handset
from tests.office import Office
from tests.people import Helper

NINA = Helper("Nina", "", "orcieres", automatic="no")
"""She has no telephone of her own."""


@dataclass
class Page:
    """A page of an agent's that beats every five seconds while it lives."""

    office: Office
    agent: AgentId
    id: str = "a"
    lives: bool = True
    can_ring: bool = True

    def beat(self) -> None:
        if self.lives:
            services = self.office.services
            softphones.beat(self.agent, self.id, can_ring=self.can_ring, services=services)

    @property
    def browser(self) -> Handset:
        """What the network rings when it rings this agent's browser."""
        softphone = softphones.open_for(self.agent, self.office.services)
        return self.office.network.phone(f"client:{softphone.identity}")


def opens_page(office: Office, helper: Helper, channel: Channel = Channel.EITHER) -> Page:
    """This agent says that they are on, and opens a page that can ring."""
    agent = office.agent(helper)
    with office.services.store.writing() as tx:
        tx.agents.heed(agent.id, agent.comes_on(office.network.now()), at=office.network.now())
    softphones.practise(agent.id, office.services)
    softphones.choose(agent.id, channel, office.services)
    page = Page(office, agent.id)
    page.beat()
    office.network.every(5, page.beat)
    return page


def on_the_board(office: Office, page: Page) -> bool:
    return page.agent in office.services.board.on_duty()
