"""A call that is held, passed on, or shared with a third person: where each leg is to be.

A transfer begins when an agent first holds a call or passes it on, and ends when the call does, or
goes back to the line. Every move makes a new value one turn later, saved only over the turn it was
made from. Each leg has a place that it is at, as far as we know, and one where it is wanted: what
differs is moved by a job, and what cannot be moved is undone at the deadline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType, Self

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.consents import ConsentId
from dispatcher.domain.territories import Territory

TransferId = NewType("TransferId", str)

HELD_AT_MOST: Final = timedelta(minutes=5)
"""How long a citizen hears that they are to wait before they are back with whoever is there."""
MEET_WITHIN: Final = timedelta(seconds=30)
"""How long legs may take to come together; past it the caller is back at the head of the line."""
ASKED_AGAIN_AFTER: Final = timedelta(seconds=5)
FOLLOWS_WITHIN: Final = timedelta(seconds=10)
"""A leg whose Dial is over asks its action at once; one that has not is moved like the others."""
GIVEN_UP_AFTER: Final = timedelta(minutes=2)
"""How long the carrier is asked to let the legs of a transfer go that is over."""


class Kind(StrEnum):
    """What an agent is about."""

    HOLD = "hold"
    WARM = "warm"  # a word with the colleague first
    COLD = "cold"  # straight
    THIRD = "third"  # a third person comes, and nobody leaves


class State(StrEnum):
    """Where a transfer stands."""

    HELD = "held"
    CONSULTING = "consulting"  # the agent rings the target, or talks with them; the citizen waits
    TOGETHER = "together"
    REFERRED = "referred"  # the citizen's own leg rings a number outside
    CLOSED = "closed"


class Place(StrEnum):
    """Where a leg is."""

    BRIDGE = "bridge"  # in a Dial with one other leg
    HOLD = "hold"  # a document of ours that says to wait, and asks again and again
    ROOM = "room"  # the conference
    RING = "ring"  # in a Dial that it began itself, for a target
    LINE = "line"  # at the present step of its call
    GONE = "gone"


class Side(StrEnum):
    """Whose leg it is."""

    CITIZEN = "citizen"
    AGENT = "agent"
    TARGET = "target"
    LEAVER = "leaver"  # an agent who has passed the call on


class Refusal(StrEnum):
    """Why an agent's wish changes nothing."""

    NO_CONVERSATION = "no_conversation"
    NOT_NOW = "not_now"  # it does not stand so that this could be done
    NOBODY_FREE = "nobody_free"
    NOT_ALLOWED = "not_allowed"  # no such number on the line's list
    NOT_YET = "not_yet"  # the target has not taken the call


@dataclass(frozen=True, slots=True)
class ToAgent:
    """A colleague, by name."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class ToNeed:
    """Whoever serves another need."""

    need: Need


@dataclass(frozen=True, slots=True)
class ToTerritory:
    """Whoever serves another place."""

    territory: Territory


@dataclass(frozen=True, slots=True)
class ToReferral:
    """A number of the line's list, by its id."""

    referral: str


Target = ToAgent | ToNeed | ToTerritory | ToReferral


