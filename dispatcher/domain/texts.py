"""A text (SMS): one per kind and person, sent once, never late, and never to whom said STOP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from dispatcher.domain.numbers import PhoneNumber

TextId = NewType("TextId", str)
CarrierTextId = NewType("CarrierTextId", str)
"""The carrier's own name for a text that it took."""


class Kind(StrEnum):
    """What a text is for: its sentence in the catalogue of texts."""

    AGENT_PAUSED = "agent.paused"
    AGENT_TOMORROW = "agent.tomorrow"
    AGENT_SOON = "agent.soon"
    AGENT_TOMORROW_ASKED = "agent.tomorrow_asked"
    AGENT_SOON_ASKED = "agent.soon_asked"
    AGENT_CALLBACK = "agent.callback"
    AGENT_STAND_IN = "agent.stand_in"
    AGENT_STAND_IN_YES = "agent.stand_in_yes"
    AGENT_STAND_IN_FOUND = "agent.stand_in_found"
    AGENT_ALTERED = "agent.altered"
    CALLBACK_KEPT = "callback.kept"
    CALLBACK_TOMORROW = "callback.tomorrow"
    CALLBACK_SOON = "callback.soon"
    CALLBACK_CLOSED = "callback.closed"
    INQUIRY_KEPT = "inquiry.kept"
    INQUIRY_WAITS = "inquiry.waits"
    INQUIRY_ANSWER = "inquiry.answer"
    RECAP_DONE = "recap.done"
    RECAP_BRING = "recap.bring"
    RECAP_SERVICE = "recap.service"
    MANDATE_RECAP = "mandate.recap"
    MANDATE_CODE = "mandate.code"
    MANDATE_LINK = "mandate.link"
    MANDATE_REPLY = "mandate.reply"


SEGMENTS: Final[Mapping[str, int]] = {
    Kind.AGENT_PAUSED: 2,
    Kind.AGENT_TOMORROW: 1,
    Kind.AGENT_SOON: 1,
    Kind.AGENT_TOMORROW_ASKED: 1,
    Kind.AGENT_SOON_ASKED: 1,
    Kind.AGENT_CALLBACK: 1,
    Kind.AGENT_STAND_IN: 2,
    Kind.AGENT_STAND_IN_YES: 2,
    Kind.AGENT_STAND_IN_FOUND: 1,
    Kind.AGENT_ALTERED: 2,
    Kind.CALLBACK_KEPT: 2,
    Kind.CALLBACK_TOMORROW: 2,
    Kind.CALLBACK_SOON: 2,
    Kind.CALLBACK_CLOSED: 1,
    Kind.INQUIRY_KEPT: 2,
    Kind.INQUIRY_WAITS: 2,
    Kind.INQUIRY_ANSWER: 4,
    Kind.RECAP_DONE: 2,
    Kind.RECAP_BRING: 3,
    Kind.RECAP_SERVICE: 2,
    Kind.MANDATE_RECAP: 6,
    Kind.MANDATE_CODE: 2,
    Kind.MANDATE_LINK: 2,
    Kind.MANDATE_REPLY: 2,
    "sms.reply": 1,
    "sms.kept": 2,
    "sms.not_kept": 1,
    "sms.agent_on": 2,
    "sms.agent_rests": 1,
    "sms.agent_over": 1,
    "sms.agent_aside": 1,
    "sms.agent_slots": 2,
    "sms.agent_no_slots": 1,
    "sms.stand_in_yours": 1,
    "sms.stand_in_gone": 1,
    "sms.stand_in_over": 1,
    "sms.stand_in_busy": 1,
    "sms.stand_in_several": 1,
    **dict.fromkeys((f"sms.mandate_{it}" for it in ("again", "yes", "no", "none", "revoked")), 1),
    **dict.fromkeys((f"sms.mandate_{it}" for it in ("which", "unclear", "whose")), 2),
    "sms.stopped": 1,
    "sms.resumed": 1,
}
"""How many segments each sentence of the catalogue may cost with its longest values."""


