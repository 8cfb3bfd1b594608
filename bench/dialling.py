"""From an agent freed to their next caller's dial requested, at a steady load in real time.

The simulated network lives calls at its own speed and posts them over loopback; web, clock and
worker are processes of their own, as in production. There are three times as many callers as
agents, and whoever hangs up rings again, so that somebody always waits. Freed: SQL closed the
agent's last offer, and their wrap-up is over. Requested: the caller was answered with a ``<Dial>``.

First with the worker (the job path), then without it (the fetch path: callers hear of their agent
when they next fetch the wait document, about every ten seconds).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

from redis import Redis

from bench import service
from bench.dials import Dial, dials
from bench.figures import Figure, middle
from bench.network import network_of
from bench.requests import AGENTS_FROM, CALLERS_FROM
from bench.scale import Scale
from dispatcher import assembly
from dispatcher.operations import directory
from dispatcher.operations.services import Services
from dispatcher.simulator import Network, answers
from dispatcher.simulator.people.phone_call import CallOverError

AGENTS = 12
CALLERS = 3 * AGENTS
TALKS_FOR = 3.0
PATIENCE = 600.0
THINKS_FOR = 1.5
"""Seconds before a caller presses a key, over what is being said."""
STARTS_WITHIN = 6.0
"""Network seconds over which the callers first ring."""
AT_ONCE, AFTER_PAUSE = "+33465710098", "+33465710099"
WRAP_UPS = {"at-once": timedelta(0), "after-pause": timedelta(seconds=2)}
LINE = """
[[line]]
id = "{id}"
numbers = ["{number}"]
public_number = "{number}"
caller_id = "{number}"
timezone = "Europe/Paris"
hours = "mon-sun 00:00-24:00"
holidays = "open"
wrap_up_seconds = {wrap_up:.0f}
offers_per_hour = 1000
calls_per_number = 0
"""
STRUCTURES = b"id,name,commune,zones,telephone\norcieres,Orcieres,05096,,\n"
AGENTS_HEADER = "email,name,structure,telephone,pin,skills,zones,status,languages,slots,automatic"


def figures(scale: Scale, folder: Path) -> Iterator[Figure]:
    """How long dials took, by path."""
    found = _lived(scale, folder / "dialling")
    worker_left = STARTS_WITHIN + scale.load_seconds * scale.speed
    hastened = [each for each in found if each.hastened]
    for path, those in (
        ("job path, freed at once", [each for each in hastened if not each.paused]),
        ("job path, wrap-up over", [each for each in hastened if each.paused]),
        ("fetch path", [each for each in found if not each.hastened and each.at > worker_left]),
    ):
        times = [each.seconds for each in those]
        says = f"from agent freed to caller's dial requested, {path}"
        yield Figure(f"{says}, median", middle(times), "s")
        yield Figure(f"{says}, slowest", max(times, default=None), "s")
    yield Figure("dials requested at that steady load", len(found) / scale.load_seconds / 2, "1/s")


def _lived(scale: Scale, folder: Path) -> list[Dial]:
    with ExitStack() as stack:
        services, network, worker = evening(scale, folder, stack)
        network.run(_evening(network, worker, scale.load_seconds * scale.speed), settle=0)
        return list(dials(services, network, WRAP_UPS))


def evening(scale: Scale, folder: Path, stack: ExitStack) -> tuple[Services, Network, Popen[bytes]]:
    """Web, clock and worker as processes, agents on duty, and the network; until ``stack`` ends."""
    environ = service.environment(
        folder, CLOCK_SPEED=f"{scale.speed:g}", LINES_FILE=str(_lines(folder))
    )
    redis = stack.enter_context(service.redis(environ))
    services = _desk(environ, redis)
    stack.callback(services.store.engine.dispose)
    web = stack.enter_context(service.web(environ))
    worker = stack.enter_context(service.running(["dispatcher", "worker", "calls"], environ))
    clock = stack.enter_context(service.running(["dispatcher", "clock"], environ))
    service.wait_until(lambda: service.answers(environ, "/readyz"), web)
    service.wait_until(services.board.stands, clock)
    opened = network_of(environ, speed=scale.speed, starts_at=services.now())
    network = stack.enter_context(opened)
    for number in range(AGENTS):
        network.phone(_agent(number)).when_rung(answers(after=1.0, talks_for=TALKS_FOR))
    return services, network, worker


async def _evening(network: Network, worker: Popen[bytes], seconds: float) -> None:
    for number in range(CALLERS):
        network.spawn(_rings_again_and_again(network, number))
    await asyncio.sleep(STARTS_WITHIN + seconds)
    worker.terminate()
    await asyncio.sleep(seconds)


async def _rings_again_and_again(network: Network, number: int) -> None:
    await asyncio.sleep(STARTS_WITHIN * number / CALLERS)
    phone = network.phone(f"+{CALLERS_FROM + number}")
    while True:
        call = await phone.dials((AT_ONCE, AFTER_PAUSE)[number % 2])
        try:
            for keys in ("05170", "1"):
                await call.waits(THINKS_FOR)
                await call.presses(keys)
            if await call.is_connected(within=PATIENCE):
                await call.waits(TALKS_FOR + 1.0)
        except CallOverError:
            continue
        await call.hangs_up()


def _desk(environ: Mapping[str, str], redis: Redis) -> Services:
    services = assembly.assemble(service.migrated(environ), redis=redis).services
    rows = [
        f"agent{number}@exemple.test,Agent {number},orcieres,{_agent(number)},4321,"
        "procedures:2,,employed,fr,mon-sun 00:00-24:00,yes"
        for number in range(AGENTS)
    ]
    for imported in (
        directory.import_structures(STRUCTURES, services),
        directory.import_agents("\n".join([AGENTS_HEADER, *rows]).encode(), services),
    ):
        assert not imported.problems, imported.problems[:3]
    return services


def _lines(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "lines.toml"
    named = zip(WRAP_UPS.items(), (AT_ONCE, AFTER_PAUSE), strict=True)
    lines = [
        LINE.format(id=id, number=number, wrap_up=pause.total_seconds())
        for (id, pause), number in named
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _agent(number: int) -> str:
    return f"+{AGENTS_FROM + number}"
