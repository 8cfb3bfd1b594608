"""How big the web process is, and how soon it answers.

Resident memory of a worker that has answered some webhooks, against a worker of the same server
that imports Flask, SQLAlchemy and redis and has answered as many requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean
from subprocess import Popen
from time import perf_counter

from bench import plain, service
from bench.figures import Figure, at_most, middle, over
from bench.requests import Carrier
from bench.scale import Scale

REQUESTS = 60
"""Of each kind, over all workers."""
KILOBYTES_IN_MIB = 1024


def figures(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Memory and start of the web process."""
    ours, least, starts = [], [], []
    for turn in range(scale.starts):
        environ = service.environment(folder / f"start-{turn}")
        resident, seconds = _ours(environ)
        ours.append(resident)
        starts.append(seconds)
        least.append(_least(environ))
    says = "resident memory of a web worker"
    yield Figure(
        f"{says} / of one that imports Flask, SQLAlchemy and redis",
        over(middle(ours), middle(least)),
        target=at_most(1.5),
    )
    yield Figure(says, middle(ours), "MiB")
    yield Figure("web process, from start to first answered webhook", middle(starts), "s")
    whole = _whole(folder) if scale.whole_service else None
    yield Figure(
        "dispatcher run in an empty folder, from start to first answered webhook", whole, "s"
    )


def _ours(environ: Mapping[str, str]) -> tuple[float, float]:
    """MiB of a worker of ours, and the seconds until it answered."""
    service.migrated(environ)
    carrier = Carrier(environ)
    with service.redis(environ):
        begun = perf_counter()
        with service.web(environ) as process:
            service.wait_until(lambda: _rings(carrier, environ), process)
            took = perf_counter() - begun
            for _ in range(REQUESTS):
                _walks(carrier, environ)
            return _resident(process), took


def _least(environ: Mapping[str, str]) -> float:
    with service.web(environ, plain.HERE) as process:
        service.wait_until(lambda: service.post(environ, "/", b"", {}) == b"", process)
        for _ in range(2 * REQUESTS):
            service.post(environ, "/", b"", {})
        return _resident(process)


def _whole(folder: Path) -> float:
    """Seconds until a service that nobody ever started answers: Redis, migrations and all."""
    environ = service.environment(folder / "whole")
    carrier, begun = Carrier(environ), perf_counter()
    with service.running(service.RUN, environ) as process:
        service.wait_until(lambda: _rings(carrier, environ), process)
        return perf_counter() - begun


def _rings(carrier: Carrier, environ: Mapping[str, str]) -> bool:
    """Whether somebody who rings is greeted."""
    path = "/voice/incoming"
    form = carrier.form(carrier.new_sid(), CallStatus="ringing")
    return b"<Gather" in service.post(environ, path, *carrier.body(path, form))


def _walks(carrier: Carrier, environ: Mapping[str, str]) -> None:
    """Somebody rings and keys a postal code, so that a worker has read what it reads on the way."""
    sid = carrier.new_sid()
    for path, more in (
        ("/voice/incoming", {"CallStatus": "ringing"}),
        ("/voice/answer/1", {"Digits": "05170"}),
    ):
        service.post(environ, path, *carrier.body(path, carrier.form(sid, **more)))


def _resident(process: Popen[bytes]) -> float:
    """MiB, the mean of a server's workers."""
    return mean(_of(pid) for pid in service.workers_of(process)) / KILOBYTES_IN_MIB


def _of(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError(f"no memory of {pid}")
