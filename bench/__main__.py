"""``python -m bench``: measure, print a table, write ``bench/latest.json``.

It starts servers of its own and stops them; it needs no other, no fixed port and no setting.
Exit code 0, whatever the figures say: the table says which targets are missed.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from bench import board, dialling, footprint, jobs, routing, streams, webhooks
from bench.figures import Figure, as_json, as_table
from bench.scale import FULL, QUICK, USUAL

LATEST = Path(__file__).with_name("latest.json")
Family = Callable[[Path], Iterator[Figure]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everything."""
    asked = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that whatever was started is stopped
    logging.disable(logging.WARNING)  # a board being built is no news here
    spawn = get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="permanence-bench-") as folder,
        ProcessPoolExecutor(1, mp_context=spawn) as driver,
    ):
        figures = list(_measured(_families(asked, driver), Path(folder)))
    print(as_table(figures))
    if asked.out:
        asked.out.write_text(as_json(figures), encoding="utf-8")
    return 0


def _families(asked: argparse.Namespace, driver: Executor) -> dict[str, Family]:
    scale = asked.scale
    return {
        "board": partial(board.figures, scale),
        "webhooks": partial(webhooks.figures, scale, driver=driver),
        "footprint": partial(footprint.figures, scale),
        "streams": partial(streams.figures, scale, driver=driver),
        "jobs": partial(jobs.figures, scale),
        "dialling": partial(dialling.figures, scale),
        "routing": partial(routing.figures, scale),
    }


def _measured(families: dict[str, Family], folder: Path) -> Iterator[Figure]:
    for name, family in families.items():
        begun = time.monotonic()
        yield from family(folder)
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    for option, scale, says in (
        ("--quick", QUICK, "ten seconds: shows that it works, and no figure to believe"),
        ("--full", FULL, "longer, for steadier figures"),
    ):
        size.add_argument(option, dest="scale", action="store_const", const=scale, help=says)
    parser.set_defaults(scale=USUAL)
    parser.add_argument("--out", type=Path, help=f"where the JSON goes, such as {LATEST.name}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
