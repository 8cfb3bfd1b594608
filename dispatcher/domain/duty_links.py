"""What a link of an agent's own slot is signed over: whose it is, and when it begins and ends.

Nothing is kept of it: a slot that was moved or taken away since is not found any more, and the link
leads to nothing then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.occurrences import Occurrence
from dispatcher.domain.schedule import local

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DutyLink:
    """One occurrence of an agent's."""

    agent: AgentId
    start: datetime
    end: datetime

    @property
    def id(self) -> str:
        """Twenty-four hexadecimal digits."""
        start, length = (self.start - _SINCE) // _MINUTE, (self.end - self.start) // _MINUTE
        return f"{self.agent:08x}{start:08x}{length:08x}"

    @classmethod
    def of(cls, agent: AgentId, each: Occurrence) -> DutyLink:
        """That of this occurrence."""
        return cls(agent, each.start, each.end)

    @classmethod
    def read(cls, id: str) -> DutyLink:
        """What such an id says."""
        agent, start, length = (int(id[at : at + 8], 16) for at in (0, 8, 16))
        begins = _SINCE + start * _MINUTE
        return cls(AgentId(agent), begins, begins + length * _MINUTE)

    def found(self, agent: Agent) -> Occurrence | None:
        """The occurrence, as long as it stands where it did."""
        day = local(self.start, agent.timezone).date()
        near = agent.slots.occurrences(day - timedelta(days=1), day + timedelta(days=1))
        return next(
            (each for each in near if (each.start, each.end) == (self.start, self.end)), None
        )


def slot_at(agent: Agent, at: datetime) -> Occurrence | None:
    """The slot in which somebody is to answer from this moment on."""
    day = local(at, agent.timezone).date()
    near = agent.slots.occurrences(day - timedelta(days=1), day + timedelta(days=1))
    return next((each for each in near if each.start <= at < each.end), None)