@dataclass(frozen=True, slots=True)
class Transfer:
    """One call with more than a plain conversation. ``call`` is the citizen's own leg.

    ``offer``: that of the agent who has the call; None once it is somebody of no offer's.
    ``follows``: which leg of a bridge goes on by itself when the other is redirected. ``consent``:
    what the citizen is asked alone, while held.
    """

    id: TransferId
    call: CallSid
    begun_at: datetime
    moved_at: datetime
    deadline: datetime
    offer: OfferId | None = None
    kind: Kind = Kind.HOLD
    state: State = State.TOGETHER
    turn: int = 1
    agent_leg: str | None = None
    target_offer: OfferId | None = None
    target_leg: str | None = None
    referral: str | None = None
    leaver_leg: str | None = None
    citizen_at: Place = Place.BRIDGE
    agent_at: Place = Place.BRIDGE
    target_at: Place = Place.BRIDGE
    leaver_at: Place = Place.GONE
    follows: Side | None = None
    asked_at: datetime | None = None
    closed_at: datetime | None = None
    consent: ConsentId | None = None

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.state is not State.CLOSED

    @property
    def room(self) -> str:
        """The conference in which its legs meet: one for a call."""
        return self.call

    @property
    def shared(self) -> bool:
        """Whether a third person is there, or being asked."""
        return self.target_offer is not None or self.referral is not None

    @property
    def holding(self) -> frozenset[OfferId]:
        """The offers whose agents it holds."""
        if self.state in {State.CLOSED, State.REFERRED}:
            return frozenset()
        return frozenset(each for each in (self.offer, self.target_offer) if each is not None)

    def side_of(self, leg: str) -> Side | None:
        """Whose leg this is."""
        legs = {
            self.leaver_leg: Side.LEAVER,
            self.target_leg: Side.TARGET,
            self.agent_leg: Side.AGENT,
            self.call: Side.CITIZEN,
        }
        return legs.get(leg)

    def leg_of(self, side: Side) -> str | None:
        """The leg of this side, if we know of one."""
        if side is Side.CITIZEN:
            return self.call
        leg: str | None = getattr(self, f"{side}_leg")
        return leg

    def at(self, side: Side) -> Place:
        """Where this side's leg is, as far as we know."""
        place: Place = getattr(self, f"{side}_at")
        return place

    def wanted(self, side: Side) -> Place:
        """Where this side's leg is to be."""
        if side is Side.LEAVER:
            return Place.GONE
        return _WANTED[self.state].get(side, self.at(side))

    def errands(self, *, at: datetime) -> Iterator[Side]:
        """The legs that the carrier is to be asked to move, in this order."""
        strays = [s for s in Side if self.leg_of(s) and self.at(s) is not self.wanted(s)]
        led = [s for s in strays if not (s is self.follows and self.at(s) is Place.BRIDGE)]
        if led or at - self.moved_at < FOLLOWS_WITHIN:
            strays = led
        return iter(strays)

    def arrived(self) -> bool:
        """Whether every leg is where it is wanted."""
        return all(self.at(s) is self.wanted(s) for s in Side if self.leg_of(s))

    def held(self, *, at: datetime, consent: ConsentId | None = None) -> Self:
        """The citizen hears that they are to wait, or is asked something alone; the agent stays in
        the conference.
        """
        return self._to(State.HELD, at + HELD_AT_MOST, at=at, kind=Kind.HOLD, consent=consent)

    def asks(self, leg: str, consent: ConsentId) -> bool:
        """Whether this leg is that of the citizen, who is being asked this very thing."""
        return self.consent == consent and self.side_of(leg) is Side.CITIZEN

    def together(self, *, at: datetime) -> Self:
        """Whoever is there talks with the citizen; nobody else is being asked."""
        nobody = {"target_offer": None, "target_leg": None, "referral": None}
        return self._to(State.TOGETHER, at + MEET_WITHIN, at=at, **nobody)

    def consults(
        self, kind: Kind, offer: OfferId | None, referral: str | None, *, at: datetime
    ) -> Self:
        """The agent rings a target, and the citizen waits."""
        asked = {"target_offer": offer, "referral": referral, "target_leg": None}
        until = at + HELD_AT_MOST
        return self._to(State.CONSULTING, until, at=at, kind=kind, target_at=Place.BRIDGE, **asked)

    def joined(self, *, at: datetime) -> Self:
        """The target comes to the agent and the citizen."""
        ringing = {"agent_at": Place.BRIDGE, "follows": Side.AGENT}
        return self._to(State.TOGETHER, at + MEET_WITHIN, at=at, **ringing)

    def handed_over(self, *, at: datetime) -> Self:
        """The target has the call from now on, and the agent leaves."""
        ringing = self.state is State.CONSULTING
        return self._to(
            State.TOGETHER,
            at + MEET_WITHIN,
            at=at,
            offer=self.target_offer,
            agent_leg=self.target_leg,
            agent_at=self.target_at,
            leaver_leg=self.agent_leg,
            leaver_at=Place.BRIDGE if ringing else self.agent_at,
            follows=Side.LEAVER if ringing else None,
            target_offer=None,
            target_leg=None,
            target_at=Place.BRIDGE,
            referral=None,
        )

    def referred(self, referral: str, *, at: datetime) -> Self:
        """The citizen's own leg rings a number outside, and the agent leaves."""
        return self._to(State.REFERRED, at + MEET_WITHIN, at=at, kind=Kind.COLD, referral=referral)

    def over(self, *, at: datetime, **changes: Any) -> Self:
        """It is over: the citizen goes on at the step of their call, all others leave."""
        return self._to(State.CLOSED, at, at=at, closed_at=at, **changes)

    def undone(self, *, at: datetime) -> Self:
        """Nothing was moved: it is a plain conversation as before, and nobody is to be moved."""
        places = {f"{s}_at": self.over(at=at).wanted(s) for s in Side}
        return self.over(at=at, **places)

    def _to(self, state: State, deadline: datetime, *, at: datetime, **changes: Any) -> Self:
        turn = {"turn": self.turn + 1, "moved_at": at, "asked_at": None, "consent": None}
        return replace(self, state=state, deadline=deadline, **{**turn, **changes})


_WANTED: Final = {
    State.HELD: {Side.CITIZEN: Place.HOLD, Side.AGENT: Place.ROOM},
    State.CONSULTING: {Side.CITIZEN: Place.HOLD, Side.AGENT: Place.RING},
    State.TOGETHER: {Side.CITIZEN: Place.ROOM, Side.AGENT: Place.ROOM, Side.TARGET: Place.ROOM},
    State.REFERRED: {Side.CITIZEN: Place.RING, Side.AGENT: Place.GONE, Side.TARGET: Place.BRIDGE},
    State.CLOSED: {Side.CITIZEN: Place.LINE, Side.AGENT: Place.GONE, Side.TARGET: Place.GONE},
}
