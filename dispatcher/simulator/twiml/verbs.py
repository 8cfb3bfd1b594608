"""TwiML as values: what a document asks of the carrier, apart from doing it.

Source: twilio.com/docs/voice/twiml. Only the verbs and attributes that the carrier documents and
this network plays; an unknown attribute is ignored with a warning, as at Twilio, an unknown or
misplaced verb is an error.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Words spoken, ``times`` over; ``seconds`` is how long one time lasts."""

    text: str
    seconds: float
    times: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Play:
    """A sound file, ``times`` over."""

    url: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Speech:
    """How a question listens to what is said: ``pause`` seconds of silence end it.

    ``hints`` are phrases that are likely to be said. With ``barge_in`` speech cuts the prompts
    short; without, it is not listened to before they are over.
    """

    language: str = "en-US"
    hints: tuple[str, ...] = ()
    pause: float = 5.0
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class Gather:
    """A question answered by keys, or speech, or either; ``digits`` is 0 for any number."""

    prompts: tuple[Say | Pause | Play, ...]
    action: str = ""
    method: str = "POST"
    timeout: float = 5.0
    digits: int = 0
    finish_on: str = "#"
    action_on_empty: bool = False
    keys: bool = True
    speech: Speech | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Whatever is said from the beep on, until silence, a key, ``longest`` seconds or the end."""

    action: str = ""
    method: str = "POST"
    timeout: float = 5.0
    finish_on: str = "1234567890*#"
    longest: float = 3600.0
    beep: bool = True
    status_url: str = ""
    status_method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse an incoming call without answering it."""

    busy: bool = False


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Wait in a queue, hearing the wait document again and again."""

    queue: str
    action: str = ""
    method: str = "POST"
    wait_url: str = ""
    wait_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the queue."""


@dataclass(frozen=True, slots=True)
class Party:
    """The one who is dialled: a number, or ``client:`` and an identity; ``url`` screens them."""

    to: str
    url: str = ""
    method: str = "POST"
    status_url: str = ""
    status_method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class Conference:
    """The conference of this name, made by whoever comes first.

    ``starts``: it begins when they come, if it has not yet; ``ends``: it is over when they leave.
    ``wait_url`` is heard until it begins; empty is silence, None the carrier's own music.
    """

    name: str
    wait_url: str | None = None
    wait_method: str = "POST"
    starts: bool = True
    ends: bool = False
    muted: bool = False
    at_most: int = 250
    label: str = ""
    status_url: str = ""
    status_method: str = "POST"
    events: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring one party from this call and bridge both, or join a conference."""

    party: Party | Conference
    action: str = ""
    method: str = "POST"
    caller_id: str = ""
    timeout: float = 30.0
    time_limit: float = 14400.0
    answer_on_bridge: bool = False
    hangup_on_star: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A text message sent back."""

    body: str
    to: str = ""


Verb = (
    Say
    | Pause
    | Play
    | Gather
    | Record
    | Redirect
    | Hangup
    | Reject
    | Enqueue
    | Leave
    | Dial
    | Message
)


@dataclass(frozen=True, slots=True)
class Document:
    """The verbs of one response, and what the carrier found odd in it."""

    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()
