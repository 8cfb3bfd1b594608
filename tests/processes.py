"""Which processes a test has started, directly or not: they all work in its folder."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE = 20.0  # seconds

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def alive(folder: Path) -> list[str]:
    """The command lines of the processes that work in a folder, or below it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it ended while we were looking, or is somebody else's
    return found


def eventually(happens: Callable[[], object]) -> bool:
    """Whether it becomes true before our patience is at its end."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        if happens():
            return True
        time.sleep(0.05)
    return False
