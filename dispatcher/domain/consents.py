"""Consent: asked for in two steps through one channel, answered once, in time.

Silence is none, nor is an answer that is neither yes nor no. A number that rings or writes to us
proves nobody: how somebody was known is noted beside the answer, never what they answered to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType

from dispatcher.domain.stops import LONGEST, words_in

ConsentId = NewType("ConsentId", str)
"""Twenty-four hexadecimal digits that nobody guesses: another one each time somebody is asked."""


class Channel(StrEnum):
    """How somebody is asked, and answers."""

    VOICE = "voice"
    CODE = "code"
    LINK = "link"
    REPLY = "reply"
    PAPER = "paper"
    WORD = "word"  # an agent attests what they heard

    @property
    def weak(self) -> bool:
        """Whether it proves little."""
        return self is Channel.WORD

    @property
    def attested(self) -> bool:
        """Whether the agent says what was answered; nothing is sent."""
        return self in {Channel.PAPER, Channel.WORD}


WITHIN: Final[Mapping[Channel, timedelta]] = MappingProxyType(
    {
        Channel.VOICE: timedelta(minutes=30),
        Channel.CODE: timedelta(hours=24),
        Channel.LINK: timedelta(hours=24),
        Channel.REPLY: timedelta(hours=24),
        Channel.PAPER: timedelta(hours=24),
        Channel.WORD: timedelta(minutes=30),
    }
)
"""For how long an answer is waited for (rules.md M5)."""
CODE_DIGITS: Final = 6
CODE_TRIES: Final = 3
SENDINGS: Final = 3
ASKED_AGAIN: Final[Mapping[Channel, int]] = MappingProxyType({Channel.VOICE: 2, Channel.REPLY: 1})
"""How often something that is no answer is asked again; then it is unclear."""


class Identity(StrEnum):
    """How somebody was known to be who they say."""

    QUESTIONS = "identity.questions"  # asked what they alone know; the answers are not kept
    KNOWN = "identity.known"  # the agent knows them
    CALLED_BACK = "identity.called_back"  # at a number of theirs known before
    DOCUMENT = "identity.document"


class Heard(StrEnum):
    """What a key, or silence, is to a question that was put aloud."""

    YES = "yes"
    NO = "no"
    REPEAT = "repeat"  # what it is about, and the question, once more
    ANEW = "anew"  # no answer: the question alone, once more
    UNCLEAR = "unclear"
    PAST = "past"  # an answer to a question that was put anew since


class Answer(StrEnum):
    """What was answered. UNCLEAR is neither yes nor no."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Consent:
    """A request for consent. ``again``: how often it was asked again; ``word``: tells it from
    another one on the same telephone. ``text_hash``: SHA-256 of what was said or sent, to the
    letter, from ``template``. ``questioned_at``: when the recap was over and the question put.
    """

    id: ConsentId
    mandate: str
    channel: Channel
    asked_at: datetime
    until: datetime
    identity: Identity
    text_hash: str
    template: str
    word: str
    tries: int = 0
    again: int = 0
    sendings: int = 0
    questioned_at: datetime | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it may be answered still."""
        return self.answer is None and self.asked_at <= at < self.until


_YES: Final = frozenset({"oui", "ok", "accepte", "confirme"})
_ACCORD: Final = frozenset({"d", "accord"})
_KNOWN: Final = _YES | _ACCORD | {"non", "refuse", "pas", "ne", "suis", "je", "j", "le", "mandat"}
_AROUND: Final = frozenset({"merci", "svp", "bonjour", "bien", "madame", "monsieur"})


def read_answer(text: str) -> Answer:
    """Yes or no from a closed list, whatever case and accents; anything else is unclear.

    STOP is no answer to this: it stops texts (``stops.py``).
    """
    said = set(words_in(text))
    yes = bool(said & _YES) or said >= _ACCORD
    no = bool(said & {"non", "refuse"})
    if "pas" in said:
        yes, no = False, (yes or "non" in said) and "refuse" not in said
    if yes == no or len(text) > LONGEST or not said <= _KNOWN | _AROUND:
        return Answer.UNCLEAR
    return Answer.YES if yes else Answer.NO


def hear(keys: str, asking: int, again: int) -> Heard:
    """What was keyed when the question was put anew for the ``asking``-th time; ``again``: how
    often it was by now. A carrier may tell us twice, or late.
    """
    if asking != again:
        return Heard.PAST
    if keys == "*":
        return Heard.REPEAT
    if keys in _KEYED:
        return _KEYED[keys]
    return Heard.ANEW if again < ASKED_AGAIN[Channel.VOICE] else Heard.UNCLEAR


_KEYED: Final = {"1": Heard.YES, "2": Heard.NO}


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote: which request they name, if any of these, and what they answer."""

    word: str | None
    answer: Answer


def read_reply(text: str, words: frozenset[str]) -> Written:
    """An answer by text. ``words``: those of the requests open on this telephone."""
    said = words_in(text)
    named = [each for each in said if each.upper() in words]
    rest = " ".join(each for each in said if each.upper() not in words)
    word = named[0].upper() if len(set(named)) == 1 else None
    return Written(word, read_answer(rest))
