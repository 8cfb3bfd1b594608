"""Keeps the programs of one machine running, and leaves none behind.

Not supervisord, which cannot start a program when its own standard output is a socket (as under
systemd), and whose programs outlive it when it is killed.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType

from config.processes import Program

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds
STOP_WITHIN = 10.0  # seconds before a program that was asked to stop is killed
LONG_ENOUGH = 10.0  # seconds after which a program counts as having started well
LONGEST_PAUSE = 30.0  # seconds between two attempts at one that does not
PR_SET_PDEATHSIG = 1  # prctl(2), Linux

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Kept:
    """One program, started again whenever it ends, more and more slowly when it ends at once."""

    def __init__(self, program: Program) -> None:
        self.name = program.name
        self._command = program.command
        self._failures = 0
        self._started_at = 0.0
        self._again_at: float | None = None  # set while it is down
        self._process = self._start()

    def look(self) -> None:
        """Start it again if it has ended and its pause is over."""
        now = time.monotonic()
        if self._process.poll() is None:
            return
        if self._again_at is None:
            lived_well = now - self._started_at > LONG_ENOUGH
            self._failures = 0 if lived_well else self._failures + 1
            self._again_at = now + min(0.25 * 2**self._failures, LONGEST_PAUSE)
            log.warning("%s ended with status %s", self.name, self._process.returncode)
            self._signal(signal.SIGKILL)  # whatever it left behind
        elif now >= self._again_at:
            self._process = self._start()

    def stop(self) -> None:
        """End it and all that it started: by asking, then by killing."""
        if self._again_at is not None:  # ended already, and so has its group
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            log.warning("%s does not stop and is killed", self.name)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self._started_at = time.monotonic()
        self._again_at = None
        return subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=end_with_our_parent,  # noqa: PLW1509  we have no other thread
        )

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def keep_running(programs: Iterable[Program]) -> None:
    """Start the programs and keep them running until SIGTERM or Ctrl-C; then stop every one."""
    told_to_stop = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    kept: list[Kept] = []
    try:
        for program in programs:
            kept.append(Kept(program))  # noqa: PERF401  the list is stopped even when half full
        while not told_to_stop.wait(LOOK_EVERY):
            for one in kept:
                one.look()
    finally:
        for one in reversed(kept):
            one.stop()


def end_with_our_parent() -> None:
    """In the child: ask the kernel for SIGTERM when our parent dies, even by SIGKILL."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