class State(StrEnum):
    """Where a text stands. UNSURE is shown as « à vérifier »: it may have been sent, or not."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    DROPPED = "dropped"


FOLLOWS: Final[Mapping[State, frozenset[State]]] = {
    State.WAITING: frozenset({State.SENDING, State.DROPPED}),
    State.SENDING: frozenset({State.SENT, State.WAITING, State.UNSURE, State.FAILED}),
    State.UNSURE: frozenset({State.SENT, State.WAITING, State.FAILED}),
    State.SENT: frozenset({State.WAITING, State.FAILED}),  # what the handset's network says later
    State.FAILED: frozenset(),
    State.DROPPED: frozenset(),
}
"""What may follow what; every UPDATE of a state is bound to it (``came_before``)."""


def came_before(state: State) -> frozenset[State]:
    """The states that this one may follow."""
    return frozenset(before for before, after in FOLLOWS.items() if state in after)


class Reason(StrEnum):
    """Why a text was not taken in, was dropped, or failed."""

    NO_SENDER = "no_sender"
    NOT_MOBILE = "not_mobile"
    STOPPED = "stopped"
    TWICE = "twice"
    NUMBER_CAP = "number_cap"
    DAY_CAP = "day_cap"
    EXPIRED = "expired"
    MOOT = "moot"
    CANNOT_RECEIVE = "cannot_receive"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Caps:
    """How many texts a day may be taken in: for one number, and of the whole deployment."""

    per_number: int = 5
    per_day: int = 500

    def of(self, kind: Kind) -> Caps:
        """Those of a kind: reminders to agents leave half of the day's texts to citizens."""
        return replace(self, per_day=self.per_day // 2) if kind in _TO_AGENTS else self


_TO_AGENTS: Final = frozenset(
    {
        *(Kind.AGENT_TOMORROW, Kind.AGENT_SOON, Kind.AGENT_CALLBACK),
        *(Kind.AGENT_TOMORROW_ASKED, Kind.AGENT_SOON_ASKED),
        *(Kind.AGENT_STAND_IN, Kind.AGENT_STAND_IN_YES, Kind.AGENT_STAND_IN_FOUND),
        Kind.AGENT_ALTERED,
    }
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and how far it came. ``tries`` counts those begun: a later one fences out the others.

    ``about``: the id of what it is about, never anything personal. ``lease_until``: until when
    whoever took it has it to themselves.
    """

    id: TextId
    kind: Kind
    number: PhoneNumber
    body: str
    about: str
    created_at: datetime
    due_at: datetime
    expires_at: datetime
    state: State = State.WAITING
    tries: int = 0
    tried_at: datetime | None = None
    lease_until: datetime | None = None
    sid: CarrierTextId | None = None
    sent_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """How texts stand: those waiting, those « à vérifier », and how much of today's cap is used."""

    waiting: int
    unsure: int
    today: int
    cap: int


class Verdict(StrEnum):
    """What a carrier's error says of a text."""

    LATER = "later"
    DOUBT = "doubt"
    AWAY = "away"
    STOPPED = "stopped"
    CANNOT_RECEIVE = "cannot_receive"
    REFUSED = "refused"


_CODES: Final[Mapping[int, Verdict]] = {
    21610: Verdict.STOPPED,  # they wrote STOP to the carrier itself
    21211: Verdict.CANNOT_RECEIVE,  # no such number
    21614: Verdict.CANNOT_RECEIVE,  # a landline
    21635: Verdict.CANNOT_RECEIVE,  # a landline, said by another door of theirs
    30005: Verdict.CANNOT_RECEIVE,  # unknown handset
    30006: Verdict.CANNOT_RECEIVE,  # a landline, or a network that takes no texts
    30003: Verdict.AWAY,  # switched off, or without a network: perhaps later
    30008: Verdict.AWAY,  # not delivered, and nobody says why
    20429: Verdict.LATER,
}
_OURS_TO_MEND: Final = frozenset({401, 403})
"""A wrong token fails no text for good: it is mended, and they go."""
_TOO_MANY: Final = 429


def verdict(*, status: int | None, code: int | None, permanent: bool = True) -> Verdict:
    """What this HTTP status and this code of Twilio's say of a text.

    Twilio never processes what it answers with 429. A 5xx, or no answer at all, may come after the
    effect: a doubt, to be looked up before anything is tried again.
    """
    if code is not None and code in _CODES:
        return _CODES[code]
    if status == _TOO_MANY or status in _OURS_TO_MEND:
        return Verdict.LATER
    return Verdict.REFUSED if permanent else Verdict.DOUBT


MOST_TRIES: Final = 8
LEASE: Final = timedelta(seconds=60)
"""As long as a job may take: after it whoever took a text is dead, or knows not what came of it.

Sooner, that the carrier lists nothing would say nothing: it may list late. What it took it also
tells us of by itself (``/sms/status``), within seconds.
"""
LOOKING: Final = timedelta(seconds=30)
"""Between two look-ups of one text, and the lease of each."""
TELLS_WITHIN: Final = timedelta(minutes=10)
"""After that long without an answer a text is « à vérifier »; it is still looked up."""
LOOKED_UP_EVERY: Final = timedelta(minutes=10)
"""How often a text « à vérifier » is looked up again."""
RUNG_AT_ONCE: Final = timedelta(seconds=10)
"""For so long after a text was taken in, the job asked for then is waited for."""
SKEW: Final = timedelta(minutes=1)
"""How far the carrier's clock may be from ours."""
RUNG_EVERY: Final = timedelta(minutes=1)
"""How often a worker is reminded of a text that is due: a queue of a day must not fill Redis."""
_FIRST_WAIT: Final = timedelta(seconds=5)
_LONGEST_WAIT: Final = timedelta(minutes=10)
_AWAY: Final = timedelta(minutes=15)


def again_at(text: Text, why: Verdict, *, at: datetime) -> datetime | None:
    """When a text that surely was not delivered is tried again; None: no more.

    Never once it has expired, and at most so often in all.
    """
    wait = _AWAY * text.tries if why is Verdict.AWAY else _FIRST_WAIT * 2 ** (text.tries - 1)
    if why is not Verdict.AWAY:
        wait = min(wait, _LONGEST_WAIT)
    return None if text.tries >= MOST_TRIES or at + wait >= text.expires_at else at + wait


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a text after an error: ``due_at`` when it waits to be tried again."""

    state: State
    due_at: datetime | None = None
    reason: Reason | None = None


def outcome(text: Text, why: Verdict, *, at: datetime) -> Outcome:
    """What becomes of a text of which the carrier says this; a DOUBT has to be looked up first."""
    if why in _FOR_GOOD:
        return Outcome(State.FAILED, reason=_FOR_GOOD[why])
    due_at = again_at(text, why, at=at)
    if due_at is None:
        return Outcome(State.FAILED, reason=Reason.GIVEN_UP)
    return Outcome(State.WAITING, due_at)


_FOR_GOOD: Final[Mapping[Verdict, Reason]] = {
    Verdict.STOPPED: Reason.STOPPED,
    Verdict.CANNOT_RECEIVE: Reason.CANNOT_RECEIVE,
    Verdict.REFUSED: Reason.REFUSED,
}

ALARMS: Final = (50, 80, 100)
"""At how many per cent of the day's cap somebody is told, once each."""


def alarms(count: int, cap: int) -> tuple[int, ...]:
    """Which alarms so many texts of a day have reached."""
    return tuple(each for each in ALARMS if count * 100 >= cap * each)
