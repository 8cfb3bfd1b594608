"""Wrap-ups: how long those who have just talked are left alone, and what they say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.wrap_ups import EXTENSION, Talked, WrapUp
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


@dataclass(frozen=True, slots=True)
class Resting:
    """Who has just talked, as SQL knows it; ``usual``: how long a wrap-up is otherwise."""

    talked: Mapping[AgentId, Talked]
    usual: timedelta
    at: datetime

    def until(self, agent: Agent) -> datetime | None:
        """When this agent's wrap-up ends, or ended just now; None when they had none of late."""
        talked = self.talked.get(agent.id)
        if talked is None:
            return None
        return agent.rested_at(talked.ended_at, self.usual, said=talked.said_until)

    def of(self, agent: Agent) -> WrapUp | None:
        """The wrap-up that this agent is in."""
        talked, until = self.talked.get(agent.id), self.until(agent)
        if talked is None or until is None or until <= self.at:
            return None
        return WrapUp(talked.offer, until, extendable=talked.said_until is None)


def resting(tx: Transaction, services: Services, *, agent: AgentId | None = None) -> Resting:
    """Everybody, or this one agent, who may be in a wrap-up."""
    at = services.now()
    usual = timedelta(seconds=max(line.wrap_up_seconds for line in services.lines))
    return Resting(tx.wrap_ups.talked_since(at - usual - EXTENSION, agent=agent), usual, at)
