"""What every operation is given."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, Self

from dispatcher.carrier import outside
from dispatcher.carrier.mails import Letter
from dispatcher.carrier.rest import Carrier
from dispatcher.domain.agents import AgentId
from dispatcher.domain.alerts import Watch
from dispatcher.domain.hearing import Ears
from dispatcher.domain.lines import Line
from dispatcher.domain.links import Links
from dispatcher.domain.mails import MailId
from dispatcher.domain.retention import Periods
from dispatcher.domain.territories import Atlas
from dispatcher.domain.texts import Caps
from dispatcher.domain.users import Lifetimes
from dispatcher.live.board import Board
from dispatcher.live.desks import Desks
from dispatcher.store.signing import SigningKey
from dispatcher.store.store import Store


class Bell(Protocol):
    """What makes a job prompt. It may fail to ring: the sweep finds whatever was left behind."""

    def ring(self, job: str, id: str) -> None:
        """Ask for this job about this id, soon. Never raises."""


class Wakes(Protocol):
    """What makes a desk look again at once. It may fail to: desks look now and then anyway."""

    def wake(self, agent: AgentId) -> None:
        """Something of this agent may be another than it was. Never raises."""


class Asleep:
    """Wakes nobody."""

    def wake(self, agent: AgentId) -> None:
        """Nobody looks."""


class Post(Protocol):
    """Who takes mails: a server, or a folder."""

    def deliver(self, letter: Letter, *, handing: Callable[[], bool]) -> bool:
        """Send a letter, once ``handing`` has said that it may be handed over now; False when it
        says no. Raises PostError.
        """

    def discard(self, id: MailId) -> None:
        """Erase what is kept here of this mail, if anything is."""

    def forget(self, *, before: datetime, dry: bool) -> int:
        """Erase the files of mails written up to ``before`` (with ``dry``, none); how many."""


class Posting(Protocol):
    """What posts to a web address outside."""

    def __call__(self, url: str, body: str, *, name: str) -> None:
        """Post JSON under a name that stays the same at every try. Raises OutsideError."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the journal goes: who signs its heads (None: nobody), the addresses they are sent to
    (``file:``, ``mailto:``, ``https:``), and the folder of mandate logs (None: none are written).
    """

    signer: SigningKey | None = None
    to: tuple[str, ...] = ()
    logs: Path | None = None
    post: Posting = outside.post

    @classmethod
    def of(cls, key: str | None, to: tuple[str, ...], data: Path) -> Self:
        """As the settings name it; mandate logs lie in a folder of the folder for data."""
        return cls(None if key is None else SigningKey.parse(key), to, data / "mandate-logs")


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running system.

    ``texts`` are the words of what is texted, ``spoken`` of what is said, ``mails`` those of
    e-mails, ``post`` who takes these,
    ``watch`` whom of us alerts are for. ``ears`` are those that callers say, ``holidays`` the
    days off of a département, by its code, ``links`` signs what people may change without an
    account, ``sender`` who texts (None: nobody), ``caps`` how many a day. ``up_since``: when this
    process started.
    ``fiction``: the mobile numbers kept for fiction may be rung, since the carrier is simulated.
    ``periods``: how long what is held of people is kept, ``lifetimes`` how long people stay signed
    in. ``relay``: where a relay service for deaf callers is found; None: there is none. ``wakes``
    the desks of agents. ``practice``: a page rings once its agent has practised.
    ``archive``: where the journal goes.
    """

    store: Store
    board: Board
    desks: Desks
    carrier: Carrier
    bell: Bell
    atlas: Atlas
    lines: Sequence[Line]
    now: Callable[[], datetime]
    texts: Mapping[str, str]
    spoken: Mapping[str, str]
    mails: Mapping[str, str]
    post: Post
    ears: Ears
    holidays: Callable[[str], Container[date]]
    links: Links
    sender: str | None = None
    fiction: bool = False
    up_since: datetime | None = None
    caps: Caps = Caps()  # noqa: RUF009  frozen
    periods: Periods = field(default_factory=Periods)
    watch: Watch = Watch()  # noqa: RUF009  frozen
    lifetimes: Lifetimes = Lifetimes()  # noqa: RUF009  frozen
    relay: str | None = None
    wakes: Wakes = Asleep()  # noqa: RUF009  without a state
    practice: bool = True
    archive: Archive = Archive()

    @property
    def own_numbers(self) -> frozenset[str]:
        """Our lines' numbers: whoever is rung there would be rung by us and answered by us."""
        return frozenset(
            number
            for line in self.lines
            for number in (line.caller_id, line.public_number, *line.numbers)
        )

    def line(self, id: str) -> Line:
        """The line of this id; the first one when it was since taken out of the lines file."""
        return next((line for line in self.lines if line.id == id), self.lines[0])
