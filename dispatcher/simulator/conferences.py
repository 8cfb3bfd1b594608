"""The conferences of the account: who is in them, who hears whom, and who is told.

Source: twilio.com/docs/voice/twiml/conference. A conference begins when two are in it and one of
them starts it; it is over when somebody leaves whose leaving ends it, or the last one does.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import Enum
from itertools import combinations
from typing import TYPE_CHECKING

from dispatcher.simulator.ledger import Kind, Talk
from dispatcher.simulator.people.transcript import Sort
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.wire.webhooks import Address, Webhook

if TYPE_CHECKING:
    from dispatcher.simulator.legs import Leg
    from dispatcher.simulator.network import Network


class Hearing(Enum):
    """What somebody in a conference hears."""

    WAIT = "wait"
    HOLD = "hold"
    OTHERS = "others"
    NOTHING = "nothing"


@dataclass(eq=False)
class Seat:
    """One participant, from joining until ``out`` is done."""

    conference: Conference
    leg: Leg
    how: verbs.Conference
    wait: Address | None
    joined_at: datetime
    out: asyncio.Future[None]
    muted: bool = False
    ends: bool = False
    held: bool = False
    hold: Address | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def company(self) -> list[Seat]:
        """Give those whom this one hears and is heard by."""
        return [seat for seat in self.conference.seats if self.conference.hear(self, seat)]

    @property
    def hearing(self) -> Hearing:
        """Give what this one hears now."""
        room = self.conference
        if self.held:
            return Hearing.HOLD
        alone = len(room.seats) < 2
        if not room.begun or (alone and self.leg.network.switches.alone_waits):
            return Hearing.WAIT
        return Hearing.NOTHING if alone else Hearing.OTHERS

    def put_out(self) -> None:
        """Have this one leave: its Dial goes on to the action."""
        if not self.out.done():
            self.out.set_result(None)


class Conference:
    """One conference; a name is used again for another once it is over."""

    def __init__(self, network: Network, name: str, told: Webhook, events: frozenset[str]) -> None:
        self.network, self.name = network, name
        self.sid = network.new_sid("CF")
        self.created_at = network.now()
        self.seats: list[Seat] = []
        self.begun = self.over = False
        self.reason = self.ended_by = ""
        self._told, self._events = told, events
        self._talks: dict[frozenset[str], Talk] = {}
        self._reports = 0

    @property
    def status(self) -> str:
        """Give Twilio's word for where it stands."""
        return "completed" if self.over else "in-progress" if self.begun else "init"

    def hear(self, one: Seat, other: Seat) -> bool:
        """Say whether both hear each other: the carrier mutes who is on hold too."""
        quiet = any(seat.muted or seat.held for seat in (one, other))
        return self.begun and one is not other and not quiet

    def join(self, seat: Seat) -> None:
        """Let somebody in."""
        self.seats.append(seat)
        seat.leg.seat = seat
        seat.leg.connected = True
        self._tell("participant-join", seat)
        if not self.begun and len(self.seats) > 1 and any(s.how.starts for s in self.seats):
            self.begun = True
            self._tell("conference-start")
        self.settle()

    def leave(self, seat: Seat) -> None:
        """Let somebody out, once; with them the conference may be over."""
        if seat not in self.seats:
            return
        self.seats.remove(seat)
        self.settle()
        seat.leg.seat = None
        self._tell("participant-leave", seat)
        if seat.ends:
            self.end("participant-with-end-conference-on-exit-left", seat.leg.sid)
        elif not self.seats:
            self.end("last-participant-left", seat.leg.sid)

    def end(self, reason: str, by: str = "") -> None:
        """Put everybody out, once."""
        if self.over:
            return
        self.over, self.reason, self.ended_by = True, reason, by
        for seat in list(self.seats):
            seat.put_out()
        self._tell("conference-end")

    def hold(self, seat: Seat, held: bool, at: Address | None) -> None:
        """Put somebody on hold, or take them off."""
        seat.held, seat.hold = held, at
        self._tell("participant-hold" if held else "participant-unhold", seat)
        self.settle()

    def mute(self, seat: Seat, muted: bool) -> None:
        """Mute somebody, or let them be heard."""
        seat.muted = muted
        self._tell("participant-mute" if muted else "participant-unmute", seat)
        self.settle()

    def settle(self) -> None:
        """Write down who hears whom since now, and let each hear what they should."""
        pairs = {
            frozenset((a.leg.sid, b.leg.sid)): (a, b)
            for a, b in combinations(self.seats, 2)
            if self.hear(a, b)
        }
        for pair in self._talks.keys() - pairs.keys():
            self._part(self._talks.pop(pair))
        for pair in pairs.keys() - self._talks.keys():
            self._talks[pair] = self._meet(*pairs[pair])
        for seat in self.seats:
            seat.changed.set()

    def _meet(self, one: Seat, other: Seat) -> Talk:
        a, b = one.leg, other.leg
        talk = Talk(a.sid, b.sid, a.number, b.number, self.network.seconds(), room=self.sid)
        self.network.ledger.talks.append(talk)
        self._note(Kind.BRIDGED, Sort.BRIDGED, talk)
        return talk

    def _part(self, talk: Talk) -> None:
        talk.until = self.network.seconds()
        self._note(Kind.UNBRIDGED, Sort.UNBRIDGED, talk)

    def _note(self, kind: Kind, sort: Sort, talk: Talk) -> None:
        detail = f"{talk.caller} and {talk.callee}"
        ledger, number = self.network.ledger, talk.callee
        ledger.write(kind, call=talk.parent, other=talk.child, number=number, detail=detail)
        for sid, number in ((talk.parent, talk.callee), (talk.child, talk.caller)):
            leg = self.network.legs[sid]
            if leg.phone_call is not None and leg.live:
                leg.phone_call.note(sort, number)

    def _tell(self, event: str, seat: Seat | None = None) -> None:
        self._reports += 1
        kind = event.partition("-")[2].removeprefix("un")
        detail = f"{self.name}: {event}"
        call, number = (seat.leg.sid, seat.leg.number) if seat else ("", "")
        self.network.ledger.write(Kind.CONFERENCE, call=call, number=number, detail=detail)
        if self._told.address.url and kind in self._events:
            form = {**self._told.form, **self._form(event, seat)}
            token = self.network.new_token()
            self.network.webhooks.tell(Webhook(self._told.address, form, token))

    def _form(self, event: str, seat: Seat | None) -> dict[str, str]:
        form = {
            "AccountSid": self.network.account_sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "StatusCallbackEvent": event,
            "SequenceNumber": str(self._reports),
            "Timestamp": format_datetime(self.network.now()),
        }
        if event == "conference-end":
            form["ReasonConferenceEnded"] = self.reason
            if self.ended_by:
                form["CallSidEndingConference"] = self.ended_by
        if seat is None:
            return form
        facts = {"Muted": seat.muted, "Hold": seat.held, "Coaching": False}
        facts |= {"EndConferenceOnExit": seat.ends, "StartConferenceOnEnter": seat.how.starts}
        form |= {name: str(fact).lower() for name, fact in facts.items()}
        label = {"ParticipantLabel": seat.how.label} if seat.how.label else {}
        return {**form, **label, "CallSid": seat.leg.sid}


class Conferences:
    """All conferences, those that are over too."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.all: list[Conference] = []

    def enter(
        self, leg: Leg, how: verbs.Conference, *, wait: Address | None, told: Address
    ) -> Seat | None:
        """Let a leg into the conference of this name, made if needed; None when it is full.

        Who is told of it, and of what, the first to come says for all.
        """
        room = self.living(how.name)
        if room is None:
            room = Conference(self._network, how.name, Webhook(told, {}, ""), how.events)
            self.all.append(room)
        if len(room.seats) >= how.at_most:
            return None
        out: asyncio.Future[None] = self._network.loop.create_future()
        seat = Seat(room, leg, how, wait, self._network.now(), out, how.muted, how.ends)
        room.join(seat)
        return seat

    def living(self, name: str) -> Conference | None:
        """Find the conference of this name that is not over."""
        return next((room for room in self.all if room.name == name and not room.over), None)

    def find(self, sid: str) -> Conference | None:
        """Find a conference by its id."""
        return next((room for room in self.all if room.sid == sid), None)
