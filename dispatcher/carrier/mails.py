"""How a mail leaves: by a server that speaks SMTP, or into a folder where none is set."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from dispatcher.domain.mails import Address, MailId, Verdict, verdict

SECONDS: Final = 5.0
"""How long each step of a conversation with a server may take."""
TAKES_UP_TO: Final = 25.0
"""How long a server may look at a mail before it says that it takes it."""
PORTS: Final = {"smtp": 587, "smtps": 465}
_PLAIN: Final = SMTP.clone(cte_type="7bit")  # no server need know 8BITMIME
_POSITIVE: Final = range(200, 400)
_REPLIES: Final = range(200, 600)


class PostError(Exception):
    """A mail that was not taken; ``why`` says what becomes of it. Says nothing of anybody."""

    def __init__(self, why: Verdict, said: str) -> None:
        super().__init__(f"{why}: {said}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to whom. Its name with the server is made of our id, the same at every try."""

    id: MailId
    to: Address
    subject: str
    body: str
    at: datetime


def written(letter: Letter, sender: str) -> bytes:
    """The letter as it travels (RFC 5322), in plain text."""
    message = EmailMessage(policy=_PLAIN)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"  # nobody's holiday notice answers it (RFC 3834)
    message.set_content(letter.body)
    return message.as_bytes()


@dataclass(frozen=True, slots=True)
class SmtpPost:
    """A server. ``near``: it is on this machine, where nothing needs to be encrypted.

    Elsewhere STARTTLS is used wherever it is offered, and a password goes over TLS alone.
    """

    host: str
    port: int
    sender: str
    tls: bool
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    near: bool = False
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    @classmethod
    def at(cls, url: str, sender: str, *, near: bool) -> Self:
        """The server of ``smtp[s]://user:password@host:port``."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            sender=sender,
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            near=near,
        )

    def deliver(self, letter: Letter, *, handing: Callable[[], bool]) -> bool:
        """See Post. What goes wrong once the server has it is a DOUBT."""
        with self._connected() as smtp:
            _heed(smtp.mail(parseaddr(self.sender)[1]))
            _heed(smtp.rcpt(letter.to))
            if not handing():
                return False
            _hand(smtp, written(letter, self.sender))
        return True

    def discard(self, id: MailId) -> None:
        """Nothing of a mail is kept here."""

    def forget(self, *, before: datetime, dry: bool) -> int:
        """Nothing of a mail is kept here."""
        del before, dry
        return 0

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._connect()
            self._introduce(smtp)
            yield smtp
        except smtplib.SMTPResponseException as error:
            raise PostError(verdict(error.smtp_code), f"reply {error.smtp_code}") from None
        except OSError as error:  # no server, no TLS, or gone in the middle
            raise PostError(Verdict.LATER, type(error).__name__) from None
        finally:
            if smtp is not None:
                with suppress(OSError):
                    smtp.quit()  # what it says to that changes nothing
                smtp.close()

    def _connect(self) -> smtplib.SMTP:
        name = _domain(self.sender)  # ours, rather than that of the machine
        if self.tls:
            return smtplib.SMTP_SSL(
                self.host, self.port, name, timeout=SECONDS, context=self.context
            )
        return smtplib.SMTP(self.host, self.port, name, timeout=SECONDS)

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        private = self.tls or self.near
        if not private and smtp.has_extn("starttls"):
            smtp.starttls(context=self.context)
            smtp.ehlo_or_helo_if_needed()
            private = True
        if self.user and not private:
            raise PostError(Verdict.LATER, "the server offers no TLS, and there is a password")
        if self.user:
            smtp.login(self.user, self.password)


@dataclass(frozen=True, slots=True)
class FolderPost:
    """A folder of files, each a mail that its operator may read or hand over: for who sets no
    server.
    """

    folder: Path
    sender: str

    def deliver(self, letter: Letter, *, handing: Callable[[], bool]) -> bool:
        """See Post. The same mail twice is one file."""
        try:
            return self._write(letter, handing)
        except OSError as error:
            raise PostError(Verdict.LATER, type(error).__name__) from None

    def discard(self, id: MailId) -> None:
        """Erase the file of this mail."""
        (self.folder / f"{id}.eml").unlink(missing_ok=True)

    def forget(self, *, before: datetime, dry: bool) -> int:
        """Erase the files of mails written up to ``before`` (with ``dry``, none); how many."""
        outdated = [path for path in self.folder.glob("*") if _written_at(path) <= before]
        for path in () if dry else outdated:
            path.unlink(missing_ok=True)
        return len(outdated)

    def _write(self, letter: Letter, handing: Callable[[], bool]) -> bool:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f".{letter.id}.{os.getpid()}.{os.urandom(4).hex()}"
        with open(draft, "wb", opener=_private) as file:
            file.write(written(letter, self.sender))
            file.flush()
            os.fsync(file.fileno())
        os.utime(draft, (letter.at.timestamp(),) * 2)  # our clock may be another than the disk's
        if not handing():
            draft.unlink()
            return False
        draft.replace(self.folder / f"{letter.id}.eml")
        return True


def _heed(reply: tuple[int, bytes]) -> None:
    code, _ = reply
    if code not in _POSITIVE:
        raise smtplib.SMTPResponseException(code, b"")


def _hand(smtp: smtplib.SMTP, message: bytes) -> None:
    """From the word DATA on, only the server's own answer says that it has not got it."""
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(TAKES_UP_TO)
        code, _ = smtp.data(message)
    except smtplib.SMTPDataError:
        raise  # it would not even have it begun
    except OSError as error:
        raise PostError(Verdict.DOUBT, type(error).__name__) from None
    if code not in _REPLIES:
        raise PostError(Verdict.DOUBT, "an answer that is none")
    _heed((code, b""))


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)
