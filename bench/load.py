"""Load on a web server of this machine, from a process of its own that costs little.

Requests come ready made, so that the client neither signs nor encodes anything while it is timed.
Each connection is kept open and waits for its answer before it sends again.
"""

from __future__ import annotations

import selectors
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from time import perf_counter

HOST = "127.0.0.1"
PATIENCE = 15.0
"""Seconds; the carrier has no more."""
LARGEST_READ = 65536
HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"content-length:"


class BadAnswer(Exception):
    """Something other than what a request asks for came back."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A request to be written as it is; its answer is a 200 that holds ``expected``."""

    door: str
    raw: bytes
    expected: bytes = b""


@dataclass(frozen=True, slots=True)
class Driven:
    """How long each answered request took, in its order, and how long all of them together."""

    seconds: float
    laps: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.laps) / self.seconds


class _Line:
    """One connection, and the request that it waits for."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._read, self._since, self._expected = b"", 0.0, b""

    def send(self, request: Ready) -> None:
        self._read, self._expected = b"", request.expected
        self._since = perf_counter()
        self.socket.sendall(request.raw)

    def lap(self) -> float | None:
        """How long the answer took; None while it is not whole. Raises BadAnswer."""
        came = self.socket.recv(LARGEST_READ)
        self._read += came
        head, found, body = self._read.partition(HEAD_ENDS)
        if came and not (found and len(body) >= _length(head)):
            return None
        took = perf_counter() - self._since
        if not head.startswith(b"HTTP/1.1 200 ") or self._expected not in body:
            raise BadAnswer(self._read[:2000].decode(errors="replace"))
        return took


def drive(port: int, requests: Sequence[Ready], *, at_once: int, seconds: float) -> Driven:
    """Send requests in their order, so many at once, until the time or the requests are over."""
    left, laps = deque(requests), []
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        begun = perf_counter()
        for _ in range(min(at_once, len(left))):
            line = _Line(stack.enter_context(_connected(port)))
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(left.popleft())
        while selector.get_map():
            for line in _ready(selector):
                took = line.lap()
                if took is None:
                    continue
                laps.append(took)
                if left and perf_counter() - begun < seconds:
                    line.send(left.popleft())
                else:
                    selector.unregister(line.socket)
        return Driven(perf_counter() - begun, tuple(laps))


def _ready(selector: selectors.BaseSelector) -> list[_Line]:
    found = [key.data for key, _ in selector.select(PATIENCE)]
    if not found:
        raise BadAnswer(f"none within {PATIENCE:g} s")
    return found


@contextmanager
def _connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, port), PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(LENGTH)
    if not found:
        raise BadAnswer("an answer without its length")
    return int(rest.partition(b"\r\n")[0])
