"""What ``dispatcher demo`` does: the whole service here, over a simulated telephone network.

It reads no setting and no ``.env``: its carrier is the simulator on loopback, so it rings nobody.
"""

from __future__ import annotations

import csv
import io
import json
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from config.clock import SLOWED
from config.redis_server import any_free_port, port_is_free
from config.settings import passed_on
from config.supervision import end_with_our_parent
from config.words import words

WORDS = words("operator")
DATA = Path(__file__).parent / "data"
HOUSES = DATA / "houses" / "france_services_2024-08.csv"
CAST = DATA / "demo"
DEPARTEMENT = "05"
FOLDER = Path("var") / "demo"
PORT = 8000
PAGE_PORT = 8002  # after the web server's and the stream server's
PAGE_KEY = "page.key"
"""Kept from one demonstration to the next, so that a page left open finds the next one."""
SPEED = 3
"""As long as nobody rings from the page: then the clocks go at their own speed."""
READY_WITHIN = 60.0
"""Real seconds for the service to be ready on a slow machine."""
STOP_WITHIN = 20.0


def play(*, stay: bool, calls: bool = True) -> int:
    """Start everything, live a minute of ``calls``, and stop or stay; the exit code of the play."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what we started stops
    page_key = _page_key()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, mode=0o700)
    _write_secret(PAGE_KEY, page_key)
    environ = _settings(SPEED if calls else 1)
    url = environ["PUBLIC_BASE_URL"]
    click.echo(WORDS["demo.starting"])
    with _running(["dispatcher", "run"], environ, FOLDER / "service.log") as service:
        _wait_until_ready(url, service)
        _seed(environ)
        click.echo(WORDS["demo.stays" if stay else "demo.stops"].format(url=url + "/"))
        key = environ["SUPERVISION_KEY"]
        click.echo(WORDS["demo.supervision"].format(url=url + "/supervision", key=key))
        click.echo(WORDS["demo.desk"].format(url=_desk_of_the_first(environ)))
        return _live(environ, page_key, stay=stay, calls=calls)


def _settings(speed: float = SPEED) -> dict[str, str]:
    """Every setting, made up: whatever this machine's environment says of a carrier is left out."""
    port = PORT if port_is_free(PORT) and port_is_free(PORT + 1) else any_free_port()
    return passed_on("PATH", "HOME", "LANG") | {
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DATA_DIR": str(FOLDER),
        "SECRET_KEY": secrets.token_hex(32),
        "SECRET_KEY_PREVIOUS": "",
        "SUPERVISION_KEY": secrets.token_hex(8),
        "PARTNER_KEYS": "",
        "OIDC_ISSUER": "",
        "OIDC_CLIENT_ID": "",
        "OIDC_CLIENT_SECRET": "",
        "SESSION_IDLE": "",
        "SESSION_LIFE": "",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "EVENTS_URL": "",
        "PROXIES": "0",
        "LINES_FILE": str(DATA / "lines.toml"),
        "PROMPTS_DIR": "",
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_KEY_SID": "",
        "TWILIO_API_KEY_SECRET": "",
        "PRACTICE": "no",
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{any_free_port()}",
        "SMS_SENDER": "Permanence",
        "TEXTS_PER_NUMBER": "5",
        "TEXTS_PER_DAY": "500",
        "SMTP_URL": "",
        "MAIL_FROM": "",
        "ALERTS_TO": "",
        "ALERT_AFTER": "",
        "RELAY_URL": "",
        "RETENTION": "",
        "JOURNAL_SIGNING_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "JOURNAL_HEADS_TO": "",
        "CLOCK_SPEED": str(speed),
        "DEMO_KEY": secrets.token_hex(32),
    }


@contextmanager
def _running(
    command: list[str], environ: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = _started(_ours(command), environ, out)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(STOP_WITHIN)


def _wait_until_ready(url: str, service: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and service.poll() is None:
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=2):  # noqa: S310 our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException(WORDS["demo.not_ready"].format(log=FOLDER / "service.log"))


def _seed(environ: dict[str, str]) -> None:
    """The real houses of one département, and agents who do not exist."""
    houses = FOLDER / "structures.csv"
    houses.write_text(_houses_of(DEPARTEMENT), encoding="utf-8")
    for kind, file in (("structures", houses), ("agents", CAST / "agents.csv")):
        subprocess.run(_ours(["dispatcher", "import", kind, str(file)]), env=environ, check=True)


def _desk_of_the_first(environ: dict[str, str]) -> str:
    """An account for the first of the agents: the link that opens it, once."""
    with (CAST / "agents.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    command = ["dispatcher", "user", "create", "--email", first["email"], "--role", "agent"]
    command += ["--structure", first["structure"]]
    made = subprocess.run(_ours(command), env=environ, check=True, capture_output=True, text=True)
    found = re.search(r"https?://\S+", made.stdout)
    return found[0] if found else ""


def _houses_of(departement: str) -> str:
    with HOUSES.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if row["insee_com"].startswith(departement)]
        out = io.StringIO()
        writer = csv.DictWriter(out, reader.fieldnames or [])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _live(environ: dict[str, str], page_key: str, *, stay: bool, calls: bool) -> int:
    """Play the scenario in front of the reader, by a network of its own process."""
    url = environ["PUBLIC_BASE_URL"]
    page_port = PAGE_PORT if port_is_free(PAGE_PORT) else any_free_port()
    command = [sys.executable, "-m", "dispatcher.simulator", "--play", str(CAST / "scenario.toml")]
    command += ["--speed", environ["CLOCK_SPEED"], "--brake", str(FOLDER / SLOWED)]
    command += ["--port", environ["TWILIO_API_BASE_URL"].rpartition(":")[2]]
    command += ["--credentials", str(_credentials(environ, page_key))]
    command += ["--page-port", str(page_port)]
    for option, door in _DOORS.items():
        command += [option, url + door]
    command += ["--stay"] * stay + ["--no-calls"] * (not calls)
    played = _started(command, environ)
    try:
        return played.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        played.terminate()
        played.wait(STOP_WITHIN)


_DOORS = {
    "--voice-url": "/voice/incoming",
    "--fallback-url": "/voice/fallback",
    "--status-url": "/voice/status",
    "--sms-url": "/sms/incoming",
}


def _credentials(environ: dict[str, str], page_key: str) -> Path:
    held = {
        "account_sid": environ["TWILIO_ACCOUNT_SID"],
        "auth_token": environ["TWILIO_AUTH_TOKEN"],
        "page_key": page_key,
        "story_url": environ["PUBLIC_BASE_URL"] + "/demo/story",
        "story_key": environ["DEMO_KEY"],
    }
    return _write_secret("carrier.json", json.dumps(held))


def _page_key() -> str:
    """The key of the demonstration before, if there was one, else a new one."""
    try:
        key = (FOLDER / PAGE_KEY).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        key = ""
    return key if re.fullmatch(r"[\w-]{22}", key, re.ASCII) else secrets.token_urlsafe(16)


def _write_secret(name: str, text: str) -> Path:
    path = FOLDER / name
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return path


def _started(
    command: list[str], environ: dict[str, str], log: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program that does not outlive us, whatever ends us; it writes to a log, or here."""
    return subprocess.Popen(
        command,
        env=environ,
        stdout=log,
        stderr=log,
        preexec_fn=end_with_our_parent,  # noqa: PLW1509  we have no other thread
    )


def _ours(command: list[str]) -> list[str]:
    return [str(Path(sys.executable).with_name(command[0])), *command[1:]]
