"""Jobs about agents."""

from dispatcher.assembly import services
from dispatcher.domain.agents import AgentId
from dispatcher.operations import agents


def tell_paused(agent_id: str) -> None:
    """Text an agent that they are paused (queue: texts)."""
    agents.tell_paused(AgentId(int(agent_id)), services())
