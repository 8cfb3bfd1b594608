"""A mail (e-mail): one per kind, address and matter, sent once, never late."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

MailId = NewType("MailId", str)
Address = NewType("Address", str)
"""Where a mail goes: somebody@somewhere, and nothing else."""


LONGEST_ADDRESS: Final = 254
_LONGEST_LOCAL: Final = 64
"""RFC 5321, 4.5.3.1, and its erratum 1690."""
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def read_address(text: str) -> Address | None:
    """The one address that somebody wrote; None for what is none, or more than one.

    In ASCII, since not every server knows more; never quoted, nor with anything beside it: no
    address of a form can add a line to a mail's head, or somebody to whom it goes.
    """
    text = text.strip(" ")
    fits = len(text) <= LONGEST_ADDRESS and len(text.partition("@")[0]) <= _LONGEST_LOCAL
    return Address(text) if fits and _ADDRESS.fullmatch(text) else None


class Kind(StrEnum):
    """What a mail is about: its subject and sentences in the catalogue of mails."""

    WAITS = "alert.waits"  # somebody has waited long on the line
    NOBODY = "alert.nobody"  # people wait, and nobody on duty serves them
    OWED = "alert.owed"  # callbacks that nobody takes
    CAP = "alert.cap"  # so much of the day's cap of texts is used
    DOUBT = "alert.doubt"  # texts that may have been sent, or not
    WAITS_MANY = "alert.waits_many"
    NOBODY_MANY = "alert.nobody_many"
    OWED_MANY = "alert.owed_many"
    DUTY_TOMORROW = "duty.tomorrow"  # an agent has a slot tomorrow
    DUTY_SOON = "duty.soon"  # an agent's slot is about to begin
    DUTY_CALLBACK = "duty.callback"  # a callback planned for this agent
    SIGN_IN = "sign_in.link"  # a link that somebody asked for
    INVITATION = "sign_in.invitation"  # a link to begin with
    STAND_IN_WANTED = "stand_in.wanted"  # to a colleague: somebody looks for a stand-in
    STAND_IN_FOUND = "stand_in.found"  # to whoever asked: there is one
    STAND_IN_GAP = "stand_in.gap"  # to coordinators: a removal left opening hours to nobody
    STAND_IN_TAKEN = "stand_in.taken"  # to coordinators: somebody answers then
    STAND_IN_NOBODY = "stand_in.nobody"  # to coordinators: it begins, and nobody took it
    PLANNING_ALTERED = "planning.altered"  # to an agent: somebody else changed their slots
    INQUIRY_KEPT = "inquiry.kept"  # to a citizen: their question is noted
    INQUIRY_WAITS = "inquiry.waits"  # to an agent: a question waits for them
    INQUIRY_ANSWER = "inquiry.answer"  # to a citizen: the answer
    RECAP_DONE = "recap.done"  # to a citizen, after a conversation
    RECAP_BRING = "recap.bring"
    RECAP_SERVICE = "recap.service"
    MANDATE_ENDS = "mandate.ends"  # to an authorised agent: a mandate of their house ends soon
    MANDATE_REVOKED = "mandate.revoked"  # likewise: its person took it back, or a part of it
    JOURNAL_HEAD = "journal.head"  # to whom JOURNAL_HEADS_TO names: a signed head


class State(StrEnum):
    """Where a mail stands. UNSURE is shown as « à vérifier »: it may have been sent, or not."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    DROPPED = "dropped"


FOLLOWS: Final[Mapping[State, frozenset[State]]] = {
    State.WAITING: frozenset({State.SENDING, State.DROPPED}),
    State.SENDING: frozenset({State.SENT, State.WAITING, State.UNSURE, State.FAILED}),
    State.SENT: frozenset(),
    # Whoever had it learns it after its lease.
    State.UNSURE: frozenset({State.SENT, State.WAITING, State.FAILED}),
    State.FAILED: frozenset(),
    State.DROPPED: frozenset(),
}
"""What may follow what; every UPDATE of a state is bound to it (``came_before``)."""
OVER: Final = (State.SENT, State.UNSURE, State.FAILED, State.DROPPED)
"""Nothing is done of itself any more."""


def came_before(state: State) -> frozenset[State]:
    """The states that this one may follow."""
    return frozenset(before for before, after in FOLLOWS.items() if state in after)


class Reason(StrEnum):
    """Why a mail was dropped, or failed."""

    EXPIRED = "expired"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, and how far it came. ``tries`` counts those begun: a later one fences out the others.

    ``about``: what it is about, never anything personal. ``handed_at``: from then on the server may
    have taken it. ``lease_until``: until when whoever took it has it to themselves.
    """

    id: MailId
    kind: Kind
    address: Address
    subject: str
    body: str
    about: str
    created_at: datetime
    due_at: datetime
    expires_at: datetime
    state: State = State.WAITING
    tries: int = 0
    tried_at: datetime | None = None
    handed_at: datetime | None = None
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """How mails stand: those waiting, and those of the last days that are « à vérifier »."""

    waiting: int
    unsure: int


class Verdict(StrEnum):
    """What a server's answer, or its silence, says of a mail."""

    LATER = "later"
    REFUSED = "refused"
    DOUBT = "doubt"


_OURS_TO_MEND: Final = frozenset({530, 534, 535, 538})
"""A wrong password fails no mail for good: it is mended, and they go (RFC 4954)."""
_FOR_GOOD: Final = 500


def verdict(code: int) -> Verdict:
    """What a reply of SMTP says of a mail: 4xx to be tried again, 5xx never (RFC 5321, 4.2.1)."""
    return Verdict.REFUSED if code >= _FOR_GOOD and code not in _OURS_TO_MEND else Verdict.LATER


MOST_TRIES: Final = 10
LEASE: Final = timedelta(seconds=90)
"""Longer than a job may take: after it whoever took a mail is dead, or cannot hand it over."""
RUNG_AT_ONCE: Final = timedelta(seconds=10)
"""For so long after a mail was taken in, the job asked for then is waited for."""
RUNG_EVERY: Final = timedelta(minutes=1)
"""How often a worker is reminded of a mail that is due: a queue of a day must not fill Redis."""
SHOWN_FOR: Final = timedelta(days=7)
"""For how long a mail « à vérifier » is counted where people look."""
FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(minutes=15)


def again_at(mail: Mail, *, at: datetime) -> datetime | None:
    """When a mail that surely was not sent is tried again; None: no more.

    Never once it has expired, and at most so often in all.
    """
    wait = min(FIRST_WAIT * 2 ** (mail.tries - 1), _LONGEST_WAIT)
    return None if mail.tries >= MOST_TRIES or at + wait >= mail.expires_at else at + wait


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a mail after a failure: ``due_at`` when it waits to be tried again."""

    state: State
    due_at: datetime | None = None
    reason: Reason | None = None


def outcome(mail: Mail, why: Verdict, *, at: datetime) -> Outcome:
    """What becomes of a mail of which this is said. Nobody can look up what a server took: a DOUBT
    stays one.
    """
    if why is Verdict.DOUBT:
        return Outcome(State.UNSURE)
    if why is Verdict.REFUSED:
        return Outcome(State.FAILED, reason=Reason.REFUSED)
    due_at = again_at(mail, at=at)
    if due_at is None:
        return Outcome(State.FAILED, reason=Reason.GIVEN_UP)
    return Outcome(State.WAITING, due_at)
