"""A short soak in every run of the tests; ``make soak`` lives through the whole of it."""

from pathlib import Path

from tests.processes import needs_proc
from tests.soak import profile
from tests.soak.nemesis import KINDS
from tests.soak.soak import soak

SEED = 20

pytestmark = needs_proc


def test_a_crowd_is_served_while_processes_are_killed(tmp_path: Path) -> None:
    asked = profile.short(SEED)

    report = soak(asked, tmp_path)

    assert report.findings == [], f"seed {SEED}: {report}"
    killed = {fault.kind for fault in report.faults}
    assert killed <= set(KINDS)
    assert len(killed) >= 4, "a process that is down already is not killed again"
    assert report.fates.total() == asked.calls
    assert report.fates["answered"] > asked.calls // 2
