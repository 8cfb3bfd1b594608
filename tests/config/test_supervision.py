"""What runs is kept running, and nothing is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.processes import alive, eventually, needs_proc

pytestmark = needs_proc

SUPERVISOR = """
import sys
from config import logs, supervision
from config.processes import Program
logs.configure("run")
supervision.STOP_WITHIN = 0.5
supervision.keep_running(
    Program(f"p{number}", ("sh", "-c", script)) for number, script in enumerate(sys.argv[1:])
)
"""
Supervise = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervise]:
    """Keeps shell scripts running, in a folder of this test's own."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*scripts: str) -> "subprocess.Popen[bytes]":
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, *scripts],
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            cwd=tmp_path,
        )
        started.append(supervisor)
        return supervisor

    yield start
    for supervisor in started:
        supervisor.kill()
        supervisor.wait()


def lines_in(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_a_program_that_is_killed_is_started_again(supervise: Supervise, tmp_path: Path) -> None:
    supervise("echo $$ >> pids; exec sleep 60")
    assert eventually(lambda: lines_in(tmp_path / "pids") == 1)

    os.kill(int((tmp_path / "pids").read_text()), signal.SIGKILL)

    assert eventually(lambda: lines_in(tmp_path / "pids") == 2)


def test_a_program_that_cannot_start_is_tried_more_and_more_slowly(
    supervise: Supervise, tmp_path: Path
) -> None:
    supervisor = supervise("date +%s.%N >> tries; exit 1", "exec sleep 60")

    assert eventually(lambda: lines_in(tmp_path / "tries") == 4)

    times = [float(line) for line in (tmp_path / "tries").read_text().splitlines()]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert pauses == sorted(pauses)
    assert pauses[-1] > 1.5
    assert supervisor.poll() is None


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_of_programs_and_of_what_they_started(
    supervise: Supervise, tmp_path: Path, told: signal.Signals
) -> None:
    supervisor = supervise(
        "touch a; exec sleep 60",
        "sleep 61 & touch b; sleep 62",
        "trap '' TERM; touch c; while true; do sleep 1; done",
        "echo again >> d; sleep 63 & exit 1",
    )
    assert eventually(lambda: all((tmp_path / name).exists() for name in "abc"))
    assert eventually(lambda: lines_in(tmp_path / "d") == 2)

    supervisor.send_signal(told)

    assert supervisor.wait(10) == 0
    assert alive(tmp_path) == []


def test_nothing_outlives_a_supervisor_that_is_killed(supervise: Supervise, tmp_path: Path) -> None:
    supervisor = supervise("touch a; exec sleep 60", "touch b; exec sleep 61")
    assert eventually(lambda: (tmp_path / "a").exists() and (tmp_path / "b").exists())

    supervisor.kill()

    assert eventually(lambda: alive(tmp_path) == [])


def test_what_started_first_stops_last(supervise: Supervise, tmp_path: Path) -> None:
    first, second = (
        f"trap 'echo {name} >> stopped; exit' TERM; touch {name}; while true; do sleep 0.05; done"
        for name in ("redis", "web")
    )
    supervisor = supervise(first, second)
    assert eventually(lambda: (tmp_path / "redis").exists() and (tmp_path / "web").exists())

    supervisor.terminate()
    supervisor.wait(10)

    assert (tmp_path / "stopped").read_text().split() == ["web", "redis"]
