"""Our own processes, as production starts them, in a folder thrown away afterwards."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from redis import Redis

from config import redis_server
from config.processes import PROCFILE, in_procfile
from config.redis_server import any_free_port
from config.settings import SHIPPED_LINES, Settings, passed_on
from dispatcher import assembly
from dispatcher.store.database import migrate

ROOT = Path(__file__).parents[1]
OURS = "dispatcher.web.app:create_app()"
RUN = ["dispatcher", "run"]
READY_WITHIN = 60.0
STOP_WITHIN = 20.0
LOOK_EVERY = 0.005
"""Seconds; the finest that a start can be told apart."""
PR_SET_PDEATHSIG = 1  # prctl(2), Linux

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class NotReady(Exception):
    """A process of ours did not come up; its log's end follows."""


def environment(folder: Path, **changes: str) -> dict[str, str]:
    """Every setting, made up: nothing of this machine's own configuration is read."""
    folder.mkdir(parents=True, exist_ok=True)
    port = any_free_port()
    return {
        **passed_on("PATH", "HOME", "LANG"),
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DATA_DIR": str(folder),
        "SECRET_KEY": secrets.token_hex(32),
        "SECRET_KEY_PREVIOUS": "",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "LINES_FILE": str(SHIPPED_LINES),
        "PROMPTS_DIR": "",
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{any_free_port()}",
        "SMS_SENDER": "",
        "CLOCK_SPEED": "1",
    } | changes


@contextmanager
def running(
    command: Sequence[str], environ: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, from here to the end of the block."""
    folder = Path(environ["DATA_DIR"])
    with log_of(command, environ).open("ab") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name(command[0])), *command[1:]],
            env=environ,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
            preexec_fn=_end_with_our_parent,  # noqa: PLW1509  started from the main thread only
        )
    try:
        yield process
    finally:
        end(process, at_once=command[:2] != RUN)


def end(process: subprocess.Popen[bytes], *, at_once: bool) -> None:
    """Stop it and its group: their folder is thrown away, so there is nothing to say goodbye to.

    One that keeps groups of others running is asked, and stops them.
    """
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        if not at_once:
            process.terminate()
            process.wait(STOP_WITHIN)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def log_of(command: Sequence[str], environ: Mapping[str, str]) -> Path:
    """Where a process writes what it complains of."""
    return Path(environ["DATA_DIR"]) / f"{'-'.join(command[:3]).replace(':', '.')}.log"


@contextmanager
def redis(environ: Mapping[str, str]) -> Iterator[Redis]:
    """The Redis that comes with us, as ``dispatcher redis`` starts it, and production's client."""
    settings = Settings.read(environ)
    redis_server.prepare(settings.data_dir)
    with running(["dispatcher", "redis"], environ):
        redis_server.connect(settings).close()
        client = assembly.connect_redis(settings)
        try:
            yield client
        finally:
            client.close()


@contextmanager
def web(environ: Mapping[str, str], application: str = OURS) -> Iterator[subprocess.Popen[bytes]]:
    """The web server of the Procfile, serving ``application``; it may not answer yet."""
    [words] = [each.command for each in in_procfile(PROCFILE.read_text()) if each.name == "web"]
    assert words[-1] == OURS
    with running([*words[:-1], application], environ) as process:
        yield process


@contextmanager
def events(environ: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The stream server of the Procfile; it may not listen yet."""
    programs = in_procfile(PROCFILE.read_text())
    [words] = [each.command for each in programs if each.name == "events"]
    with running(words, environ) as process:
        yield process


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Raise NotReady when it never comes."""
    give_up_at = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < give_up_at:
        with suppress(OSError, HTTPException):
            if ready():
                return
        time.sleep(LOOK_EVERY)
    raise NotReady(str(process.args))


def post(environ: Mapping[str, str], path: str, form: bytes, headers: Mapping[str, str]) -> bytes:
    """One request to the web server; OSError while it is not there, NotReady when it refuses."""
    line = HTTPConnection("127.0.0.1", int(environ["PORT"]), timeout=10)
    try:
        line.request("POST", path, form, dict(headers))
        answer = line.getresponse()
        body = answer.read()
        if answer.status >= 400:
            raise NotReady(f"{path}: {answer.status}")
        return body
    finally:
        line.close()


def answers(environ: Mapping[str, str], path: str) -> bool:
    """Whether a page is there; OSError while the web server is not."""
    line = HTTPConnection("127.0.0.1", int(environ["PORT"]), timeout=10)
    try:
        line.request("GET", path)
        return line.getresponse().status == 200
    finally:
        line.close()


def migrated(environ: Mapping[str, str]) -> Settings:
    """The settings, their database brought to the newest schema."""
    settings = Settings.read(environ)
    migrate(settings.database_url)
    return settings


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that a web server has begun."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


def _end_with_our_parent() -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
