"""The stream server: who is let in, what they are told, and when it ends; on its own event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from dispatcher.domain.agents import AgentId
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.tickets import Streams, Tickets
from dispatcher.domain.users import Email
from dispatcher.live.wakes import RedisWakes
from dispatcher.operations import presence, sessions, users
from dispatcher.web import streams
from dispatcher.web.streams import OVER, WAKE, Server
from tests.office import Office, open_office
from tests.people import GUY, INES
from tests.web.accounts import Browser, signed_in, user

AGENT = Grant(Role.AGENT, "orcieres")
SOON = 5.0  # seconds; far more than any of this takes
TICKETS = Tickets(b"t" * 32)


@dataclass
class Reader:
    """One connection: what it was sent. Who does not ``read`` is stuck in the middle of it."""

    ticket: str
    reads: bool = True
    sent: list[bytes] = field(default_factory=list)
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    whole: bool = False

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
            return
        if not self.reads:
            await asyncio.Event().wait()
        self.sent.append(message["body"])
        self.whole = not message.get("more_body")
        self.news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(SOON):
            while not true():
                self.news.clear()
                await self.news.wait()

    async def connect(self, server: Server, method: str = "GET") -> None:
        query = f"ticket={self.ticket}".encode()
        scope = {"type": "http", "method": method, "query_string": query, "headers": []}
        await server(scope, self.receive, self.send)


@dataclass
class Desk:
    office: Office
    redis: Redis
    ines: Browser

    def ticket(self, email: str = INES.email) -> str:
        services = self.office.services
        [session] = sessions.of(user(self.office, Email(email)).id, services)
        return TICKETS.issue(session.id, at=services.now())


@pytest.fixture
def desk(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch) as office:
        services = replace(office.services, wakes=RedisWakes(office.redis))
        url = Streams("https://flux.permanence.test", TICKETS)
        office.parts = replace(office.parts, services=services, streams=url)
        office.has(INES, GUY)
        ines = signed_in(office, Email(INES.email), AGENT)
        monkeypatch.setattr(streams, "LOOK_EVERY", 0.02)
        yield Desk(office, office.redis, ines)


@asynccontextmanager
async def live(desk: Desk) -> AsyncIterator[Server]:
    """The server, from its start to its stop."""
    server, told = Server(desk.office.parts, desk.redis), asyncio.Queue[str]()
    asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def send(message: Any) -> None:
        await told.put(message["type"])

    await asked.put({"type": "lifespan.startup"})
    living = asyncio.ensure_future(server({"type": "lifespan"}, asked.get, send))
    assert await told.get() == "lifespan.startup.complete"
    try:
        yield server
    finally:
        await asked.put({"type": "lifespan.shutdown"})
        await asyncio.wait_for(living, SOON)


def lived(desk: Desk, script: Callable[[Server], Any]) -> None:
    async def all_of_it() -> None:
        async with live(desk) as server:
            await script(server)

    with asyncio.Runner() as runner:
        runner.run(all_of_it())


def test_a_desk_is_woken_when_its_agent_is_and_no_other(desk: Desk) -> None:
    signed_in(desk.office, Email(GUY.email), Grant(Role.AGENT, "guillestre"))

    async def script(server: Server) -> None:
        ines, guy = Reader(desk.ticket()), Reader(desk.ticket(GUY.email))
        both = [asyncio.ensure_future(each.connect(server)) for each in (ines, guy)]
        for each in (ines, guy):
            await each.until(lambda e=each: WAKE in e.sent)  # type: ignore[misc]
        while guy.sent.count(WAKE) < 2:  # until the server listens to the channel
            desk.office.services.wakes.wake(AgentId(2))
            await asyncio.sleep(0.3)
        before, hers = list(guy.sent), ines.sent.count(WAKE)
        await asyncio.to_thread(presence.come_on, AgentId(1), desk.office.services)
        await ines.until(lambda: ines.sent.count(WAKE) > hers)
        assert set(ines.sent) == {WAKE}, "who is woken, and never why"
        assert guy.sent == before
        for each in (ines, guy):
            each.gone.set()
        await asyncio.wait_for(asyncio.gather(*both), SOON)

    lived(desk, script)


@pytest.mark.parametrize("how", ["signed out", "role lost", "kept out", "removed elsewhere"])
def test_the_stream_of_who_may_not_any_more_ends(desk: Desk, how: str) -> None:
    services, email = desk.office.services, Email(INES.email)

    def ends() -> None:
        if how == "signed out":
            desk.ines.posts("/connexion/fin")
        elif how == "removed elsewhere":
            sessions.end_all(user(desk.office, email).id, services)
        elif how == "role lost":
            with services.store.writing() as tx:
                tx.users.drop(user(desk.office, email).id, Role.AGENT)
        else:
            users.disable(email, services)

    async def script(server: Server) -> None:
        reader = Reader(desk.ticket())
        open_now = asyncio.ensure_future(reader.connect(server))
        await reader.until(lambda: WAKE in reader.sent)
        await asyncio.to_thread(ends)
        await asyncio.wait_for(open_now, SOON)
        assert (reader.sent[-1], reader.whole) == (OVER, True)

    lived(desk, script)


def test_who_has_no_good_ticket_is_refused(desk: Desk) -> None:
    ticket = desk.ticket()
    stranger = signed_in(desk.office, Email("c@exemple.test"), Grant(Role.CITIZEN))
    others = desk.ticket("c@exemple.test")

    async def script(server: Server) -> None:
        refused = [Reader(shown) for shown in ("", "x", ticket + "0", others)]
        for each in refused:
            await asyncio.wait_for(each.connect(server), SOON)
        posted = Reader(ticket)
        await asyncio.wait_for(posted.connect(server, "POST"), SOON)
        assert [each.status for each in (*refused, posted)] == [403] * 5

    lived(desk, script)
    assert stranger.cookie


def test_only_pages_of_ours_may_read_it(desk: Desk) -> None:
    async def script(server: Server) -> None:
        reader = Reader(desk.ticket())
        open_now = asyncio.ensure_future(reader.connect(server))
        await reader.until(lambda: WAKE in reader.sent)
        allowed = reader.headers[b"access-control-allow-origin"]
        assert allowed == desk.office.parts.renderer.base_url.encode()
        assert reader.headers[b"cache-control"] == b"no-store"
        reader.gone.set()
        await asyncio.wait_for(open_now, SOON)

    lived(desk, script)


def test_who_never_reads_keeps_nobody_waiting_and_is_dropped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "STUCK", 0.3)

    async def script(server: Server) -> None:
        deaf, reader = Reader(desk.ticket(), reads=False), Reader(desk.ticket())
        stuck = asyncio.ensure_future(deaf.connect(server))
        open_now = asyncio.ensure_future(reader.connect(server))
        await reader.until(lambda: WAKE in reader.sent)
        await asyncio.wait_for(stuck, SOON)
        reader.gone.set()
        await asyncio.wait_for(open_now, SOON)
        assert deaf.sent == []
        assert not server._streams

    lived(desk, script)


def test_a_calm_stream_shows_that_it_lives(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT", 0.05)

    async def script(server: Server) -> None:
        reader = Reader(desk.ticket())
        open_now = asyncio.ensure_future(reader.connect(server))
        await reader.until(lambda: reader.sent.count(streams.ALIVE) >= 2)
        reader.gone.set()
        await asyncio.wait_for(open_now, SOON)

    lived(desk, script)


def test_a_stop_ends_every_stream(desk: Desk) -> None:
    reader = Reader(desk.ticket())
    open_then: list[asyncio.Future[None]] = []

    async def script(server: Server) -> None:
        open_then.append(asyncio.ensure_future(reader.connect(server)))
        await reader.until(lambda: WAKE in reader.sent)

    async def and_after() -> None:
        async with live(desk) as server:
            await script(server)
        await asyncio.wait_for(open_then[0], SOON)

    with asyncio.Runner() as runner:
        runner.run(and_after())
    assert reader.sent[-1] == OVER
