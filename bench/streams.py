"""What open streams cost the telephone: webhooks with a hundred of them, and without, in turn.

The stream server is the Procfile's, its readers are in this process, and all of their desks are
woken again and again; one of them never reads a byte.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from statistics import median, quantiles

from redis import Redis

from bench import load, service
from bench.doors import Doors
from bench.figures import Figure, at_most, over
from bench.scale import Scale
from bench.yardsticks import EMPTY, HERE
from config.redis_server import any_free_port, port_is_free
from config.settings import Settings
from dispatcher import assembly
from dispatcher.assembly import Parts
from dispatcher.domain.agents import AgentId
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email, How, Session, Stage, User, UserId
from dispatcher.live.wakes import RedisWakes

MANY = 100
WAKES_EVERY = 0.25
"""Seconds after which every desk is woken: far more often than any is in a day."""
DOORS = ("incoming", "routing")
LAPS = 40


def figures(scale: Scale, folder: Path, driver: Executor) -> Iterator[Figure]:
    """How long one webhook after the other takes, with streams over without."""
    without: list[float] = []
    beside: list[float] = []
    with _served(scale, folder) as (doors, parts, redis, environ):
        tickets = _tickets(MANY, parts)
        port = int(environ["PORT"])
        _laps(doors, port, driver)  # to warm up
        for _ in range(scale.moments):
            without += _laps(doors, port, driver)
            with _open(tickets, port + 1, redis):
                beside += _laps(doors, port, driver)
    says = f"webhooks that commit beside {MANY} open streams, one never read / without"
    yield Figure(f"{says}, median", over(median(beside), median(without)), target=at_most(1.2))
    yield Figure(f"{says}, 95th of 100", over(_late(beside), _late(without)))


@contextmanager
def _served(scale: Scale, folder: Path) -> Iterator[tuple[Doors, Parts, Redis, Mapping[str, str]]]:
    port = next(port for port in iter(any_free_port, 0) if port_is_free(port + 1))
    at = {"PORT": str(port), "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"}
    environ = service.environment(folder, **at)
    with ExitStack() as stack:
        redis = stack.enter_context(service.redis(environ))
        doors = stack.enter_context(closing(Doors(environ, redis, scale.agents)))
        web = stack.enter_context(service.web(environ, HERE))
        service.wait_until(lambda: service.post(environ, EMPTY, b"", {}) == b"", web)
        events = stack.enter_context(service.events(environ))
        service.wait_until(lambda: _listens(port + 1), events)
        parts = assembly.assemble(Settings.read(environ), redis=redis)
        yield doors, parts, redis, environ
        parts.services.store.engine.dispose()


def _laps(doors: Doors, port: int, driver: Executor) -> list[float]:
    each = [doors.take(name, LAPS) for name in DOORS]
    mixed = [request for turn in zip(*each, strict=True) for request in turn]
    asked = driver.submit(load.drive, port, mixed, at_once=1, seconds=load.PATIENCE)
    return list(asked.result().laps)


def _tickets(many: int, parts: Parts) -> list[str]:
    """So many agents are signed in: a ticket for each."""
    services, at = parts.services, parts.services.now()
    assert parts.streams is not None
    ids = []
    with services.store.writing() as tx:
        for number in range(1, many + 1):
            user = User(
                UserId(token_hex(12)),
                Email(f"desk{number}@exemple.test"),
                at,
                AgentId(number),
                grants=(Grant(Role.AGENT),),
            )
            session = _session(user, at, at + services.lifetimes.whole)
            tx.users.add(user)
            tx.sessions.add(token_hex(32), session)
            ids.append(session.id)
    ahead = at + services.lifetimes.idle  # they hold for as long as we measure
    return [parts.streams.tickets.issue(id, at=ahead) for id in ids]


def _session(user: User, at: datetime, until: datetime) -> Session:
    return Session(token_hex(12), user.id, Stage.IN, How.LINK, at, at, until)


@contextmanager
def _open(tickets: Sequence[str], port: int, redis: Redis) -> Iterator[None]:
    """Streams that are open, read and woken from here to the end of the block, but for the first,
    which is never read.
    """
    stopped, wakes = threading.Event(), RedisWakes(redis)
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for number, ticket in enumerate(tickets):
            stream = socket.create_connection(("127.0.0.1", port), service.READY_WITHIN)
            stack.enter_context(stream)
            asked = f"GET /?ticket={ticket} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
            stream.sendall(asked.encode())
            if number:
                assert b" 200 " in stream.recv(load.LARGEST_READ)
                selector.register(stream, selectors.EVENT_READ)

        def read() -> None:
            woken_at = 0.0
            while not stopped.is_set():
                for key, _ in selector.select(WAKES_EVERY):
                    assert key.fileobj.recv(load.LARGEST_READ), "a stream has ended"  # type: ignore[union-attr]
                if time.monotonic() - woken_at > WAKES_EVERY:
                    woken_at = time.monotonic()
                    for number in range(1, len(tickets) + 1):
                        wakes.wake(AgentId(number))

        reader = threading.Thread(target=read)
        reader.start()
        try:
            yield
        finally:
            stopped.set()
            reader.join()


def _listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 1):
        return True


def _late(laps: Sequence[float]) -> float:
    return quantiles(laps, n=20)[-1]
