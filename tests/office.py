"""A whole desk under test: the real application, a real database and Redis, a simulated carrier.

Time is the network's own: ten minutes of calls take milliseconds. Jobs go through RQ's real queues
and are done half a second later; the clock's rounds come as often as in production while anybody is
on the telephone.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import sqlalchemy as sa
from flask import Flask
from redis import Redis
from rq.job import Job
from rq.serializers import JSONSerializer
from werkzeug.exceptions import BadGateway
from werkzeug.wrappers import Response

from config import cron, queues
from config.keys import derive
from config.lines import read_lines
from config.public_holidays import PublicHolidays
from config.settings import SHIPPED_LINES
from config.words import words
from dispatcher import assembly
from dispatcher.carrier.barring import Barring
from dispatcher.carrier.inside import InsideClient
from dispatcher.carrier.mails import FolderPost
from dispatcher.carrier.rest import Carrier
from dispatcher.carrier.signature import Signatures
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain.agents import Agent
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.calls import Call, CallSid
from dispatcher.domain.hearing import Ears
from dispatcher.domain.lines import Line
from dispatcher.domain.links import Links
from dispatcher.domain.offers import End, Offer
from dispatcher.domain.standing_by import DOCUMENT
from dispatcher.domain.territories import load_atlas
from dispatcher.live.bell import QueueBell
from dispatcher.live.board import Board
from dispatcher.live.desks import Desks
from dispatcher.operations import agents, board, directory, stops
from dispatcher.operations.services import Services
from dispatcher.simulator import IncomingNumber, Network, PhoneCall, WsgiPost
from dispatcher.store.database import connect
from dispatcher.store.schema import calls
from dispatcher.store.spool import Spool
from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Vault
from dispatcher.web.app import create_app
from tests.people import AGENTS_HEADER, LINE, STRUCTURES, Citizen, Helper
from tests.simulator.toy import ACCOUNT, TOKEN

BASE = "https://permanence.test"
BIN = f"{BASE}/a-page-of-the-carrier"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # ten in the morning in Paris
ATLAS = load_atlas(assembly.TERRITORIES)
EARS = Ears.of(words("heard"))
LINES = read_lines(SHIPPED_LINES)
STANDING_BY = Renderer(words("spoken"), BASE).render(DOCUMENT)
SECRET = "a secret of the tests, long enough for anybody"


def vault() -> Vault:
    return Vault(
        [
            Keys(
                derive(SECRET, "seal numbers"),
                derive(SECRET, "find numbers"),
                derive(SECRET, "know callers"),
            )
        ]
    )


def line(**changes: Any) -> Line:
    return replace(LINES[0], numbers=("*",), caller_id=LINE, public_number=LINE, **changes)


@dataclass
class Office:
    """What a scenario holds: the network, the application, and short ways to both."""

    network: Network
    parts: assembly.Parts
    app: Flask
    redis: Redis
    lost: bool = False
    undocumented_on_purpose: bool = False
    """Whether this scenario means to say or ask what Twilio does not document."""
    _others: int = 0

    @property
    def services(self) -> Services:
        return self.parts.services

    def has(self, *helpers: Helper) -> None:
        """These agents are in the directory, and on duty when their slots say so."""
        text = AGENTS_HEADER + "\n".join(helper.row for helper in helpers)
        imported = directory.import_agents(text.encode(), self.services)
        assert not imported.problems, imported.problems

    def run(self, *scripts: Coroutine[Any, Any, Any], **how: Any) -> None:
        self.network.run(*scripts, **how)

    async def asks(self, citizen: Citizen, need: str = "1", **how: Any) -> PhoneCall:
        """Somebody rings, keys their postal code and what they need."""
        number = citizen.number if citizen.number.startswith("+") else "+33199000099"
        phone = self.network.phone(number, citizen.name)
        call = await phone.dials(LINE, **{"shows": citizen.number, **how})
        await call.hears("code postal")
        await call.presses(citizen.postal_code)
        await call.hears("tapez 1")
        await call.presses(need)
        return call

    def call(self, of: PhoneCall) -> Call:
        """What SQL says of this call now."""
        with self.services.store.reading() as tx:
            found = tx.calls.find(CallSid(of.sid))
        assert found is not None
        return found

    def ends(self, of: PhoneCall) -> list[End | None]:
        """How the offers made for this call ended."""
        with self.services.store.reading() as tx:
            return [offer.end for offer in tx.offers.of(call=CallSid(of.sid))]

    def other(self, citizen: Citizen) -> Citizen:
        """Somebody else from the same place."""
        self._others += 1
        return replace(citizen, number=f"+331990010{self._others:02d}")

    async def waits(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def all_calls(self) -> list[Call]:
        with self.services.store.reading() as tx:
            rows = list(self.services.store.engine.connect().execute(sa.select(calls.c.sid)))
            found = [tx.calls.find(CallSid(row.sid)) for row in rows]
        return [call for call in found if call is not None]

    def callback(self, of: PhoneCall) -> Callback:
        """The callback that keeps this call's place."""
        with self.services.store.reading() as tx:
            found = tx.callbacks.of(CallSid(of.sid))
        assert found is not None
        return found

    def open_offers(self) -> list[Offer]:
        with self.services.store.reading() as tx:
            return tx.offers.open()

    def agent(self, helper: Helper) -> Agent:
        """What the directory and their own doings make of this agent now."""
        with self.services.store.reading() as tx:
            roster = tx.agents.roster(agents.calendar(self.services))
        return next(agent for agent in roster if agent.name == helper.name)

    def lose_webhooks(self, lost: bool = True) -> None:
        """Whether everything that the carrier posts now is lost on its way."""
        self.lost = lost

    def reasons(self, of: PhoneCall) -> list[dict[str, Any]]:
        with self.services.store.reading() as tx:
            return [decision["reasons"] for decision in tx.decisions.of(CallSid(of.sid))]

    @cached_property
    def waiting(self) -> list[str]:
        """The names of queues that are not empty, in Redis."""
        return [queues.open_queue(name, self.redis).key for name in queues.NAMES]

    def do_jobs(self) -> int:
        """Do every job that waits, as a worker would; of none that waits the server is asked once."""
        done = 0
        if not self.redis.exists(*self.waiting):
            return done
        for name in queues.NAMES:
            queue = queues.open_queue(name, self.redis)
            while queue.count:
                id = queue.pop_job_id() or ""
                Job.fetch(id, connection=self.redis, serializer=JSONSerializer).perform()
                done += 1
        return done


