"""A callback: a promise that keeps a caller's place in the order, and is tried several times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.calls import Call, CallSid, LineId, RegularId, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.replies import Reply
from dispatcher.domain.wishes import Part

CallbackId = NewType("CallbackId", str)

HALF_HOUR: Final = timedelta(minutes=30)
"""What somebody chooses who does not want to be rung as soon as possible."""


class State(StrEnum):
    """Where a callback stands. Those after CALLING are ends."""

    WAITING = "waiting"  # requested, or planned for its due moment
    OFFERED = "offered"  # an agent is rung
    CALLING = "calling"  # the agent is there, the citizen is rung
    REACHED = "reached"
    ANSWERED = "answered"  # in writing
    SERVED = "served"  # they were reached otherwise before we rang
    DECLINED = "declined"  # they said on the telephone that they want no more of it
    STOPPED = "stopped"  # the same, and no call after it: they were a regular
    CANCELLED = "cancelled"
    REDIRECTED = "redirected"  # another service sees to it
    DEAD = "dead"  # their number does not exist
    CLOSED = "closed"  # tried as often as we do
    JOINED = "joined"  # they are owed one already, and asked for it again

    @property
    def over(self) -> bool:
        """Whether nobody is to be rung any more."""
        return self not in {State.WAITING, State.OFFERED, State.CALLING}


@dataclass(frozen=True, slots=True)
class Callback:
    """Somebody to ring back. ``place_since`` is their place in the order of all who wait.

    ``call`` None: it was asked for without one. ``attempts``: how often they were rung in vain, the
    last time at ``tried_at``. ``first_name`` tells apart those who share a telephone; empty when
    nobody asked. ``discreet``: who else picks up is told of no more than "the service". ``number``
    and ``first_name`` are empty once they were erased: of a closed callback only. ``regular``: who
    on the list of regulars it is one of the calls of. ``not_before``: minutes after a midnight of
    their clock. ``booked_at``: the half-hour they chose. ``reply``: how they want to be answered;
    all but those by telephone are inquiries, and never rung by us.
    """

    id: CallbackId
    call: CallSid | None
    line: LineId
    number: PhoneNumber
    commune: str | None
    need: Need
    why: Why
    asked_at: datetime
    place_since: datetime
    due_at: datetime
    state: State = State.WAITING
    closed_at: datetime | None = None
    house: str | None = None
    helper: AgentId | None = None
    attempts: int = 0
    tried_at: datetime | None = None
    first_name: str = ""
    part: Part = Part.ANY
    discreet: bool = False
    regular: RegularId | None = None
    not_before: int | None = None
    booked_at: datetime | None = None
    reply: Reply = Reply.TELEPHONE

    def booked_until(self, at: datetime) -> datetime | None:
        """The end of the half-hour they chose, as long as they are to be rung in it."""
        if self.booked_at is None or self.booked_at != self.due_at:
            return None
        end = self.booked_at + HALF_HOUR
        return end if at < end else None


def kept_for(call: Call, id: CallbackId, *, due_at: datetime, at: datetime) -> Callback:
    """The callback that keeps the place of this call, due from ``due_at`` on.

    Their place is that of the call; of somebody who rang while closed, that of the opening.
    """
    number = call.keyed_number or call.number
    assert number is not None
    return Callback(
        id=id,
        call=call.sid,
        line=call.line,
        number=number,
        commune=call.commune,
        need=call.need or Need.EITHER,
        why=call.why or Why.ASKED,
        asked_at=at,
        place_since=due_at if call.why is Why.CLOSED else call.waiting_since or at,
        due_at=due_at,
        house=call.house,
        helper=call.helper,
    )
