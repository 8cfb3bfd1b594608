"""The queues of the account, and who waits in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dispatcher.simulator.ledger import Kind
from dispatcher.simulator.legs import Leg

MAX_SIZE = 1000
"""Twilio's default; 5,000 at most."""


@dataclass(frozen=True, slots=True)
class Member:
    """One caller in a queue."""

    leg: Leg
    since: float
    enqueued_at: datetime


@dataclass(slots=True)
class Queue:
    """A queue, made by the first Enqueue that names it."""

    sid: str
    name: str
    created_at: datetime
    max_size: int = MAX_SIZE
    members: list[Member] = field(default_factory=list)

    def join(self, leg: Leg) -> Member:
        """Put a caller at the end."""
        network = leg.network
        member = Member(leg, network.seconds(), network.now())
        self.members.append(member)
        network.ledger.write(Kind.QUEUED, call=leg.sid, number=leg.number, detail=self.name)
        return member

    def leave(self, member: Member, result: str) -> None:
        """Take a caller out, once."""
        if member not in self.members:
            return
        self.members.remove(member)
        leg = member.leg
        leg.network.ledger.write(Kind.DEQUEUED, call=leg.sid, number=leg.number, detail=result)

    def find(self, call_sid: str) -> Member | None:
        """Find a member by call id; ``Front`` is the first one."""
        if call_sid == "Front":
            return self.members[0] if self.members else None
        return next((m for m in self.members if m.leg.sid == call_sid), None)

    def average_wait(self, now: float) -> int:
        """Give how long those in the queue have waited, on average, in whole seconds."""
        if not self.members:
            return 0
        return round(sum(now - m.since for m in self.members) / len(self.members))


class Queues:
    """All queues by name."""

    def __init__(self) -> None:
        self.all: dict[str, Queue] = {}

    def named(self, name: str, leg: Leg) -> Queue:
        """Get the queue of this name, made if needed."""
        if name not in self.all:
            self.all[name] = Queue(leg.network.new_sid("QU"), name, leg.network.now())
        return self.all[name]

    def find(self, sid: str) -> Queue | None:
        """Find a queue by its id."""
        return next((queue for queue in self.all.values() if queue.sid == sid), None)