QUIETER = 4
"""Of so many seconds in which nobody is on the telephone, one has its round."""
OFTEN = 5
"""Seconds."""


@contextmanager
def open_office(
    database_url: str,
    redis_url: str,
    folder: Path,
    monkeypatch: Any,
    *,
    lines: tuple[Line, ...] = (),
    starts_at: datetime = TUESDAY,
    seed: int = 1,
    fallback_url: str = f"{BASE}/voice/fallback",
    loop: asyncio.AbstractEventLoop | None = None,
) -> Iterator[Office]:
    """An office with three houses and nobody in them.

    On closing, nothing must have been said or asked that Twilio does not document.
    """
    opened: list[Office] = []

    def wsgi(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        [office] = opened
        if BASE + environ["PATH_INFO"] == BIN:  # at the carrier's own, whatever becomes of us
            return Response(STANDING_BY, mimetype="text/xml")(environ, start)
        return (BadGateway() if office.lost else office.app)(environ, start)

    number = IncomingNumber(
        f"{BASE}/voice/incoming",
        fallback_url=fallback_url,
        status_url=f"{BASE}/voice/status",
        sms_url=f"{BASE}/sms/incoming",
    )
    with (
        Network(
            WsgiPost(wsgi),
            {"*": number},
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            starts_at=starts_at,
            seed=seed,
            loop=loop,
        ) as network,
        Redis.from_url(redis_url, socket_timeout=2) as redis,
    ):
        parts = _parts(database_url, redis, folder, network, lines or (line(),))
        monkeypatch.setattr(assembly, "parts", lambda: parts)
        directory.import_structures(STRUCTURES.encode(), parts.services)
        board.rebuild(parts.services)
        agents.refresh(parts.services)
        office = Office(network, parts, create_app(parts), redis)
        opened.append(office)
        network.every(0.5, office.do_jobs)
        for entry in cron.ENTRIES:
            network.every(entry.every, _round(entry, office))
        try:
            yield office
            odd = [] if office.undocumented_on_purpose else network.undocumented()
            assert not odd, "\n".join(f"{entry.path} {entry.detail}" for entry in odd)
        finally:
            parts.services.store.engine.dispose()


def _round(entry: cron.Entry, office: Office) -> Callable[[], object]:
    """A round of the clock; while nobody is on the telephone, one of four of each second's, and
    every other of those that come every few seconds.
    """
    go = resolve_name(entry.job)
    turns = count()

    def do() -> object:
        each = QUIETER if entry.every <= 1 else 2
        quiet = entry.every <= OFTEN and not office.network.live_legs()
        return None if next(turns) % each and quiet else go()

    return do


def _parts(
    database_url: str, redis: Redis, folder: Path, network: Network, lines: tuple[Line, ...]
) -> assembly.Parts:
    store = Store(connect(database_url), vault())
    barring = Barring(fiction=True, stopped=stops.held(store))
    replying = Barring(fiction=True, stopped=stops.held_if_known(store))
    http = InsideClient(network.rest)
    carrier = Carrier(
        ACCOUNT,
        TOKEN,
        public_base_url=BASE,
        barring=barring,
        http_client=http,
        fetch=http.fetch,
    )
    opened = {name: queues.open_queue(name, redis) for name in queues.NAMES}
    services = Services(
        store=store,
        board=Board(redis),
        desks=Desks(redis),
        carrier=carrier,
        bell=QueueBell(opened, queues.QUEUE_OF),
        atlas=ATLAS,
        lines=lines,
        now=network.now,
        texts=words("texts"),
        spoken=words("spoken"),
        mails=words("mails"),
        post=FolderPost(folder / "mail", "Permanence <permanence@exemple.test>"),
        ears=EARS,
        holidays=PublicHolidays.of_departement,
        links=Links([b"l" * 32], BASE),
        sender="Permanence",
        fiction=True,
    )
    return assembly.Parts(
        services,
        Signatures(TOKEN, BASE),
        Renderer(words("spoken"), BASE, barring=replying),
        Spool(folder / "spool", vault(), network.now),
        Spool(folder / "stops", vault(), network.now),
    )
