"""A server that speaks just enough SMTP, on loopback, and does at a step what it is told to."""

import base64
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

GONE = 0
"""In place of a reply: the connection is closed without one."""


@dataclass
class PostOffice:
    """What it has got, and what it replies instead of yes: by step, the next replies in turn.

    Steps: hello (the greeting), EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, end (of the data), and QUIT. What
    is got at ``end`` is kept unless it is answered with 4xx or 5xx.
    """

    port: int = 0
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    asks_for_password: bool = False
    replies: dict[str, list[int]] = field(default_factory=dict)
    got: list[bytes] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    passwords: list[tuple[str, str]] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    """Of each mail, whether it came over TLS."""

    def will(self, step: str, *codes: int) -> None:
        self.replies.setdefault(step, []).extend(codes)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.got]

    def next(self, step: str, otherwise: int) -> int:
        told = self.replies.get(step)
        return told.pop(0) if told else otherwise


class Gone(Exception):
    pass


class _Session(StreamRequestHandler):
    office: PostOffice
    encrypted = False

    def handle(self) -> None:
        try:
            if self.office.tls_at_once:
                self._encrypt()
            self._reply("hello", 220)
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                verb = line.split()[0].upper()
                self.office.heard.append(verb)
                if verb == "QUIT":
                    self._reply(verb, 221)
                    return
                self._do(verb, line)
        except (Gone, OSError):
            return
        finally:
            if self.encrypted:
                self.wfile.close()
                self.rfile.close()
                self.request.close()

    def _do(self, verb: str, line: str) -> None:
        if verb == "EHLO":
            self._greet()
        elif verb == "STARTTLS":
            self._reply(verb, 220)
            self._encrypt()
        elif verb == "AUTH":
            self._hear_password(line)
        elif verb == "DATA":
            self._take()
        else:
            self._reply(verb, 250)

    def _greet(self) -> None:
        offered = ["post.test"]
        if self.office.tls and not self.encrypted:
            offered.append("STARTTLS")
        if self.office.asks_for_password:
            offered.append("AUTH PLAIN")
        lines = [f"250-{each}" for each in offered[:-1]] + [f"250 {offered[-1]}"]
        self.wfile.write("".join(f"{each}\r\n" for each in lines).encode())

    def _hear_password(self, line: str) -> None:
        _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
        self.office.passwords.append((user, password))
        self._reply("AUTH", 235)

    def _take(self) -> None:
        if self._reply("DATA", 354) != 354:
            return
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        code = self.office.next("end", 250)
        if line and code < 400:
            self.office.got.append(b"".join(lines))
            self.office.secure.append(self.encrypted)
        self._say(code)

    def _encrypt(self) -> None:
        assert self.office.tls is not None
        self.request = self.office.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        self.encrypted = True

    def _reply(self, step: str, otherwise: int) -> int:
        code = self.office.next(step, otherwise)
        self._say(code)
        return code

    def _say(self, code: int) -> None:
        if code == GONE:
            raise Gone
        self.wfile.write(f"{code} so\r\n".encode())


class _Server(ThreadingTCPServer):
    daemon_threads = False
    allow_reuse_address = True


@contextmanager
def open_post_office(office: PostOffice | None = None) -> Iterator[PostOffice]:
    """One that is open as long as this lasts."""
    office = office or PostOffice()
    session = type("Session", (_Session,), {"office": office})
    with _Server(("127.0.0.1", 0), session) as server:
        office.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side, and that of a client who trusts it: for 127.0.0.1 alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "post.test")])
    ours = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    day = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(day)
        .not_valid_after(day + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName(ours), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "post.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))
