"""The stream server: tells the pages of agents, at once, that they should look again.

A process of its own, so that the streams that are open, and those who never read theirs, cost the
web server no thread. It says who wakes, never why: what a page shows it asks the web server for,
with its cookie. Of a stream only one flag is kept, whatever happens while its reader is slow.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

from redis import Redis
from sqlalchemy.exc import SQLAlchemyError

from dispatcher import assembly
from dispatcher.assembly import Parts
from dispatcher.domain.agents import AgentId
from dispatcher.live import wakes
from dispatcher.operations import sessions

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT: Final = 10.0
"""Seconds after which a stream in which nothing happens shows that it lives."""
STUCK: Final = 20.0
"""Seconds for which a reader who does not read is waited for."""
LOOK_EVERY: Final = 0.4
"""Seconds after which it is asked again who is still signed in, of all streams together."""
MOST: Final = 2000
WAKE: Final = b"event: wake\ndata: 1\n\n"
OVER: Final = b"event: over\ndata: 1\n\n"
ALIVE: Final = b":\n\n"


@dataclass(eq=False, slots=True)
class Stream:
    """One that is open. ``woken`` is all that waits for a slow reader."""

    session: str
    agent: AgentId
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def end(self) -> None:
        """It is to be closed."""
        self.over = True
        self.woken.set()


class Server:
    """An ASGI application over these parts; ``redis`` tells who is woken."""

    def __init__(self, parts: Parts, redis: Redis) -> None:
        self._parts = parts
        self._redis = redis
        self._streams: set[Stream] = set()
        self._stopped = threading.Event()
        self._tasks: list[asyncio.Future[Any]] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One connection, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()
        self._tasks = [
            asyncio.ensure_future(asyncio.to_thread(self._hear, loop)),
            asyncio.ensure_future(self._watch()),
        ]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._stopped.set()
        for stream in self._streams:
            stream.end()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        stream = await self._admitted(scope)
        if stream is None:
            await send({"type": "http.response.start", "status": 403, "headers": self._headers()})
            await send({"type": "http.response.body", "body": b""})
            return
        gone = asyncio.ensure_future(_gone(receive, stream))
        with self._open(stream):
            kind = (b"content-type", b"text/event-stream; charset=utf-8")
            headers = [*self._headers(), kind]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            with suppress(TimeoutError):
                await _tell(stream, send)
        gone.cancel()

    async def _admitted(self, scope: Message) -> Stream | None:
        """The stream of who shows a ticket of a session that goes on; None for anybody else."""
        streams, shown = self._parts.streams, parse_qs(scope["query_string"].decode("latin-1"))
        [ticket] = shown.get("ticket", [""])[:1]
        if streams is None or scope["method"] != "GET" or len(self._streams) >= MOST:
            return None
        session = streams.tickets.session(ticket, at=self._parts.services.now())
        found = {} if session is None else await self._at_desks([session])
        return Stream(session, found[session]) if session is not None and session in found else None

    async def _watch(self) -> None:
        """Again and again: end the streams of who is signed out, or may not answer any more."""
        while not self._stopped.is_set():
            await asyncio.sleep(LOOK_EVERY)
            open_now = list(self._streams)
            if not open_now:
                continue
            try:
                found = await self._at_desks([stream.session for stream in open_now])
            except SQLAlchemyError:
                log.warning("no database: nobody can tell who is signed out")
                continue
            for stream in open_now:
                if found.get(stream.session) != stream.agent:
                    stream.end()

    async def _at_desks(self, ids: list[str]) -> dict[str, AgentId]:
        return await asyncio.to_thread(sessions.at_desks, ids, self._parts.services)

    def _hear(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread of its own: pass on who is woken."""
        for agent in wakes.hear(self._redis, self._stopped):
            loop.call_soon_threadsafe(self._wake, agent)

    def _wake(self, agent: AgentId | None) -> None:
        for stream in self._streams:
            if agent is None or stream.agent == agent:
                stream.woken.set()

    @contextmanager
    def _open(self, stream: Stream) -> Iterator[None]:
        self._streams.add(stream)
        stream.woken.set()  # what happened before it was open, the page looks for now
        try:
            yield
        finally:
            self._streams.discard(stream)

    def _headers(self) -> list[tuple[bytes, bytes]]:
        """Only pages of ours may read a stream."""
        return [
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
            (b"access-control-allow-origin", self._parts.renderer.base_url.encode()),
            (b"vary", b"Origin"),
        ]


def create_app() -> Server:
    """The stream server over the parts that the settings name."""
    return Server(assembly.parts(), assembly.connect_redis(assembly.settings()))


async def _tell(stream: Stream, send: Send) -> None:
    """Wake its reader, as often as there is something, until it is over. TimeoutError when they do
    not read.
    """
    while not stream.over:
        try:
            await asyncio.wait_for(stream.woken.wait(), HEARTBEAT)
        except TimeoutError:
            said = ALIVE
        else:
            stream.woken.clear()
            said = WAKE
        if not stream.over:
            await asyncio.wait_for(_send(send, said, more=True), STUCK)
    await asyncio.wait_for(_send(send, OVER, more=False), STUCK)


async def _send(send: Send, body: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _gone(receive: Receive, stream: Stream) -> None:
    """Wait until the reader is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()
