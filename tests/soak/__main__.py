"""A crowd rings the real service while its processes are killed: ``python -m tests.soak``.

Prints the seed, what became of every call, and whatever is wrong. Exit code 1 when something is.
Real processes are never timed alike twice: a seed gives the same people and the same order of
kills, not the same run.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests import gates
from tests.soak import profile as profiles
from tests.soak.soak import Report, soak

FINDINGS_SHOWN = 20
STORIES_SHOWN = 6


def main() -> int:
    """Soak, tell, and give the exit code."""
    asked = _parser().parse_args()
    logging.disable(logging.WARNING)  # a board lost and built again is no news here
    seed = asked.seed if asked.seed is not None else time.time_ns() % 1_000_000
    profile = asked.profile(seed)
    if asked.calls is not None:
        profile = replace(profile, calls=asked.calls)
    print(profile, flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="permanence-soak-") as folder:
        over = (
            gates.without(gates.GATES[asked.without], Path(folder) / "code")
            if asked.without
            else {}
        )
        report = soak(profile, Path(folder), over)
        tell(report)
        if report.findings and asked.log:
            asked.log.write_bytes(report.log.read_bytes())
    print(f"seed {seed}, {time.monotonic() - began:.0f} s")
    return 1 if report.findings else 0


def tell(report: Report) -> None:
    """Everything, in lines."""
    print("calls    ", dict(report.fates))
    print("callbacks", dict(report.callbacks))
    print("talks    ", report.talks)
    print("killed   ", dict(Counter(fault.kind for fault in report.faults)))
    print("cut off  ", report.cut_off, "while the web process was killed, and not rung back")
    print("webhooks ", dict(sorted(report.webhooks.items())))
    print("lasted   ", f"{report.seconds:.0f} network seconds")
    print("wrong    ", len(report.findings))
    for finding in report.findings[:FINDINGS_SHOWN]:
        print("  ", finding.kind, finding.about, finding.what)
    for about, told in list(report.stories.items())[:STORIES_SHOWN]:
        print(about, told, sep="\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, help="one of chance unless given")
    kind = parser.add_mutually_exclusive_group()
    for option, profile, says in (
        ("--short", profiles.short, "a minute, as in make test"),
        ("--callbacks", profiles.callbacks, "500 people who ask to be rung back"),
    ):
        kind.add_argument(option, dest="profile", action="store_const", const=profile, help=says)
    parser.set_defaults(profile=profiles.whole)
    parser.add_argument("--calls", type=int, help="how many, instead of the profile's")
    parser.add_argument("--without", choices=gates.GATES, help="a guard to see missing")
    parser.add_argument(
        "--log", type=Path, help="where the service's log goes when all is not well"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
