"""Carrying one request to the application: into a WSGI callable, or over loopback HTTP."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

TIME_LIMIT = 15.0
"""Seconds a webhook may take in all (Twilio, error 11205)."""

RETRIEVAL_FAILURE = 11200
CONNECTION_FAILURE = 11205


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, signed and ready to leave."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``problem`` says in words why a failure failed, when that is known."""

    status: int
    body: str = ""
    content_type: str = ""
    problem: str = ""


class PostError(Exception):
    """No answer came; ``code`` is the carrier's error number."""

    def __init__(self, code: int, problem: str) -> None:
        super().__init__(problem)
        self.code = code


class Post(Protocol):
    """A way to the application. Raises ``PostError`` when no answer comes."""

    async def __call__(self, request: Request) -> Answer:
        """Carry the request there and its answer back."""


@dataclass(slots=True)
class WsgiPost:
    """Calls the application in this process, ``latency`` seconds of the loop's clock per answer.

    Half of the latency passes before the application runs, half after. ``slow`` holds a latency
    for the paths that start with its keys, so that a hang-up can fall into a request under way.
    An exception of the application is an answer of status 500 whose problem is the traceback.
    """

    app: Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
    latency: float = 0.1
    slow: dict[str, float] = field(default_factory=dict)

    async def __call__(self, request: Request) -> Answer:
        """Call the application, half of the latency before and half after."""
        half = self._latency(urlsplit(request.url).path) / 2
        if half * 2 > TIME_LIMIT:
            await asyncio.sleep(TIME_LIMIT)
            raise PostError(CONNECTION_FAILURE, "no answer within 15 s")
        await asyncio.sleep(half)
        answer = self._call(request)
        await asyncio.sleep(half)
        return answer

    def _latency(self, path: str) -> float:
        matching = [prefix for prefix in self.slow if path.startswith(prefix)]
        return self.slow[max(matching, key=len)] if matching else self.latency

    def _call(self, request: Request) -> Answer:
        started: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            started.update(status=int(status.split(maxsplit=1)[0]), headers=dict(headers))

        try:
            chunks = self.app(_environ(request), start)
            body = b"".join(chunks)
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        except Exception:  # noqa: BLE001 the edge: the application's fault is an answer here
            return Answer(500, problem=traceback.format_exc())
        names = {name.lower(): value for name, value in started["headers"].items()}
        return Answer(
            started["status"], body.decode(errors="replace"), names.get("content-type", "")
        )


def _environ(request: Request) -> dict[str, Any]:
    parts = urlsplit(request.url)
    raw = parts.path + (f"?{parts.query}" if parts.query else "")
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": raw,
        "RAW_URI": raw,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or {"http": 80, "https": 443}[parts.scheme]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


class HttpPost:
    """Posts to a web server on this machine, and refuses any other: no real telephone is near."""

    def __init__(self, threads: int = 32) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")

    async def __call__(self, request: Request) -> Answer:
        """Post in a thread; the time limit is in real seconds."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _send, request)

    def close(self) -> None:
        """Let the threads go; requests under way are finished first."""
        self._pool.shutdown(cancel_futures=True)


def require_loopback(url: str) -> str:
    """Give the loopback address the URL names; raise ``ValueError`` for any other host."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise ValueError(f"{url}: the simulator talks to this machine only")


def _send(request: Request) -> Answer:
    parts = urlsplit(request.url)
    try:
        host = require_loopback(request.url)
    except ValueError as refusal:
        raise PostError(RETRIEVAL_FAILURE, str(refusal)) from refusal
    line = HTTPConnection(host, parts.port or 80, timeout=TIME_LIMIT)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, **dict(request.headers)}
        line.request(request.method, target, request.body, headers)
        reply = line.getresponse()
        body = reply.read().decode()
        return Answer(reply.status, body, reply.getheader("Content-Type", ""))
    except (OSError, HTTPException, UnicodeDecodeError) as fault:
        raise PostError(CONNECTION_FAILURE, str(fault) or type(fault).__name__) from fault
    finally:
        line.close()
