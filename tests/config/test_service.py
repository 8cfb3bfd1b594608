"""`dispatcher run` starts the whole service, and stops the whole of it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from config import redis_server
from config.settings import Settings
from tests.processes import alive, eventually, needs_proc

DISPATCHER = Path(sys.executable).with_name("dispatcher")
Run = Callable[[], "subprocess.Popen[bytes]"]

pytestmark = needs_proc


@pytest.fixture
def settings(service_environment: Mapping[str, str]) -> Settings:
    return Settings.read(service_environment)


@pytest.fixture
def run(service_environment: Mapping[str, str], tmp_path: Path) -> Iterator[Run]:
    """Starts the service in a folder of this test's own, and waits until it is all there."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        service = subprocess.Popen([DISPATCHER, "run"], env=service_environment, cwd=tmp_path)
        started.append(service)
        assert eventually(lambda: is_healthy(Settings.read(service_environment)))
        return service

    yield start
    for service in started:
        service.kill()
        service.wait()


def is_healthy(settings: Settings) -> bool:
    try:
        with urlopen(f"{settings.public_base_url}/healthz", timeout=1) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (URLError, TimeoutError):
        return False


def is_running(part: str, folder: Path) -> bool:
    return any(part in command for command in alive(folder))


def test_the_service_starts_whole_and_leaves_nothing_running(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    service = run()
    redis_port = int(redis_server.redis_url(settings).rpartition(":")[2].partition("/")[0])
    for part in (
        "redis-server",
        "gunicorn",
        "worker calls",
        "worker texts",
        "worker logs",
        "dispatcher clock",
    ):
        assert eventually(partial(is_running, part, tmp_path)), part

    service.terminate()

    assert service.wait(30) == 0
    assert alive(tmp_path) == []
    for port in (settings.port, redis_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)


def test_the_service_that_is_killed_leaves_nothing_running(run: Run, tmp_path: Path) -> None:
    service = run()

    service.kill()

    assert eventually(lambda: alive(tmp_path) == [])


def test_a_redis_that_is_killed_comes_back_where_it_was(run: Run, settings: Settings) -> None:
    run()
    address = redis_server.redis_url(settings)
    with redis_server.connect(settings) as before:
        killed = before.info("server")["process_id"]

    os.kill(killed, signal.SIGKILL)

    with redis_server.connect(settings) as after:
        assert after.info("server")["process_id"] != killed
    assert redis_server.redis_url(settings) == address


@pytest.mark.parametrize("command", ["run", "migrate", "worker calls", "clock", "redis"])
def test_a_command_without_settings_says_what_is_missing(command: str, tmp_path: Path) -> None:
    said = subprocess.run(
        [DISPATCHER, *command.split()],
        env={},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 2
    assert "SECRET_KEY : ce réglage manque" in said.stderr
    assert "TWILIO_AUTH_TOKEN : ce réglage manque" in said.stderr
    assert "Traceback" not in said.stderr
    assert said.stdout == ""


def test_a_port_that_is_taken_is_said_before_anything_starts(
    service_environment: Mapping[str, str], settings: Settings, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", settings.port)):
        said = subprocess.run(
            [DISPATCHER, "run"],
            env=service_environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    assert said.returncode == 2
    assert f"Le port {settings.port} est déjà pris" in said.stderr
    assert not settings.data_dir.exists()
