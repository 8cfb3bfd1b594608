"""What a telephone is told to do next, as values; ``carrier/twiml.py`` renders them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatcher.domain.channels import Softphone
from dispatcher.domain.numbers import PhoneNumber


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence of the spoken catalogue, with what it is filled with: words, numbers, other
    sentences.
    """

    key: str
    values: Mapping[str, str | int | Say] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """Sentences, then keys. ``digits`` keys are awaited, or fewer up to the key that ``ends`` them.

    ``door`` is the path that receives the answer; silence is an answer too. The carrier knows one
    such key only: where it is ``#``, a ``*`` is heard as well, but only after the silence.
    ``wait`` is how many seconds of silence end it. With ``speech`` it may be said as well as keyed,
    whichever comes first; ``hints`` are the words to expect, the likeliest first. ``sounds``: the
    doors of what is played before the sentences.
    """

    prompts: tuple[Say, ...]
    digits: int
    door: str
    wait: int = 7
    hints: tuple[str, ...] = ()
    speech: bool = False
    ends: str = "*"
    sounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """Keep what is said after a beep, ``seconds`` at most, or until a key or some silence.

    ``door`` comes next once something was said, also when the caller hangs up; ``told`` hears when
    the sound is there. Where nothing was said the script goes on.
    """

    door: str
    told: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Join the line's queue: ``door`` is fetched while waiting, ``left`` when leaving it."""

    queue: str
    door: str
    left: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the queue: its ``left`` door says what comes next."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring one screened telephone, or browser, from this leg.

    ``screen`` is what the person picking up hears, ``legs`` (if any) is told of the leg's
    moves, ``ended`` says what comes next on this leg.
    """

    to: PhoneNumber | Softphone
    caller_id: str
    seconds: int
    screen: str
    legs: str | None
    ended: str


@dataclass(frozen=True, slots=True)
class Meet:
    """Be in the conference of this name; ``wait`` is heard, again and again, until it begins.

    ``left`` says what comes next once it is over for this leg. ``ends``: it is over for everybody
    when this one leaves.
    """

    room: str
    wait: str
    left: str
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Connect:
    """Put the two legs through: the only document that accepts a screened call."""


@dataclass(frozen=True, slots=True)
class Goto:
    """Continue with the document behind ``door``."""

    door: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End this leg."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Say nothing for so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not even answer."""


Step = Say | Ask | Record | Hold | Leave | Ring | Meet | Connect | Goto | HangUp | Silence | Reject
Script = tuple[Step, ...]
