"""The whole service for one day, thrown away after it: its own Redis, database and network.

The application, the jobs, the rounds of the clock, SQL and Redis are those of production; only the
carrier is the simulated network, in this process, whose clock is everybody's. Nothing here can
reach a telephone, and no setting of this machine is read.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from pkgutil import resolve_name
from tempfile import TemporaryDirectory
from typing import Any, Final

from flask import Flask
from redis import Redis
from rq.job import Job
from rq.serializers import JSONSerializer

from config import cron, queues, redis_server
from config.settings import SHIPPED_LINES, Settings
from config.supervision import end_with_our_parent
from dispatcher import assembly
from dispatcher.day.plan import Plan
from dispatcher.day.tables import DayError, said
from dispatcher.operations import agents, board, services
from dispatcher.operations.directory import import_agents, import_structures
from dispatcher.operations.services import Services
from dispatcher.simulator import FastLoop, IncomingNumber, Network, VirtualLoop, WsgiPost
from dispatcher.store.database import migrate
from dispatcher.web.app import create_app

log = logging.getLogger(__name__)

BASE: Final = "http://127.0.0.1:1"
"""Nobody listens there: requests go to the application, and to the network, in this process."""
WAKES_IN: Final = 0.5
"""Seconds of the day until a worker has taken a job."""
TRIES: Final = 3
"""How often RQ has a job done that fails."""
STOP_WITHIN: Final = 10.0
HOURS: Final = 48.0


@dataclass
class Bell:
    """The service's own bell, which wakes the workers of the day: none of them polls."""

    bell: services.Bell
    network: Network
    wake: Callable[[], object] = lambda: None

    def ring(self, job: str, id: str) -> None:
        """Ask for this job about this id; it is done a little later."""
        self.bell.ring(job, id)
        self.network.after(WAKES_IN, self.wake)


@dataclass
class Office:
    """The service of one day, and the network around it."""

    network: Network
    parts: assembly.Parts
    redis: Redis

    @property
    def services(self) -> Services:
        """What operations work with."""
        return self.parts.services

    def do_jobs(self) -> None:
        """Do every job that waits, as workers would."""
        for queue in [queues.open_queue(name, self.redis) for name in queues.NAMES]:
            while queue.count:
                id = queue.pop_job_id() or ""
                _do(Job.fetch(id, connection=self.redis, serializer=JSONSerializer))


@contextmanager
def opened(plan: Plan) -> Iterator[Office]:
    """The service with the plan's lines, houses and agents; gone without a trace afterwards.

    Raises DayError when the directory does not take them.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="permanence-jour-")))
        chosen = _settings(folder, plan)
        migrate(chosen.database_url)
        redis = stack.enter_context(_redis(chosen))
        app: list[Flask] = []
        network = stack.enter_context(_network(plan, chosen, app))
        parts = assembly.assemble(chosen, redis=redis, now=network.now, obey=network.rest)
        bell = Bell(parts.services.bell, network)
        parts = replace(parts, services=replace(parts.services, bell=bell))
        stack.callback(parts.services.store.engine.dispose)
        stack.enter_context(assembly.standing_in(parts))
        app.append(create_app(parts))
        office = Office(network, parts, redis)
        bell.wake = office.do_jobs
        _furnish(plan, office.services)
        for entry in cron.ENTRIES:
            network.every(entry.every, _round(entry))
        yield office


def _settings(folder: Path, plan: Plan) -> Settings:
    """Every setting, made up: the day's clock is the network's, so it needs no speed."""
    return Settings.read(
        {
            "DATA_DIR": str(folder),
            "SECRET_KEY": secrets.token_hex(32),
            "PUBLIC_BASE_URL": BASE,
            "LINES_FILE": str(plan.lines_file or SHIPPED_LINES),
            "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
            "TWILIO_API_BASE_URL": BASE,
            "SMS_SENDER": "Permanence",
        }
    )


def _network(plan: Plan, chosen: Settings, app: list[Flask]) -> Network:
    """The network, which posts to an application that is made after it."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return app[0](environ, start)

    network = Network(
        WsgiPost(application),
        {
            "*": IncomingNumber(
                f"{BASE}/voice/incoming",
                fallback_url=f"{BASE}/voice/fallback",
                status_url=f"{BASE}/voice/status",
                sms_url=f"{BASE}/sms/incoming",
            )
        },
        account_sid=chosen.twilio_account_sid,
        auth_token=chosen.twilio_auth_token,
        loop=_loop(plan.speed),
        seed=plan.seed,
        starts_at=plan.begins,
    )
    network.faults, network.switches = plan.weather.faults(plan.seed), plan.weather.switches()
    network.rest_faults.rates.append(plan.weather.rates(plan.seed))
    network.rest_faults.visible_after = plan.weather.visible_after
    network.when_missed = lambda missed: log.info("%s", type(missed).__name__)
    return network


def _loop(speed: float | None) -> asyncio.AbstractEventLoop:
    return VirtualLoop(hours=HOURS) if speed is None else FastLoop(speed)


@contextmanager
def _redis(chosen: Settings) -> Iterator[Redis]:
    """A Redis of our own, on a socket in a folder of our own; it does not outlive us."""
    folder = chosen.data_dir
    socket = folder / "redis.sock"
    command = [str(redis_server.find_server()), "--port", "0", "--unixsocket", str(socket)]
    command += ["--unixsocketperm", "700", "--dir", str(folder), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=end_with_our_parent,  # noqa: PLW1509  we have no other thread
    )
    try:
        with redis_server.connect(replace(chosen, redis_url=f"unix://{socket}")) as redis:
            yield redis
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_WITHIN)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _furnish(plan: Plan, parts: Services) -> None:
    """Put the houses and the agents in the directory.

    Raises DayError for what only the directory sees, such as a number that two rows claim.
    """
    for import_, sources in ((import_structures, plan.structures), (import_agents, plan.agents)):
        for source in sources:
            imported = import_(source, parts)
            if imported.problems:
                raise DayError(said(imported.problems))
    board.rebuild(parts)
    agents.refresh(parts)


def _round(entry: cron.Entry) -> Callable[[], None]:
    def go() -> None:
        try:
            resolve_name(entry.job)()
        except Exception:  # an edge, as in the clock: the others still have to be done
            log.exception("%s failed", entry.name)

    return go


def _do(job: Job) -> None:
    for _ in range(TRIES):
        try:
            job.perform()
        except Exception:  # an edge, as in a worker: RQ has it done again
            log.exception("%s failed", job.func_name)
        else:
            break
    job.delete()
